"""Certificates are added, linked and found; nothing about them ever changes."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from pytest_django import DjangoAssertNumQueries

from siegel.base.address import EmailAddress
from siegel.base.errors import NotFound
from siegel.store.models import CertificateAddress
from siegel.store.queries import certificates, keys
from siegel.store.queries.certificates import LinkState, Source
from tests.store.given import (
    ALICE,
    DAY,
    HUBER,
    NOW,
    authority,
    certificate_of,
    many_certificates,
    office,
)
from tests.work import steps

pytestmark = pytest.mark.django_db


def add(name: str, source: Source = Source.IMPORTED) -> str:
    certificate = certificate_of(name)
    certificates.add(certificate, source=source, by="admin", at=NOW)
    return certificate.fingerprint


@pytest.mark.requirement("A12", "A23")
def test_an_imported_certificate_is_used_for_every_address_it_names() -> None:
    row = certificates.get(add("maria"))
    assert row.certificate == certificate_of("maria")
    assert {str(link.address) for link in row.links} == {
        "info@partner.example", "maria@partner.example", "m.moser@partner.example",
    }  # fmt: skip


@pytest.mark.requirement("A21", "A44", "A62")
def test_a_harvested_certificate_is_used_for_the_sender_only() -> None:
    fingerprint = add("maria", Source.HARVESTED)
    assert certificates.get(fingerprint).links == ()
    sender = EmailAddress.parse("maria@partner.example")
    assert certificates.link(fingerprint, sender, by="harvest", at=NOW, seen_at=NOW)
    assert [link.address for link in certificates.get(fingerprint).links] == [sender]


def test_the_same_certificate_again_is_not_new() -> None:
    certificate = certificate_of("huber")
    assert certificates.add(certificate, source=Source.HARVESTED, by="harvest", at=NOW)
    assert not certificates.add(certificate, source=Source.IMPORTED, by="admin", at=NOW + DAY)
    row = certificates.get(certificate.fingerprint)
    assert (row.source, row.added_by, row.added_at) == ("harvested", "harvest", NOW)
    assert [link.address for link in row.links] == [HUBER]


def test_a_rejected_link_is_not_revived_by_the_next_mail() -> None:
    fingerprint = add("huber")
    certificates.link(fingerprint, HUBER, by="admin", at=NOW, state=LinkState.REJECTED)
    assert not certificates.link(fingerprint, HUBER, by="harvest", at=NOW + DAY, seen_at=NOW + DAY)
    assert certificates.get(fingerprint).links[0].state == LinkState.REJECTED
    assert certificates.for_addresses([HUBER]) == {HUBER: ()}
    certificates.link(fingerprint, HUBER, by="admin", at=NOW, state=LinkState.CONFIRMED)
    assert [row.fingerprint for row in certificates.for_addresses([HUBER])[HUBER]] == [fingerprint]


def test_last_seen_only_moves_forward() -> None:
    fingerprint = add("huber")
    for moment in (NOW, NOW + DAY, NOW - DAY):
        certificates.link(fingerprint, HUBER, by="harvest", at=moment, seen_at=moment)
    assert certificates.get(fingerprint).links[0].last_seen_at == NOW + DAY


@pytest.mark.requirement("A73")
def test_the_list_shows_key_and_account() -> None:
    office()
    alice, huber = certificate_of("alice"), certificate_of("huber")
    add("alice"), add("huber")
    keys.add(alice.spki_sha256, b"sealed", by="admin", at=NOW)
    state = {row.fingerprint: row for row in certificates.listing()}
    assert state[alice.fingerprint].has_private_key
    assert state[alice.fingerprint].has_account
    assert not state[huber.fingerprint].has_private_key
    assert not state[huber.fingerprint].has_account
    with_key = certificates.listing(has_private_key=True)
    assert [row.fingerprint for row in with_key] == [alice.fingerprint]
    without = certificates.listing(has_private_key=False)
    assert [row.fingerprint for row in without] == [huber.fingerprint]


def test_the_list_can_be_narrowed() -> None:
    certificates.add(authority("issuing"), source=Source.HARVESTED, by="harvest", at=NOW)
    add("alice"), add("alice_rekeyed"), add("huber")
    assert len(certificates.listing(address=ALICE)) == 2
    assert [row.is_ca for row in certificates.listing(is_ca=True)] == [True]
    assert len(certificates.listing(source=Source.IMPORTED)) == 3
    assert len(certificates.listing(limit=2)) == 2
    assert len(certificates.listing(limit=10, offset=3)) == 1


@pytest.mark.requirement("A87")
def test_an_address_keeps_all_its_certificates() -> None:
    names = ("alice", "alice_renewed", "alice_rekeyed")
    for name in names:
        add(name)
    found = certificates.for_addresses([ALICE])[ALICE]
    assert {row.fingerprint for row in found} == {certificate_of(n).fingerprint for n in names}
    assert found[0].certificate.not_before > found[-1].certificate.not_before


@pytest.mark.requirement("A69")
def test_addresses_are_compared_folded_and_whole() -> None:
    add("gustav")
    asked = EmailAddress.parse("gustav.gross@partner.example")
    assert len(certificates.for_addresses([asked])[asked]) == 1
    for other in (
        "gross@partner.example",
        "gustav.gross@sub.partner.example",
        "ustav.gross@partner.example",
    ):
        address = EmailAddress.parse(other)
        assert certificates.for_addresses([address]) == {address: ()}


@pytest.mark.parametrize(
    "word",
    [
        pytest.param("{fingerprint}", id="ok/fingerprint"),
        pytest.param("{colons}", id="ok/colons"),
        pytest.param("{prefix}", id="ok/beginning"),
        pytest.param("HUBER@school.example", id="ok/address"),
        pytest.param("hans hub", id="ok/subject"),
        pytest.param("{serial}", id="ok/serial"),
    ],
)
def test_a_certificate_is_found_by(word: str) -> None:
    fingerprint = add("huber")
    add("alice")
    pairs = [fingerprint[i : i + 2].upper() for i in range(0, 64, 2)]
    serial = f"{certificate_of('huber').serial:X}"
    text = word.format(
        fingerprint=fingerprint, colons=":".join(pairs), prefix=fingerprint[:8], serial=serial
    )
    assert [row.fingerprint for row in certificates.find(text)] == [fingerprint]


@pytest.mark.parametrize("word", ["\0", "%", "zzzz", "aa", "\ud800", "' OR 1=1 --"])
def test_what_nobody_has_is_not_found(word: str) -> None:
    add("huber")
    assert certificates.find(word) == ()
    with pytest.raises(NotFound):
        certificates.get("00" * 32)


@pytest.mark.parametrize("count", [10, 1000])
def test_questions_do_not_multiply_with_rows(
    count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    addresses = many_certificates(count)
    with django_assert_num_queries(3):
        assert len(certificates.listing(limit=5000)) == count
    with django_assert_num_queries(3):
        assert len(certificates.find("CN=")) == min(count, certificates.FOUND_AT_MOST)
    with django_assert_num_queries(4):  # none has an account, so keys are not asked for
        found = certificates.for_addresses(addresses)
    assert all(len(rows) == 1 for rows in found.values())
    assert len(found) == count


def test_names_that_no_database_likes_are_cleaned() -> None:
    hostile = replace(certificate_of("huber"), subject="CN=a\0b\ud800" + "x" * 2000)
    assert certificates.add(hostile, source=Source.HARVESTED, by="\0", at=NOW)
    row = certificates.get(hostile.fingerprint)
    assert row.subject.startswith("CN=a\ufffdb?x")
    assert len(row.subject) == 500
    assert row.certificate.subject == certificate_of("huber").subject


def test_twice_as_many_addresses_are_about_twice_the_work() -> None:
    """Strangers ask for the authorities behind everything that is published."""
    fingerprint = add("huber")

    def of_so_many(number: int) -> Callable[[], object]:
        addresses = [EmailAddress.parse(f"n{each}@partner.example") for each in range(number)]
        CertificateAddress.objects.all().delete()
        CertificateAddress.objects.bulk_create(
            CertificateAddress(
                certificate_id=fingerprint,
                address=str(address),
                state=LinkState.LINKED,
                linked_by="test",
                linked_at=NOW,
            )
            for address in addresses
        )
        found = certificates.in_use_for(addresses)
        assert [len(rows) for rows in found.values()] == [1] * number
        return lambda: certificates.in_use_for(addresses)

    small = steps(of_so_many(400))
    assert steps(of_so_many(800)) <= 2.5 * small
