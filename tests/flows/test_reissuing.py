"""Many certificates replaced at once (C10): found, ordered, switched over, told, revoked."""

import email
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from email import policy
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from siegel.base.address import EmailAddress
from siegel.base.errors import Conflict
from siegel.ca.crl import RevocationReason
from siegel.ca.profiles import KeyUse
from siegel.flows import accounts, issuing, reissuing, reissuing_telling, reissuing_work, requesting
from siegel.flows.candidates import Question, gather_for
from siegel.flows.connectors import ConnectorKind
from siegel.flows.issuing import Order
from siegel.flows.reissuing import Plan
from siegel.flows.reissuing_finding import Criteria, find, issuers
from siegel.pki.certificate import Certificate
from siegel.pki.key_generation import KeyChoice
from siegel.policy.actions import Action
from siegel.policy.outbound import selected_for_signing
from siegel.policy.reissue import Affected, Problem, Step
from siegel.store.queries import authorities, certificates, issued, journal, organisation
from siegel.store.queries.reissues import CampaignState
from siegel.store.reissue_rows import ReissueFigures
from tests.flows.office import ALICE, BOB, DANA, UNKNOWN, Office, refusal
from tests.flows.workshop import EVA, OTTO, made_authority, workshop_of

P_256 = KeyChoice.P_256
ISSUERS_OF_THE_WORLD = 2  # Alice and Bob


@pytest.fixture
def staff(office: Office) -> dict[EmailAddress, Certificate]:
    """Two people with certificates of our own authority, a week old."""
    made_authority(office)
    for address in (EVA, OTTO):
        accounts.create(address, "", by="test", at=office.at)
    made = {address: enrolled(office, address) for address in (EVA, OTTO)}
    office.later(days=7)
    return made


def enrolled(office: Office, address: EmailAddress) -> Certificate:
    order = Order(address=address, key=P_256)
    return issuing.enrol(order, None, workshop_of(office), by="test", at=office.at).certificate


def ours(office: Office) -> Criteria:
    """Everything that our own authority issued."""
    (found,) = (one for one in issuers(office.at) if "Landratsamt" in one.name)
    return Criteria(issuer=found.name_sha256)


def prepared(
    office: Office, way: ConnectorKind = ConnectorKind.IN_HOUSE, key: KeyChoice | None = P_256
) -> int:
    plan = Plan(criteria=ours(office), way=way, key=key)
    return reissuing.prepare(plan, by="helga", at=office.at)


def started(
    office: Office, way: ConnectorKind = ConnectorKind.IN_HOUSE, key: KeyChoice | None = P_256
) -> int:
    number = prepared(office, way, key)
    reissuing.start(number, by="helga", at=office.at)
    return number


def work(office: Office) -> None:
    """Until nothing is due any more."""
    while reissuing_work.work_due(office.site, office.at):
        pass


def figures(campaign: int) -> ReissueFigures:
    return reissuing.get(campaign).figures


def signs(office: Office, address: EmailAddress) -> str:
    """The fingerprint of the certificate that would sign now."""
    to = (EmailAddress.parse(UNKNOWN),)
    asked = Question(sender=address, envelope_from=address, recipients=to)
    facts = gather_for(asked, organisation.get_rules(), office.at).facts
    (found,) = selected_for_signing(facts).usable
    return found.certificate.fingerprint


def steps(office: Office, campaign: int) -> set[Step]:
    row = reissuing.get(campaign).row
    return {item.step for item in reissuing.items(row, office.at, limit=100)}


@pytest.mark.requirement("C10")
def test_the_certificates_of_one_issuer_are_found_and_counted(
    office: Office, staff: dict[EmailAddress, Certificate]
) -> None:
    found = find(ours(office), office.at)
    assert {each.row.fingerprint for each in found.found} == {c.fingerprint for c in staff.values()}
    assert found.counts == {Affected.TO_REPLACE: 2}
    everything = find(Criteria(), office.at)
    assert everything.counts == {Affected.TO_REPLACE: 2 + ISSUERS_OF_THE_WORLD}


