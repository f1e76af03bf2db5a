"""Mail of many programs, much of it broken: parsed without loss, and opened without an exception.

There are no verdicts to compare with. What must hold: the slices of every part concatenate to its
octets, nothing but our own two errors, and a bounded time for each KiB.
"""

from functools import partial
from pathlib import Path

import pytest

from siegel.base.errors import LimitExceeded, MalformedMessage
from siegel.base.findings import Finding
from siegel.base.keys import EmptyKeyring
from siegel.mime.fields import addresses, from_addresses, message_id
from siegel.mime.message import Message
from siegel.mime.parse import parse_entity, parse_message
from siegel.smime.open import open_message
from tests.corpora.rows import place, table
from tests.unit.mime.samples import put_together, walk
from tests.work import steps

FILES = 720  # with licences and pictures
MESSAGES = 484  # rows of observed.tsv
UNREADABLE = 264  # pictures, licences, parsed copies in JSON: no header field
STEPS_OF_AN_OCTET = 200
"""Lines of Python; the slowest takes 43. To find what grows, not to measure."""

_MISSING = pytest.mark.skip(reason="the sample corpora are missing: set SIEGEL_CORPORA")


def _folder() -> Path | None:
    corpora = place()
    return corpora / "mail-general" if corpora else None


def _files() -> list[Path]:
    folder = _folder()
    return sorted(path for path in folder.rglob("*") if path.is_file()) if folder else []


def _parameters() -> list[object]:
    folder = _folder()
    if folder is None:
        return [pytest.param(None, marks=_MISSING, id="corpora missing")]
    return [pytest.param(path, id=str(path.relative_to(folder))) for path in _files()]


def _message(raw: bytes) -> Message | None:
    try:
        return parse_message(raw)
    except (MalformedMessage, LimitExceeded):
        return None


def _is_mail(row: dict[str, str]) -> bool:
    return row["looks_like_mail"] == "yes"


@pytest.mark.requirement("A19")
@pytest.mark.parametrize("path", _parameters())
def test_the_slices_of_every_part_are_its_octets(path: Path) -> None:
    raw = path.read_bytes()
    message = _message(raw)

    for root in [parse_entity(raw), *([message.root] if message else [])]:
        assert bytes(root.exact) == raw
        for part in walk(root):
            assert put_together(part) == bytes(part.exact) == bytes(part.header) + bytes(part.body)


@pytest.mark.parametrize("path", _parameters())
def test_it_opens_with_bounded_work_and_shows_no_protection_that_is_not_there(path: Path) -> None:
    raw = path.read_bytes()
    message = _message(raw)
    found = open_message(message, EmptyKeyring()) if message else None

    assert steps(partial(_opened_and_read, raw)) < STEPS_OF_AN_OCTET * (len(raw) + 2000)
    if found:
        assert found.protected or bytes(found.payload.exact) == raw
        assert not any(layer.opened for layer in found.encrypted_layers)
        assert Finding.TOO_COMPLEX not in found.findings


def _opened_and_read(raw: bytes) -> None:
    message = _message(raw)
    if message:
        open_message(message, EmptyKeyring())
        _read_all(message)


def _read_all(message: Message) -> None:
    """Everything that is asked of a message somewhere: values, names, decoded bodies."""
    from_addresses(message)
    message_id(message)
    for part in walk(message.root):
        for field in part.fields:
            addresses(part, field.name)
        assert part.filename is None or "/" not in part.filename
        part.decoded()


@pytest.mark.usefixtures("corpora")
def test_no_message_is_left_out() -> None:
    folder = _folder()
    assert folder is not None
    files = _files()

    observed = {folder / row["file"]: row for row in table(folder, "observed.tsv")}
    unreadable = [path for path in files if _message(path.read_bytes()) is None]

    assert (len(files), len(observed), len(unreadable)) == (FILES, MESSAGES, UNREADABLE)
    assert set(observed) <= set(files)
    assert not [path for path in unreadable if path in observed and _is_mail(observed[path])]
