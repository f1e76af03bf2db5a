"""Several files at once, as a person drops them into the page: what became of each.

A file of its own never spoils the others. One that needs a passphrase becomes a locked object, so
that nothing has to be asked while uploading; a file that was readable at once is imported.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath

from siegel.base.errors import LimitExceeded, MalformedMessage, SiegelError, WrongPassphrase
from siegel.base.limits import MIB
from siegel.flows.importing import Imported, import_file, keep_locked
from siegel.policy.uploads import Became
from siegel.store.vault import Vault

MOST_FILES = 50  # of one upload; an office hands in a folder, not an archive
LARGEST = MIB  # octets of one file; a key with its chain takes 5,000
LARGEST_TOGETHER = 8 * MIB  # octets of one upload; it lies in memory
ENDINGS = frozenset({".p12", ".pfx", ".cer", ".crt", ".pem", ".der", ".p7b", ".p7c"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """A file as it was handed in; ``size`` is known before anything is read."""

    name: str
    size: int
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One file. ``locked`` is the number it waits under."""

    name: str
    became: Became
    imported: Imported | None = None
    locked: int | None = None


def upload(files: Iterable[Offered], vault: Vault, *, by: str, at: datetime) -> list[Result]:
    """Each file for itself, in the order given; what is above a limit is not looked into."""
    results, together = [], 0
    for number, file in enumerate(files):
        together += file.size
        if number >= MOST_FILES or together > LARGEST_TOGETHER:
            results.append(Result(name=file.name, became=Became.TOO_MANY))
        else:
            results.append(_one(file, vault, by=by, at=at))
    return results


def _one(file: Offered, vault: Vault, *, by: str, at: datetime) -> Result:
    if PurePath(file.name).suffix.lower() not in ENDINGS:
        return Result(name=file.name, became=Became.WRONG_ENDING)
    if file.size > LARGEST:
        return Result(name=file.name, became=Became.TOO_LARGE)
    try:
        imported = import_file(file.data, None, vault, by=by, at=at)
    except WrongPassphrase:
        return _kept(file, by=by, at=at)
    except SiegelError as error:
        return Result(name=file.name, became=_reason(error))
    return Result(name=file.name, became=_brought(imported), imported=imported)


def _kept(file: Offered, *, by: str, at: datetime) -> Result:
    try:
        number = keep_locked(file.name, file.data, by=by, at=at)
    except LimitExceeded:
        return Result(name=file.name, became=Became.TOO_MANY_WAITING)
    return Result(name=file.name, became=Became.LOCKED, locked=number)


def _brought(imported: Imported) -> Became:
    if imported.own:
        return Became.KEY
    return Became.CERTIFICATES if imported.new else Became.KNOWN


def _reason(error: SiegelError) -> Became:
    if isinstance(error, LimitExceeded):
        return Became.TOO_LARGE
    return Became.NO_CERTIFICATE if isinstance(error, MalformedMessage) else Became.UNSUPPORTED