def test_days_and_classes_narrow_it_down(
    office: Office, staff: dict[EmailAddress, Certificate]
) -> None:
    day = next(iter(staff.values())).not_before.date()
    assert len(find(Criteria(issued_from=day, issued_to=day), office.at).found) == len(staff)
    later = day + timedelta(days=1)
    assert not find(Criteria(issued_from=later), office.at).found


@pytest.mark.requirement("C10", "C6", "A87")
def test_replacements_come_and_the_old_ones_sign_until_the_moment(
    office: Office, staff: dict[EmailAddress, Certificate]
) -> None:
    campaign = started(office)
    assert steps(office, campaign) == {Step.ORDER}
    work(office)
    assert figures(campaign).replaced == len(staff)
    assert steps(office, campaign) == {Step.SWITCH}
    office.later(hours=1)
    assert signs(office, EVA) == staff[EVA].fingerprint
    moment = office.at + timedelta(days=2)
    reissuing.switch(campaign, moment, by="helga", at=office.at)
    office.later(days=1)
    assert signs(office, EVA) == staff[EVA].fingerprint
    office.later(days=1)
    assert signs(office, EVA) != staff[EVA].fingerprint
    assert steps(office, campaign) == {Step.REVOKE}


def test_an_old_one_that_is_revoked_gives_way_at_once(
    office: Office, staff: dict[EmailAddress, Certificate]
) -> None:
    started(office)
    work(office)
    office.later(minutes=1)
    old = staff[EVA].fingerprint
    issuing.revoke(old, RevocationReason.SUPERSEDED, workshop_of(office), by="test", at=office.at)
    assert signs(office, EVA) != old
    assert signs(office, OTTO) == staff[OTTO].fingerprint


def test_on_the_same_key_nothing_but_the_certificate_is_new(
    office: Office, staff: dict[EmailAddress, Certificate]
) -> None:
    started(office, key=None)
    work(office)
    mine = issued.of_address(EVA, authorities=[row.id for row in authorities.all_rows()])
    assert {one.certificate.spki_sha256 for one in mine} == {staff[EVA].spki_sha256}
    assert len(mine) == 2


def test_the_same_key_from_outside_is_refused(
    office: Office, staff: dict[EmailAddress, Certificate]
) -> None:
    with pytest.raises(Conflict, match="same key"):
        prepared(office, ConnectorKind.BY_HAND, None)


def test_requests_by_hand_wait_and_their_answers_are_adopted(
    office: Office, staff: dict[EmailAddress, Certificate]
) -> None:
    campaign = started(office, ConnectorKind.BY_HAND)
    work(office)
    assert steps(office, campaign) == {Step.AWAIT}
    assert len(requesting.listing()) == len(staff)
    office.later(hours=1)
    work(office)
    assert len(requesting.listing()) == len(staff), "nothing is asked for twice"
    enrolled_anew = issuing.renew(
        EVA, KeyUse.DUAL, None, workshop_of(office), key=P_256, by="x", at=office.at
    )
    office.later(hours=1)
    work(office)
    assert figures(campaign).replaced == 1
    assert replacement(campaign, EVA) == enrolled_anew.certificate.fingerprint


def test_stopped_it_orders_nothing_and_goes_on_where_it_stood(
    office: Office, staff: dict[EmailAddress, Certificate]
) -> None:
    campaign = started(office)
    reissuing.stop(campaign, by="helga", at=office.at)
    work(office)
    assert figures(campaign).replaced == 0
    reissuing.start(campaign, by="helga", at=office.at)
    work(office)
    assert figures(campaign).replaced == len(staff)


def test_what_fails_says_why_and_is_tried_again_when_asked(
    office: Office, staff: dict[EmailAddress, Certificate]
) -> None:
    campaign = started(office)
    accounts.switch(OTTO, active=False, by="test", at=office.at)
    work(office)
    row = reissuing.get(campaign).row
    (item,) = (i for i in reissuing.items(row, office.at, limit=9) if i.step is Step.LOOK)
    assert (item.row.account, item.row.problem) == (OTTO, Problem.NO_ACCOUNT)
    accounts.switch(OTTO, active=True, by="test", at=office.at)
    reissuing.try_again(campaign)
    work(office)
    assert figures(campaign).replaced == len(staff)


