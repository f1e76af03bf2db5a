"""Looking for partners' certificates in foreign directories: what is found, used, remembered."""

from pathlib import Path

import pytest

from siegel.base.address import EmailAddress
from siegel.flows import looking_up, ruling
from siegel.flows.looking_up import look_up, look_up_due, want
from siegel.policy.lookups import Answer
from siegel.policy.rule_levels import Level
from siegel.store.queries import (
    alerts,
    candidates,
    certificates,
    journal,
    lookups,
    pending,
)
from siegel.store.queries.certificates import Source
from siegel.transport.fetching import Budget, Fetched, Outcome
from tests.flows.lookups import certificate, with_store
from tests.flows.office import ALICE, DANA, UNKNOWN, Office, mail
from tests.world import WORLD, Person

PETRA = WORLD.person("petra")

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.requirement("A45")]


@pytest.fixture
def office(tmp_path: Path) -> Office:
    found = Office(tmp_path)
    found.trust()
    return found


def _address(person: Person | str) -> EmailAddress:
    return EmailAddress.parse(person if isinstance(person, str) else person.address)


def _answer(office: Office, person: Person | str, *, again: bool = False) -> Answer:
    (found,) = look_up([_address(person)], office.site, by="helga", at=office.at, again=again)
    return found.answer


def test_what_is_found_and_trusted_is_used(office: Office) -> None:
    web = with_store(office)
    web.has[PETRA.address] = certificate(PETRA)
    assert _answer(office, PETRA) is Answer.FOUND
    (row,) = candidates.for_addresses([_address(PETRA)])[_address(PETRA)]
    assert not row.pending
    assert certificates.get(row.fingerprint).source == Source.HTTP
    assert journal.read(action="certificate.found")


def test_mail_is_encrypted_to_what_was_found(office: Office) -> None:
    office.own(ALICE)
    with_store(office).has[PETRA.address] = certificate(PETRA)
    look_up([_address(PETRA)], office.site, by="helga", at=office.at)
    office.send(mail(ALICE.address, PETRA.address), ALICE.address, PETRA.address)
    assert b"enveloped-data" in office.out.sent[-1].content


def test_being_in_a_directory_makes_nobody_trusted(tmp_path: Path) -> None:
    office = Office(tmp_path)
    with_store(office).has[PETRA.address] = certificate(PETRA)
    assert _answer(office, PETRA) is Answer.WAITS
    (waiting,) = pending.pending_for(_address(PETRA))
    assert waiting.source == Source.HTTP
    assert certificates.in_use_for([_address(PETRA)])[_address(PETRA)] == ()
    assert _answer(office, PETRA, again=True) is Answer.WAITS


def test_a_certificate_for_another_address_is_not_taken(office: Office) -> None:
    with_store(office).has[PETRA.address] = certificate(DANA)
    assert _answer(office, PETRA) is Answer.OTHER_ADDRESS
    assert certificates.in_use_for([_address(PETRA)])[_address(PETRA)] == ()
    assert pending.pending_for() == ()


def test_what_a_person_refused_stays_refused(tmp_path: Path) -> None:
    office = Office(tmp_path)
    with_store(office).has[PETRA.address] = certificate(PETRA)
    _answer(office, PETRA)
    pending.reject(pending.pending_for()[0].id, by="helga", at=office.at)
    assert _answer(office, PETRA, again=True) is Answer.REFUSED


def test_a_certificate_that_is_over_is_not_kept(office: Office) -> None:
    with_store(office).has[PETRA.address] = certificate(PETRA)
    office.later(days=5000)
    assert _answer(office, PETRA) is Answer.UNFIT
    assert pending.pending_for() == ()


def test_a_certificate_that_is_here_already_is_only_known(office: Office) -> None:
    office.partner(PETRA)
    with_store(office).has[PETRA.address] = certificate(PETRA)
    assert _answer(office, PETRA) is Answer.KNOWN


def test_another_key_from_a_directory_is_told_of(office: Office) -> None:
    office.partner(WORLD.person("alice"))
    rekeyed = WORLD.person("alice_rekeyed")
    with_store(office).has[rekeyed.address] = certificate(rekeyed)
    assert _answer(office, rekeyed) is Answer.FOUND
    (alert,) = alerts.open_alerts()
    assert str(alert.address) == rekeyed.address


@pytest.mark.parametrize(
    ("reply", "answer"),
    [
        (Fetched(Outcome.NOT_FOUND, status=404), Answer.NOT_FOUND),
        (Fetched(Outcome.NOT_FOUND, status=500), Answer.NOT_REACHED),
        (Fetched(Outcome.UNREACHABLE), Answer.NOT_REACHED),
        (Fetched(Outcome.TIMED_OUT), Answer.NO_TIME),
        (Fetched(Outcome.REFUSED_ADDRESS), Answer.NOT_REACHED),
        (
            Fetched(Outcome.FETCHED, b"<html>none</html>", content_type="text/html"),
            Answer.NOT_A_CERTIFICATE,
        ),
        (
            Fetched(Outcome.FETCHED, PETRA.certificate_der, content_type="text/html"),
            Answer.NOT_A_CERTIFICATE,
        ),
    ],
)
def test_everything_else_has_its_word(office: Office, reply: Fetched, answer: Answer) -> None:
    with_store(office).otherwise = reply
    assert _answer(office, PETRA) is answer


