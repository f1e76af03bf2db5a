"""Very many certificates at little cost, as the list and its bench need them.

Rows carry the octets of one real certificate under made-up fingerprints, so that they can be parsed
and judged; names, dates and addresses of the rows differ.
"""

import hashlib
from datetime import timedelta

from siegel.store import models
from siegel.store.models.listing import Kind
from siegel.store.search_words import words_of
from tests.store.given import NOW, certificate_of

AT_ONCE = 5000  # rows of one INSERT's round
OWN_EVERY = 100  # of so many one is ours
_FIRST = ("anna", "bert", "clara", "dora", "emil", "fritz", "greta", "hanna", "ida", "jakob")


def fill(count: int, *, domain: str = "viele.example") -> None:
    """``count`` certificates of partners, every hundredth ours; they end one a minute from tomorrow
    on, and the issuer has the same words in all."""
    for start in range(0, count, AT_ONCE):
        _round(range(start, min(count, start + AT_ONCE)), domain)


def fill_contacts(count: int, *, domain: str = "viele.example") -> None:
    """``count`` contacts with the addresses of these partners."""
    for start in range(0, count, AT_ONCE):
        _contacts(range(start, min(count, start + AT_ONCE)), domain)


def _contacts(numbers: range, domain: str) -> None:
    names = {n: f"{_FIRST[n % 10]} nummer{n}" for n in numbers}
    made = models.Contact.objects.bulk_create(
        models.Contact(
            name=names[n], sort_name=names[n], added_at=NOW, added_by="test", changed_at=NOW,
            changed_by="test",
        )
        for n in numbers
    )  # fmt: skip
    pairs = list(zip(numbers, made, strict=True))
    models.ContactAddress.objects.bulk_create(
        models.ContactAddress(contact=contact, address=f"p{n}@{domain}") for n, contact in pairs
    )
    models.ContactWord.objects.bulk_create(
        models.ContactWord(contact=contact, word=word)
        for n, contact in pairs
        for word in words_of([names[n], f"p{n}@{domain}"])
    )


def _round(numbers: range, domain: str) -> None:
    real = certificate_of("huber")
    marks = {n: hashlib.sha256(f"{domain} {n}".encode()).hexdigest() for n in numbers}
    names = {n: f"{_FIRST[n % 10]} nummer{n}" for n in numbers}
    ends = {n: NOW + timedelta(days=1, minutes=n) for n in numbers}
    ours = {n for n in numbers if n % OWN_EVERY == 0}
    models.PrivateKey.objects.bulk_create(
        models.PrivateKey(spki_sha256=marks[n], sealed=b"s", added_at=NOW, added_by="test")
        for n in ours
    )
    models.Certificate.objects.bulk_create(
        models.Certificate(
            fingerprint=marks[n], der=real.der, subject=f"CN={names[n]}", issuer=real.issuer[:500],
            serial=f"{n:x}", subject_sha256=marks[n],
            issuer_sha256=hashlib.sha256(real.issuer_der).hexdigest(), spki_sha256=marks[n],
            not_before=NOW - timedelta(days=300), not_after=ends[n], is_ca=False,
            source="imported", added_at=NOW, added_by="test",
        )
        for n in numbers
    )  # fmt: skip
    models.CertificateAddress.objects.bulk_create(
        models.CertificateAddress(
            certificate_id=marks[n], address=f"p{n}@{domain}", state="linked", linked_by="test",
            linked_at=NOW,
        )
        for n in numbers
    )  # fmt: skip
    entries = models.ListEntry.objects.bulk_create(
        models.ListEntry(
            certificate_id=marks[n], kind=Kind.OWN if n in ours else Kind.PARTNER,
            with_key=n in ours, source="imported", spki_sha256=marks[n], serial=f"{n:x}",
            not_before=NOW - timedelta(days=300), not_after=ends[n],
        )
        for n in numbers
    )  # fmt: skip
    models.EntryWord.objects.bulk_create(
        models.EntryWord(entry=entry, word=word)
        for n, entry in zip(numbers, entries, strict=True)
        for word in words_of([names[n], f"p{n}@{domain}", "Landesamt Test Issuing CA"])
    )
