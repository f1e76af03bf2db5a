"""Reminders: at each step once, to whom it concerns, never lost and never twice."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.urls import reverse

from siegel.base.address import EmailAddress
from siegel.flows import expiring, publishing
from siegel.flows.authorities import issue_lists
from siegel.flows.site import Site
from siegel.flows.transactions import Transactions
from siegel.mime.parse import parse_message
from siegel.pki.certificate import parse_certificate
from siegel.policy.roles import Role
from siegel.store import models
from siegel.store.queries import reminders
from siegel.transport.envelope import Role as Port
from tests.flows.office import ALICE, BOB, HUBER, Office
from tests.flows.workshop import made_authority
from tests.world import WORLD

MIRA = "mira@office.example"
END = parse_certificate(ALICE.certificate_der).not_after


def person(office: Office, address: str, role: Role) -> None:
    user = models.User.objects.create(email=address, created_at=office.at)
    models.Membership.objects.create(user=user, role=role, since=office.at)


@pytest.fixture
def watched(office: Office) -> Office:
    """Alice and Bob have certificates that end together; Mira looks after all."""
    person(office, MIRA, Role.CERTIFICATE_MANAGER)
    office.site = replace(office.site, notices_from=EmailAddress.parse("siegel@office.example"))
    return office


def told(office: Office) -> list[tuple[str, str]]:
    """Recipients and texts since the last look."""
    found = []
    for sent in office.out.sent:
        message = parse_message(sent.content)
        found.append((sent.recipients[0], bytes(message.root.decoded(office.site.limits)).decode()))
    office.out.sent.clear()
    return found


def at(office: Office, days: float) -> Office:
    office.at = END - timedelta(days=days)
    return office


@pytest.mark.requirement("B44", "C11")
def test_owners_and_managers_are_told_at_each_step_once(watched: Office) -> None:
    told_on = []
    for hours in range(0, 24 * 40, 5):
        days = 32 - hours / 24
        expiring.remind(watched.site, at(watched, days).at)
        for recipient, _ in told(watched):
            told_on.append((round(days), recipient))
    mine = [day for day, recipient in told_on if recipient == ALICE.address]
    assert mine == [30, 14, 7, 1, 0]
    assert [day for day, recipient in told_on if recipient == MIRA] == mine


def test_one_mail_names_all_that_ends_for_this_person(watched: Office) -> None:
    watched.partner(HUBER)
    expiring.remind(watched.site, at(watched, 29.5).at)
    texts = dict(told(watched))
    assert set(texts) == {ALICE.address, BOB.address, MIRA}
    assert HUBER.address in texts[MIRA]
    assert BOB.address in texts[MIRA]
    assert "endet in 29 Tagen" in texts[MIRA]
    assert (ALICE.address in texts[ALICE.address], BOB.address in texts[ALICE.address]) == (
        True,
        False,
    )


def test_a_certificate_with_a_successor_is_no_news(watched: Office) -> None:
    watched.at = parse_certificate(WORLD.person("alice_renewed").certificate_der).not_after
    watched.key(WORLD.person("bob"))
    renewed = [due.name for due in expiring.expiring(END - timedelta(days=10))]
    assert ALICE.address in renewed
    models.CertificateAddress.objects.create(
        certificate=_lasting(watched), address=ALICE.address, state="linked", linked_by="t",
        linked_at=watched.at,
    )  # fmt: skip
    later = [due.name for due in expiring.expiring(END - timedelta(days=10))]
    assert ALICE.address not in later
    assert BOB.address in later


def _lasting(office: Office) -> models.Certificate:
    mark = "f" * 64
    return models.Certificate.objects.create(
        fingerprint=mark, der=ALICE.certificate_der, subject="CN=x", issuer="CN=x", serial="1",
        subject_sha256=mark, issuer_sha256=mark, spki_sha256=mark, not_before=office.at,
        not_after=END + timedelta(days=700), is_ca=False, source="imported", added_at=office.at,
        added_by="t",
    )  # fmt: skip


def test_an_authority_that_people_trust_is_watched(watched: Office) -> None:
    root = parse_certificate(WORLD.root.der)
    names = [due.name for due in expiring.expiring(root.not_after - timedelta(days=3))]
    assert "Landesamt Test Root" in names


def test_without_managers_the_administrators_are_told(office: Office) -> None:
    person(office, "chef@office.example", Role.ADMINISTRATOR)
    office.site = replace(office.site, notices_from=EmailAddress.parse("siegel@office.example"))
    expiring.remind(office.site, at(office, 20).at)
    assert "chef@office.example" in dict(told(office))


def test_what_ended_long_ago_is_no_news(watched: Office) -> None:
    assert expiring.remind(watched.site, at(watched, -8).at) == 0


def test_what_the_next_hop_did_not_take_is_tried_again_and_not_doubled(watched: Office) -> None:
    watched.out.fails = 3
    assert expiring.remind(watched.site, at(watched, 14).at) == 0
    assert expiring.remind(watched.site, watched.later(minutes=10).at) == 0
    assert expiring.remind(watched.site, watched.later(minutes=60).at) == 3
    assert expiring.remind(watched.site, watched.later(minutes=60).at) == 0
    assert len(told(watched)) == 3


class _Killed(Exception):
    pass


def test_a_kill_between_planning_and_sending_loses_nothing(
    watched: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(expiring, "hand_over", _kill)
        with pytest.raises(_Killed):
            expiring.remind(watched.site, at(watched, 14).at)
    assert expiring.remind(restarted(watched), watched.later(minutes=10).at) == 3


def test_a_kill_after_the_next_hop_took_it_sends_nothing_twice(
    watched: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(reminders, "sent", _kill)
        with pytest.raises(_Killed):
            expiring.remind(watched.site, at(watched, 14).at)
    assert len(told(watched)) == 1
    assert expiring.remind(restarted(watched), watched.later(minutes=10).at) == 3
    assert len(told(watched)) == 2


def _kill(*_: object, **__: object) -> None:
    raise _Killed


def restarted(office: Office) -> Site:
    """The process is a new one: it remembers no transaction."""
    return replace(office.site, transactions=Transactions(), hops={Port.OUTBOUND: office.out})


@pytest.mark.requirement("C11")
def test_managers_hear_of_a_list_of_ours_that_is_overdue_once_and_where_to_go(
    watched: Office,
) -> None:
    made_authority(watched)
    watched.site = replace(watched.site, pages_at="https://siegel.office.example")
    expiring.remind(watched.site, watched.later(days=20).at)
    texts = dict(told(watched))
    assert set(texts) == {MIRA}
    assert "Landratsamt Issuing" in texts[MIRA]
    assert "überfällig" in texts[MIRA]
    assert f"https://siegel.office.example{reverse('expiry:overview')}" in texts[MIRA]
    expiring.remind(watched.site, watched.later(days=2).at)
    assert told(watched) == []
    issue_lists(None, watched.site.vault, by="test", at=watched.at)
    assert expiring.overdue_lists(watched.at) == ()


@pytest.mark.requirement("C11")
def test_a_published_certificate_and_our_authority_are_named_as_such(watched: Office) -> None:
    made = made_authority(watched)
    publishing.publish([EmailAddress.parse(ALICE.address)], by="test", at=watched.at)
    expiring.remind(watched.site, at(watched, 13).at)
    texts = dict(told(watched))
    (line,) = (one for one in texts[MIRA].splitlines() if ALICE.address in one)
    assert line.endswith("steht auf der Partnerseite")
    authority = made.issuing.certificate
    assert authority is not None
    watched.at = authority.not_after - timedelta(days=6)
    issue_lists(None, watched.site.vault, by="test", at=watched.at)
    expiring.remind(watched.site, watched.at)
    assert "unserer eigenen Stelle" in dict(told(watched))[MIRA]
