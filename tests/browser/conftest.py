"""A real web role with a furnished office, and Debian's Chromium in front of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.installation import Installation, furnish, installed

CHROMIUM = "/usr/bin/chromium"
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
def furnished_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("furnished")
    furnish(folder)
    return folder


@pytest.fixture(scope="session")
def installation(
    furnished_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Installation]:
    """For looking only: whoever changes something takes ``own_installation``."""
    with installed(tmp_path_factory.mktemp("office"), like=furnished_folder) as running:
        yield running


@pytest.fixture
def own_installation(furnished_folder: Path, tmp_path: Path) -> Iterator[Installation]:
    """An office of this test alone."""
    with installed(tmp_path, like=furnished_folder) as running:
        yield running


@pytest.fixture(scope="session")
def hostile_installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """The same office after strangers wrote markup into every name."""
    with installed(tmp_path_factory.mktemp("hostile"), "--hostile") as running:
        yield running


@pytest.fixture(scope="session")
def forged_installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """The same office with every forgery in Alice's inbox."""
    with installed(tmp_path_factory.mktemp("forged"), "--forged") as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield chromium
        chromium.close()
