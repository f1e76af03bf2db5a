"""Keep the rows of the list beside what they stand for; called by whoever adds that.

Also by the migration that made the list, with the models of its day.
"""

from collections.abc import Iterable

from siegel.pki.certificate import Certificate
from siegel.store import models
from siegel.store.models.certificate import Source
from siegel.store.models.listing import Kind
from siegel.store.search_words import words_of, words_of_certificate


def list_certificate(certificate: Certificate, source: str) -> None:
    """Whether it is ours is looked up: keys come before and after their certificates."""
    ours = models.PrivateKey.objects.filter(spki_sha256=certificate.spki_sha256).exists()
    entry, new = models.ListEntry.objects.get_or_create(
        certificate_id=certificate.fingerprint,
        defaults={
            "kind": kind_of(certificate.is_ca, ours),
            "with_key": ours,
            "source": source,
            "spki_sha256": certificate.spki_sha256,
            "serial": serial_of(certificate),
            "not_before": certificate.not_before,
            "not_after": certificate.not_after,
        },
    )
    if new:
        _add_words(entry, words_of_certificate(certificate))


def list_locked_file(row: models.LockedFile) -> None:
    entry, new = models.ListEntry.objects.get_or_create(
        locked_file=row,
        defaults={"kind": Kind.LOCKED, "with_key": False, "source": Source.IMPORTED},
    )
    if new:
        _add_words(entry, words_of([row.name]))


def has_key_now(spki_sha256: str) -> None:
    """A key came: all certificates of its pair are ours."""
    entries = models.ListEntry.objects.filter(spki_sha256=spki_sha256, with_key=False)
    entries.filter(kind=Kind.PARTNER).update(kind=Kind.OWN)
    entries.update(with_key=True)


def kind_of(is_ca: bool, ours: bool) -> Kind:
    if is_ca:
        return Kind.AUTHORITY
    return Kind.OWN if ours else Kind.PARTNER


def serial_of(certificate: Certificate) -> str:
    """Hexadecimal, as it is searched for."""
    return f"{certificate.serial:x}"[:64]


def _add_words(entry: models.ListEntry, words: Iterable[str]) -> None:
    models.EntryWord.objects.bulk_create(
        (models.EntryWord(entry=entry, word=word) for word in words), ignore_conflicts=True
    )
