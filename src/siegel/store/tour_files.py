"""The files of the demo's tour, beside the store of a demo. Importable without Django.

A certificate file, and a description with its passphrase and the fingerprint that "the telephone"
says. Where no demo was set up there are none.
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

_FOLDER = "tour"
_DESCRIPTION = "tour.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Exhibit:
    """What the tour is about. ``sha256`` is the digest of the file; ``certificate`` and ``root``
    are fingerprints. ``sender`` and ``recipient``: a mail to ask about."""

    file: str
    sha256: str
    passphrase: str
    certificate: str
    root: str
    sender: str
    recipient: str


def folder(data_dir: Path) -> Path:
    return data_dir / _FOLDER


def read(data_dir: Path) -> Exhibit | None:
    """None where there is no tour."""
    try:
        described = json.loads((folder(data_dir) / _DESCRIPTION).read_bytes())
    except FileNotFoundError:
        return None
    return Exhibit(**described)


def describe(data_dir: Path, shown: Exhibit) -> None:
    """The file itself is there already."""
    text = json.dumps(asdict(shown), indent=2)
    (folder(data_dir) / _DESCRIPTION).write_text(text, "utf-8")


def content(data_dir: Path, shown: Exhibit) -> bytes:
    return (folder(data_dir) / shown.file).read_bytes()
