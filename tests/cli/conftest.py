"""A desk for the pure verbs, and one office for the verbs with a store."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.command import Office
from tests.cli.desk import Desk


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """An installation of its own, with the key file and nothing else."""
    with Office(tmp_path) as one:
        yield one