def test_a_miss_is_remembered_a_quarter_of_an_hour(office: Office) -> None:
    web = with_store(office)
    assert _answer(office, PETRA) is Answer.NOT_FOUND
    office.later(minutes=14)
    _answer(office, PETRA)
    assert len(web.asked) == 1
    office.later(minutes=2)
    _answer(office, PETRA)
    assert len(web.asked) == 2


def test_a_hit_is_remembered_a_day(office: Office) -> None:
    web = with_store(office)
    web.has[PETRA.address] = certificate(PETRA)
    _answer(office, PETRA)
    office.later(hours=23)
    _answer(office, PETRA)
    assert len(web.asked) == 1
    office.later(hours=2)
    assert _answer(office, PETRA) is Answer.KNOWN
    assert len(web.asked) == 2


def test_a_person_may_ask_again_at_once(office: Office) -> None:
    web = with_store(office)
    _answer(office, PETRA)
    web.has[PETRA.address] = certificate(PETRA)
    assert _answer(office, PETRA, again=True) is Answer.FOUND


def test_a_source_is_asked_for_its_domains_only_and_first(office: Office) -> None:
    with_store(office, name="Alle")
    web = with_store(office, name="Partner", domains=(_address(PETRA).domain,))
    (found,) = look_up([_address(PETRA)], office.site, by="helga", at=office.at)
    assert [one.name for one in found.said] == ["Partner", "Alle"]
    (other,) = look_up([_address(UNKNOWN)], office.site, by="helga", at=office.at)
    assert [one.name for one in other.said] == ["Alle"]
    assert len(web.asked) == 3


def test_nobody_is_asked_for_our_own_people(office: Office) -> None:
    office.own(ALICE)
    web = with_store(office)
    assert _answer(office, ALICE) is Answer.NOT_FOUND
    assert web.asked == []


def test_time_and_number_are_bounded(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    web = with_store(office)
    many = [EmailAddress.parse(f"p{n}@partner.example") for n in range(30)]
    found = look_up(many, office.site, by="helga", at=office.at)
    assert len(found) == looking_up.MOST_ADDRESSES == len(web.asked)
    late = look_up([_address(PETRA)], office.site, by="helga", at=office.at, budget=Budget(0))
    assert late[0].answer is Answer.NO_TIME
    monkeypatch.setattr(looking_up, "MOST_AN_HOUR", 20)
    assert _answer(office, DANA) is Answer.NO_TIME


def test_what_mail_wanted_is_asked_for_by_the_worker_once(office: Office) -> None:
    web = with_store(office)
    web.has[PETRA.address] = certificate(PETRA)
    for _ in range(3):
        want([_address(PETRA)], by="gateway", at=office.at)
    (found,) = look_up_due(office.site, at=office.at)
    assert found.answer is Answer.FOUND
    assert look_up_due(office.site, at=office.at) == ()
    assert web.asked == [PETRA.address]


@pytest.mark.requirement("A45")
def test_the_gateway_never_asks_but_notes_what_it_needed_where_a_rule_says_so(
    office: Office,
) -> None:
    office.own(ALICE)
    web = with_store(office)
    web.has[PETRA.address] = certificate(PETRA)
    letter = mail(ALICE.address, PETRA.address)
    office.send(letter, ALICE.address, PETRA.address)
    assert look_up_due(office.site, at=office.at) == ()
    ruling.set_level_rule(
        Level.DOMAIN, _address(PETRA).domain, "look_up", True, by="test", at=office.at
    )
    office.send(mail(ALICE.address, PETRA.address, subject="2"), ALICE.address, PETRA.address)
    assert web.asked == []
    assert b"enveloped-data" not in office.out.sent[-1].content
    assert [one.answer for one in look_up_due(office.site, at=office.at)] == [Answer.FOUND]
    office.send(mail(ALICE.address, PETRA.address, subject="3"), ALICE.address, PETRA.address)
    assert b"enveloped-data" in office.out.sent[-1].content
    assert look_up_due(office.site, at=office.at) == ()


def test_nobody_is_looked_for_whose_mail_is_never_encrypted(office: Office) -> None:
    office.own(ALICE)
    with_store(office)
    office.rule("look_up", True)
    letter = mail(ALICE.address, PETRA.address, extra="Precedence: bulk\r\n")
    office.send(letter, ALICE.address, PETRA.address)
    assert look_up_due(office.site, at=office.at) == ()


def test_the_list_of_what_is_wanted_is_bounded(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_store(office)
    monkeypatch.setattr(lookups, "MAX_WANTED", 5)
    want([EmailAddress.parse(f"p{n}@x.example") for n in range(9)], by="x", at=office.at)
    want([EmailAddress.parse("late@x.example")], by="x", at=office.at)
    assert len(lookups.wanted(limit=100)) == 5
