"""The inbox of unknown roots is kept within limits, whatever strangers send."""

from dataclasses import replace

import pytest
from pytest_django import DjangoAssertNumQueries

from siegel.base.address import EmailAddress
from siegel.pki.certificate import parse_certificate
from siegel.pki.chain_top import ChainTop, chain_top
from siegel.policy import unknown_roots as limits
from siegel.store.models import UnknownIntermediate, UnknownRootSender
from siegel.store.queries import unknown_roots
from tests.store.given import DANA, DAY, HUBER, NOW, certificate_of
from tests.world import WORLD

pytestmark = pytest.mark.django_db

ROOT = parse_certificate(WORLD.unknown_root.der)
ISSUING = parse_certificate(WORLD.authority("unknown_issuing").der)


def known_top() -> ChainTop:
    top = chain_top(certificate_of("ursula"), [ISSUING, ROOT])
    assert top is not None
    return top


def nameless(number: int) -> ChainTop:
    """An issuer that nobody has the certificate of; each number another."""
    return ChainTop(
        root=None, issuer_der=ROOT.subject_der, key_identifier=b"%d" % number, between=()
    )


def test_a_root_is_kept_once_with_what_lies_below_it() -> None:
    unknown_roots.note(known_top(), [DANA], at=NOW)
    unknown_roots.note(known_top(), [HUBER], at=NOW + DAY)
    (row,) = unknown_roots.listing()
    assert (row.mark, row.der, row.name) == (ROOT.fingerprint, ROOT.der, ROOT.subject)
    assert (row.times, row.first_seen_at, row.last_seen_at) == (2, NOW, NOW + DAY)
    assert row.senders == (HUBER, DANA)
    assert row.intermediates == (ISSUING.der,)


def test_an_issuer_without_certificate_is_kept_by_name_and_key() -> None:
    unknown_roots.note(nameless(1), [DANA], at=NOW)
    unknown_roots.note(nameless(2), [DANA], at=NOW)
    first, second = unknown_roots.listing()
    assert first.der is second.der is None
    assert {first.key_identifier, second.key_identifier} == {b"1".hex(), b"2".hex()}


def test_one_sender_brings_no_more_than_his_number_and_drives_out_his_own() -> None:
    for _ in range(2):
        unknown_roots.note(known_top(), [DANA], at=NOW)
    for number in range(10):
        unknown_roots.note(nameless(number), [DANA], at=NOW + DAY)
    rows = unknown_roots.listing()
    assert len(rows) == limits.MAX_ROOTS_OF_SENDER
    assert ROOT.fingerprint in {row.mark for row in rows}, "what came more often stays"


def test_who_writes_in_a_partners_name_takes_nothing_from_others() -> None:
    unknown_roots.note(nameless(0), [HUBER, DANA], at=NOW)
    for number in range(1, 10):
        unknown_roots.note(nameless(number), [DANA], at=NOW + DAY)
    kept = [row for row in unknown_roots.listing() if HUBER in row.senders]
    assert [row.key_identifier for row in kept] == [b"0".hex()]


def test_a_full_inbox_lets_go_of_what_came_the_fewest_times(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(unknown_roots, "MAX_ROOTS", 5)
    for _ in range(2):
        unknown_roots.note(known_top(), [DANA], at=NOW)
    for number in range(20):
        sender = EmailAddress.parse(f"s{number}@elsewhere.example")
        unknown_roots.note(nameless(number), [sender], at=NOW + DAY)
    rows = unknown_roots.listing()
    assert len(rows) == 5
    assert ROOT.fingerprint in {row.mark for row in rows}


def test_senders_and_authorities_of_one_root_have_their_numbers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(unknown_roots, "MAX_INTERMEDIATES", 1)
    others = [parse_certificate(WORLD.authority(n).der) for n in ("issuing", "pss_issuing")]
    for number in range(30):
        top = replace(known_top(), between=(others[number % 2],))
        sender = EmailAddress.parse(f"s{number}@elsewhere.example")
        unknown_roots.note(top, [sender], at=NOW + number * DAY)
    (row,) = unknown_roots.listing()
    assert len(row.senders) == limits.MAX_SENDERS
    assert row.senders[0].local == "s29"
    assert len(row.intermediates) == 1


def test_a_huge_certificate_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unknown_roots, "MAX_OCTETS", 10)
    unknown_roots.note(known_top(), [DANA], at=NOW)
    (row,) = unknown_roots.listing()
    assert (row.mark, row.der, row.intermediates) == (ROOT.fingerprint, None, ())


def test_what_did_not_come_again_is_forgotten_after_ninety_days() -> None:
    unknown_roots.note(known_top(), [DANA], at=NOW)
    assert unknown_roots.expire(at=NOW + 90 * DAY) == 0
    assert unknown_roots.expire(at=NOW + 91 * DAY) == 1
    assert not UnknownIntermediate.objects.exists()
    assert not UnknownRootSender.objects.exists()


def test_the_list_costs_the_same_for_one_root_and_for_many(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for many in (1, 40):
        for number in range(many):
            sender = EmailAddress.parse(f"s{number}@elsewhere.example")
            unknown_roots.note(nameless(number), [sender], at=NOW)
        with django_assert_num_queries(3):
            assert len(unknown_roots.listing()) == many
