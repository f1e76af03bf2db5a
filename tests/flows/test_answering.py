"""A person accepts or refuses what mail proposed."""

import pytest
from pytest_django import DjangoAssertNumQueries

from siegel.base.address import EmailAddress
from siegel.base.errors import NotFound
from siegel.flows import importing
from siegel.flows.answering import answer, waiting
from siegel.store.queries import accounts, journal, pending
from tests.flows.authority import Ca
from tests.flows.office import ALICE, BOB, Office, mail, signed_bytes
from tests.world import WORLD, Person


def proposed(office: Office, person: Person) -> None:
    raw = signed_bytes(person, mail(person.address, BOB.address))
    office.receive(raw, person.address, BOB.address)


def sent_encrypted(office: Office, address: str) -> bool:
    office.out.sent.clear()
    wish = "X-Siegel-Protect: encrypt\r\n" if address == ALICE.address else ""  # internal mail
    office.send(mail(BOB.address, address, extra=wish), BOB.address, address)
    return b"nveloped-data" in office.out.sent[0].content


def test_an_accepted_certificate_is_linked_but_usable_only_with_a_trusted_root(
    office: Office,
) -> None:
    ursula = WORLD.person("ursula")
    proposed(office, ursula)
    (one,) = waiting()
    answer(one.kind, one.number, accepted=True, by="test", at=office.at)
    assert waiting() == []
    assert not sent_encrypted(office, ursula.address)
    office.trust(WORLD.unknown_root)
    for der in ursula.chain:
        importing.import_file(der, None, None, by="test", at=office.at)
    assert sent_encrypted(office, ursula.address)


def test_a_refused_certificate_no_longer_waits(office: Office) -> None:
    proposed(office, WORLD.person("ursula"))
    (one,) = waiting()
    answer(one.kind, one.number, accepted=False, by="test", at=office.at)
    assert waiting() == []
    with pytest.raises(NotFound):
        answer(one.kind, one.number, accepted=True, by="test", at=office.at)


@pytest.mark.requirement("C8")
def test_a_held_change_of_key_is_used_once_it_is_accepted(office: Office) -> None:
    """Alice's two keys, as an office sees them that is not hers."""
    accounts.set_active(EmailAddress.parse(ALICE.address), False)
    office.rule("key_change", "hold")
    first, second = sorted(
        (ALICE, WORLD.person("alice_rekeyed")), key=lambda p: p.certificate.not_valid_before_utc
    )
    proposed(office, first)
    proposed(office, second)
    (change,) = waiting()
    assert (change.kind, change.address) == ("change", EmailAddress.parse(ALICE.address))
    assert sent_encrypted(office, ALICE.address), "the confirmed key is used meanwhile"
    answer(change.kind, change.number, accepted=True, by="test", at=office.at)
    assert waiting() == []
    assert sent_encrypted(office, ALICE.address)


def test_a_refused_certificate_makes_no_signature_count_later(office: Office) -> None:
    """Not even after its root is trusted: a person said that it is not this partner's."""
    ursula = WORLD.person("ursula")
    proposed(office, ursula)
    (one,) = waiting()
    answer(one.kind, one.number, accepted=False, by="test", at=office.at)
    office.trust(WORLD.unknown_root)
    proposed(office, ursula)
    assert b"X-Siegel-Summary: unprotected" in office.into.sent[-1].content
    assert waiting() == []


@pytest.mark.requirement("C8")
def test_a_refused_new_key_counts_neither_for_signatures_nor_for_encryption(
    office: Office,
) -> None:
    accounts.set_active(EmailAddress.parse(ALICE.address), False)
    first, second = sorted(
        (ALICE, WORLD.person("alice_rekeyed")), key=lambda p: p.certificate.not_valid_before_utc
    )
    proposed(office, first)
    proposed(office, second)
    (change,) = waiting()
    answer(change.kind, change.number, accepted=False, by="test", at=office.at)
    proposed(office, second)
    assert b"X-Siegel-Summary: unprotected" in office.into.sent[-1].content
    proposed(office, first)
    assert b"X-Siegel-Summary: verified" in office.into.sent[-1].content


def test_the_journal_says_whose_certificate_was_answered(office: Office) -> None:
    ursula = WORLD.person("ursula")
    proposed(office, ursula)
    (one,) = waiting()
    answer(one.kind, one.number, accepted=True, by="chief", at=office.at)
    (entry,) = journal.read(action="partner.certificate_accepted")
    assert (entry.actor, entry.about) == ("chief", ursula.address)
    assert entry.detail["fingerprint"] == one.fingerprint


@pytest.mark.parametrize("many", [1, 7])
def test_the_list_of_questions_costs_two_queries(
    office: Office, many: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    ca = Ca("Viele", organisation="Viele")
    for number in range(many):
        leaf = ca.leaf(f"p{number}@viele.example")
        pending.add_pending(leaf, leaf.addresses[0], reasons=(), at=office.at)
    with django_assert_num_queries(2):
        assert len(waiting()) == many


def test_a_certificate_that_is_imported_waits_no_more(office: Office) -> None:
    """It came with mail first; whoever imports it has answered the question."""
    proposed(office, WORLD.person("ursula"))
    assert len(waiting()) == 1
    office.partner(WORLD.person("ursula"))
    assert waiting() == []
