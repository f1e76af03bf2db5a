"""What all tests share: the certificate world, OpenSSL, foreign corpora, and no quiet skipping.

``SIEGEL_CORPORA`` names a folder with foreign sample messages and certificates; tests that need
it skip without it. ``SIEGEL_NO_SKIPS=1`` makes every skip a failure: on a machine that is meant
to prove everything, nothing may be left out silently. Properties are tried with the same examples
in every run, so that a run can be repeated; ``SIEGEL_EXPLORE=1`` looks for new ones.
"""

import os
from collections.abc import Generator
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import settings

from tests.peers.openssl import OpenSSL
from tests.world import WORLD, World

settings.register_profile("steady", derandomize=True, deadline=None)
settings.register_profile("explore", deadline=None)
settings.load_profile("explore" if os.environ.get("SIEGEL_EXPLORE") == "1" else "steady")

Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)
Wrapper = Generator[None, Report, Report]


@pytest.fixture(scope="session")
def world() -> World:
    """The certificate world (see ``tests/world/cast.py`` for who is who)."""
    return WORLD


@pytest.fixture
def openssl(tmp_path: Path) -> OpenSSL:
    """OpenSSL's command line as a peer, with a folder of its own."""
    return OpenSSL(tmp_path)


@pytest.fixture(scope="session")
def corpora() -> Path:
    """The folder of foreign samples."""
    place = os.environ.get("SIEGEL_CORPORA")
    if not place or not Path(place).is_dir():
        pytest.skip("the sample corpora are missing: set SIEGEL_CORPORA to their folder")
    return Path(place)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Wrapper[pytest.TestReport]:
    return _no_skip((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Wrapper[pytest.CollectReport]:
    return _no_skip((yield))


def _no_skip(report: Report) -> Report:
    meant = hasattr(report, "wasxfail")
    if report.skipped and not meant and os.environ.get("SIEGEL_NO_SKIPS") == "1":
        report.outcome = "failed"
        report.longrepr = f"skipped although SIEGEL_NO_SKIPS=1: {report.longrepr}"
    return report