@pytest.mark.requirement("C10")
def test_each_partner_is_told_once_by_a_signed_mail_with_the_new_certificate(
    office: Office, staff: dict[EmailAddress, Certificate]
) -> None:
    corresponded(office, EVA, DANA.address)
    campaign = started(office)
    work(office)
    office.later(minutes=5)
    assert reissuing_telling.preview(campaign).partners == {EVA: (dana(),)}
    office.out.sent.clear()
    assert reissuing_telling.tell(campaign, office.site, by="helga", at=office.at) == 1
    assert reissuing_telling.tell(campaign, office.site, by="helga", at=office.at) == 0
    work(office)
    (sent,) = office.out.sent
    assert (sent.sender, sent.recipients) == (str(EVA), (DANA.address,))
    message = email.message_from_bytes(sent.content, policy=policy.default)
    assert message.get_content_type() == "multipart/signed"
    (attached,) = (p for p in message.walk() if p.get_content_type() == "application/pkix-cert")
    new = attached.get_payload(decode=True)
    assert new == certificates.get(replacement(campaign, EVA)).der != staff[EVA].der
    work(office)
    assert len(office.out.sent) == 1
    assert figures(campaign).told == 1


def test_nobody_of_the_house_and_nobody_else_is_told(
    office: Office, staff: dict[EmailAddress, Certificate]
) -> None:
    for to in (str(OTTO), BOB.address, "somebody@office.example"):
        corresponded(office, EVA, to)
    corresponded(office, EmailAddress.parse(ALICE.address), DANA.address)
    campaign = started(office)
    work(office)
    assert reissuing_telling.preview(campaign).mails == 0


@pytest.mark.parametrize(
    "entry",
    [
        {"action": Action.INBOUND_CONFIDENTIAL, "about": DANA.address, "recipients": [str(EVA)]},
        {
            "action": Action.INBOUND_ENCRYPTED_UNVERIFIED,
            "about": DANA.address,
            "recipients": ["e.ernst@office.example"],
        },
        {
            "action": Action.CERTIFICATE_SENT,
            "about": "f" * 64,
            "recipients": [DANA.address],
            "detail": {"sender": str(EVA)},
        },
    ],
)
def test_who_wrote_encrypted_or_was_sent_the_certificate_is_a_partner_aliases_too(
    office: Office, staff: dict[EmailAddress, Certificate], entry: dict[str, Any]
) -> None:
    alias = EmailAddress.parse("e.ernst@office.example")
    accounts.entitle(EVA, alias, alias=True, by="test", at=office.at)
    journal.write(at=office.at, actor="gateway", **entry)
    journal.write(at=office.at, actor="gateway", action=Action.INBOUND_VERIFIED, about=UNKNOWN,
                  recipients=[str(EVA)])  # fmt: skip
    campaign = started(office)
    work(office)
    assert reissuing_telling.preview(campaign).partners == {EVA: (dana(),)}


def test_a_partner_whose_server_refuses_stands_there_with_its_answer(
    office: Office, staff: dict[EmailAddress, Certificate]
) -> None:
    corresponded(office, EVA, DANA.address)
    office.out.refuse[DANA.address] = refusal(550)
    campaign = started(office)
    work(office)
    reissuing_telling.tell(campaign, office.site, by="helga", at=office.at)
    work(office)
    assert (figures(campaign).told, figures(campaign).not_told) == (0, 1)
    (one,) = reissuing_telling.not_reached(campaign)
    assert (one.partner, one.answer[:3]) == (DANA.address, "550")


def test_trouble_of_the_next_hop_is_tried_again_and_told_once(
    office: Office, staff: dict[EmailAddress, Certificate]
) -> None:
    corresponded(office, EVA, DANA.address)
    campaign = started(office)
    work(office)
    reissuing_telling.tell(campaign, office.site, by="helga", at=office.at)
    office.out.sent.clear()
    office.out.fails = 1
    work(office)
    assert office.out.sent == []
    office.later(hours=1)
    work(office)
    assert len(office.out.sent) == 1
    assert figures(campaign).told == 1


