"""The one list: filters, search and pages, at the same cost for ten rows and for thousands."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from siegel.store import models
from siegel.store.queries import certificates, keys, listing, locked
from siegel.store.queries.certificates import Source
from siegel.store.queries.listing import Asked, Kind, ListedPage, Validity
from siegel.store.search_words import folded, words_of
from tests.store.given import ALICE, DAY, NOW, authority, certificate_of
from tests.store.many import fill

pytestmark = pytest.mark.django_db


def add(name: str, source: Source = Source.IMPORTED) -> str:
    certificate = certificate_of(name)
    certificates.add(certificate, source=source, by="admin", at=NOW)
    return certificate.fingerprint


def names(page: ListedPage) -> list[str]:
    return [
        row.certificate.fingerprint if row.certificate else (row.locked.name if row.locked else "")
        for row in page.rows
    ]


def shown(asked: Asked, **more: str) -> list[str]:
    return names(listing.page(asked, at=NOW, size=50, **more))


@pytest.mark.requirement("A38")
def test_own_partners_authorities_and_locked_files_stand_in_one_list() -> None:
    alice, huber = add("alice"), add("huber")
    root = authority("root")
    certificates.add(root, source=Source.IMPORTED, by="admin", at=NOW)
    keys.add(certificate_of("alice").spki_sha256, b"sealed", by="admin", at=NOW)
    locked.add("neu.p12", b"closed", by="admin", at=NOW)
    assert shown(Asked()) == ["neu.p12", root.fingerprint, huber, alice]
    assert shown(Asked(kind=Kind.OWN)) == [alice]
    assert shown(Asked(kind=Kind.PARTNER)) == [huber]
    assert shown(Asked(kind=Kind.AUTHORITY)) == [root.fingerprint]
    assert shown(Asked(kind=Kind.LOCKED)) == ["neu.p12"]
    assert shown(Asked(with_key=True)) == [alice]
    assert listing.count(Asked(), at=NOW) == 4


@pytest.mark.parametrize("key_first", [True, False])
def test_a_certificate_is_ours_whether_its_key_comes_before_or_after(key_first: bool) -> None:
    def key() -> None:
        keys.add(certificate_of("alice").spki_sha256, b"sealed", by="admin", at=NOW)

    def both() -> None:
        add("alice"), add("alice_renewed")  # the same key pair

    for step in (key, both) if key_first else (both, key):
        step()
    assert len(shown(Asked(kind=Kind.OWN, with_key=True))) == 2
    assert shown(Asked(kind=Kind.PARTNER)) == []


def test_a_file_leaves_the_list_when_it_is_opened() -> None:
    row = locked.add("neu.p12", b"closed", by="admin", at=NOW)
    with locked.take(row.id):
        pass
    assert shown(Asked()) == []


@pytest.mark.requirement("A68")
def test_the_list_is_narrowed_by_dates() -> None:
    for number, (begin, end) in enumerate([(-9, 9), (-9, 40), (-9, -1), (1, 9), (-9, 2)]):
        one_with_dates(number, begin, end)
    assert shown(Asked(validity=Validity.EXPIRING)) == ["4" * 64, "0" * 64, "3" * 64]
    assert shown(Asked(validity=Validity.EXPIRING, within=timedelta(days=3))) == ["4" * 64]
    assert shown(Asked(validity=Validity.EXPIRED)) == ["2" * 64]
    assert shown(Asked(validity=Validity.EARLY)) == ["3" * 64]
    assert shown(Asked(validity=Validity.CURRENT)) == ["4" * 64, "1" * 64, "0" * 64]


def one_with_dates(number: int, begin: int, end: int) -> None:
    mark, der = str(number) * 64, certificate_of("huber").der
    certificate = models.Certificate.objects.create(
        fingerprint=mark, der=der, subject="CN=x", issuer="CN=x", serial="1", subject_sha256=mark,
        issuer_sha256=mark, spki_sha256=mark, not_before=NOW + begin * DAY,
        not_after=NOW + end * DAY, is_ca=False, source="imported", added_at=NOW, added_by="test",
    )  # fmt: skip
    models.ListEntry.objects.create(
        certificate=certificate, kind=Kind.PARTNER, with_key=False, source="imported",
        not_before=certificate.not_before, not_after=certificate.not_after,
    )  # fmt: skip


@pytest.mark.parametrize(
    "word",
    [
        "HUBER",
        "hub",
        "hans huber",
        "hans h",
        "{colons}",
        "{prefix}",
        "{serial}",
        "issuing landesamt",
    ],
)
def test_a_certificate_is_found_by(word: str) -> None:
    fingerprint, certificate = add("huber"), certificate_of("huber")
    colons = ":".join(fingerprint[i : i + 2].upper() for i in range(0, 64, 2))
    text = word.format(colons=colons, prefix=fingerprint[:8], serial=f"{certificate.serial:X}")
    assert shown(Asked(text=text)) == [fingerprint]


@pytest.mark.parametrize("word", ["Huber@School.example", "huber@", "huber@school"])
def test_a_certificate_is_found_by_its_address_or_the_beginning_of_it(word: str) -> None:
    fingerprint = add("huber")
    add("alice")
    assert shown(Asked(text=word)) == [fingerprint]


@pytest.mark.parametrize("word", ["\0", "%", "zzzz", "aa", "\ud800", "' OR 1=1 --", "a@b@c", "🦊"])
def test_what_nobody_has_is_not_found(word: str) -> None:
    add("huber")
    assert shown(Asked(text=word)) == []


def test_accents_and_case_do_not_matter() -> None:
    assert folded("Jürgen Groß") == folded("JURGEN GROSS") == "jurgen gross"
    assert words_of(["Müller-Lüdenscheidt, Öffentl. X"]) == ("muller", "ludenscheidt", "offentl")


@pytest.mark.parametrize(
    "asked", [Asked(), Asked(validity=Validity.EXPIRING), Asked(text="viele")], ids=repr
)
def test_pages_follow_each_other_without_gap_or_repetition(asked: Asked) -> None:
    fill(130)
    first = listing.page(asked, at=NOW, size=50)
    second = listing.page(asked, at=NOW, size=50, after=first.after)
    third = listing.page(asked, at=NOW, size=50, after=second.after)
    assert (first.before, third.after) == (None, None)
    together = names(first) + names(second) + names(third)
    assert (len(together), len(set(together))) == (130, 130)
    back = listing.page(asked, at=NOW, size=50, before=third.before)
    assert names(back) == names(second)
    begin = listing.page(asked, at=NOW, size=50, before=back.before)
    assert (names(begin), begin.before) == (names(first), None)


@pytest.mark.parametrize("mark", ["", "x", "1.2.3", "9" * 40, "-1", "1e9", "٣"])
def test_a_mark_that_nobody_gave_starts_anew(mark: str) -> None:
    fill(3)
    assert len(shown(Asked(), after=mark)) == 3


@pytest.mark.parametrize(
    "asked",
    [
        Asked(),
        Asked(kind=Kind.OWN),
        Asked(validity=Validity.EXPIRING),
        Asked(text="viele"),
        Asked(text="anna viele"),
        Asked(text="p1@viele.example"),
    ],
    ids=repr,
)
def test_questions_do_not_multiply_with_rows(asked: Asked) -> None:
    questions = []
    for count in (100, 2000):
        fill(count, domain=f"{count}.viele.example")
        fill(2, domain="viele.example" if count == 100 else "andere.example")
        with CaptureQueriesContext(connection) as seen:
            assert listing.page(asked, at=NOW, size=50).rows
        questions.append(len(seen))
    assert questions[0] == questions[1] < 10


def test_what_was_there_before_the_list_stands_in_it() -> None:
    """The migration fills the list; here it is emptied and filled by the same function."""
    from importlib import import_module

    from django.apps import apps

    alice, huber = add("alice"), add("huber")
    keys.add(certificate_of("alice").spki_sha256, b"sealed", by="admin", at=NOW)
    locked.add("neu.p12", b"closed", by="admin", at=NOW)
    before = entries()
    models.ListEntry.objects.all().delete()
    import_module("siegel.store.migrations.0005_certificate_list").fill(apps, None)
    assert entries() == before
    assert shown(Asked(text="alice")) == [alice]
    assert shown(Asked(text=str(ALICE))) == [alice]
    assert huber in shown(Asked())


def entries() -> list[tuple[object, ...]]:
    fields = ("certificate_id", "locked_file_id", "kind", "with_key", "source", "serial")
    return sorted(models.ListEntry.objects.values_list(*fields), key=repr)
