"""An office for every test: the root is trusted, Alice and Bob have accounts and keys."""

from pathlib import Path

import pytest
from pytest_django import Settings

from tests.flows.office import ALICE, BOB, Office


@pytest.fixture
def office(transactional_db: None, settings: Settings, tmp_path: Path) -> Office:
    del transactional_db
    settings.SIEGEL_DATA_DIR = tmp_path / "data"
    made = Office(tmp_path)
    made.trust()
    made.own(ALICE)
    made.own(BOB)
    return made