def test_two_affected_ones_of_one_account_and_use_get_one_replacement(
    office: Office, staff: dict[EmailAddress, Certificate]
) -> None:
    issuing.renew(EVA, KeyUse.DUAL, None, workshop_of(office), key=P_256, by="x", at=office.at)
    office.later(minutes=1)
    campaign = started(office)
    assert figures(campaign).total == len(staff)
    work(office)
    mine = issued.of_address(EVA, authorities=[row.id for row in authorities.all_rows()])
    assert len(mine) == 3
    reissuing.switch(campaign, office.at, by="helga", at=office.at)
    assert figures(campaign).to_revoke == 3


def test_a_certificate_that_has_a_newer_one_already_is_not_ordered(
    office: Office, staff: dict[EmailAddress, Certificate]
) -> None:
    office.later(days=1)
    newer = issuing.renew(
        EVA, KeyUse.DUAL, None, workshop_of(office), key=P_256, by="x", at=office.at
    )
    until = staff[EVA].not_before.date()
    finding = find(replace(ours(office), issued_to=until), office.at)
    assert finding.counts == {Affected.TO_REPLACE: 1, Affected.REPLACED: 1}
    (eva,) = (each for each in finding.found if each.row.account == EVA)
    assert eva.successor == newer.certificate.fingerprint


def test_the_old_ones_are_revoked_only_when_the_new_ones_sign(
    office: Office, staff: dict[EmailAddress, Certificate]
) -> None:
    campaign = started(office)
    work(office)
    superseded = RevocationReason.SUPERSEDED
    with pytest.raises(Conflict, match="still sign"):
        reissuing.revoke_old(campaign, superseded, by="helga", at=office.at)
    office.later(minutes=1)
    reissuing.switch(campaign, office.at, by="helga", at=office.at)
    reissuing.revoke_old(campaign, superseded, by="helga", at=office.at)
    work(office)
    for old in staff.values():
        row = issued.of_certificate(old.fingerprint)
        assert row is not None
        assert row.reason == "superseded"
    assert steps(office, campaign) == {Step.DONE}


def test_ended_the_newest_sign_and_nothing_more_happens(
    office: Office, staff: dict[EmailAddress, Certificate]
) -> None:
    campaign = started(office)
    work(office)
    reissuing.end(campaign, by="helga", at=office.at)
    office.later(minutes=1)
    assert signs(office, EVA) == replacement(campaign, EVA)
    assert reissuing.get(campaign).row.state is CampaignState.ENDED
    with pytest.raises(Conflict):
        reissuing.start(campaign, by="helga", at=office.at)


def test_looking_needs_as_many_queries_for_many_as_for_one(
    office: Office, staff: dict[EmailAddress, Certificate]
) -> None:
    one = queries_of(lambda: find(ours(office), office.at))
    for number in range(6):
        address = EmailAddress.parse(f"p{number}@office.example")
        accounts.create(address, "", by="test", at=office.at)
        enrolled(office, address)
    assert queries_of(lambda: find(ours(office), office.at)) == one


def queries_of(work: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as asked:
        work()
    return len(asked)


def corresponded(office: Office, account: EmailAddress, partner: str) -> None:
    """An encrypted mail left, as the journal tells it."""
    journal.write(
        at=office.at,
        actor="gateway",
        action=Action.OUTBOUND_SIGN_AND_ENCRYPT,
        about=str(account),
        recipients=[partner],
    )


def replacement(campaign: int, account: EmailAddress) -> str:
    row = reissuing.get(campaign).row
    found = (i.row for i in reissuing.items(row, row.created_at, limit=99))
    (name,) = (each.replacement for each in found if each.account == account)
    assert name is not None
    return name


def dana() -> EmailAddress:
    return EmailAddress.parse(DANA.address)
