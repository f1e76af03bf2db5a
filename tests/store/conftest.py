"""A data folder of its own for every test, and the shortest ways to rows."""

from pathlib import Path

import pytest
from pytest_django import Settings


@pytest.fixture(autouse=True)
def data_dir(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    settings.SIEGEL_DATA_DIR = folder
    return folder
