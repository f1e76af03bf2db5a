"""Certificates for many as a job: checked before, worked through, stopped, never made twice."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from siegel.base.errors import Conflict, LimitExceeded, MalformedMessage
from siegel.ca.crl import RevocationReason
from siegel.flows import accounts, enrolling_many, enrolling_work, issuing
from siegel.flows.enrolling_many import Plan
from siegel.flows.issuing import Order, Step
from siegel.flows.staff_list import MAX_LINES, read_staff_list
from siegel.pki.key_generation import KeyChoice
from siegel.policy.enrolling import LineFault
from siegel.store.enrolment_rows import EnrolmentJobState, EnrolmentLineState
from siegel.store.models import EnrolmentLine, JournalEntry, PrivateKey, SerialNumber
from siegel.store.queries import authorities
from tests.flows.office import Office
from tests.flows.workshop import EVA, made_authority, workshop_of

pytestmark = pytest.mark.django_db(transaction=True)
TABLE = (
    "Adresse;Vorname;Nachname;Funktionspostfach\n"
    "eva.ernst@office.example;Eva;Ernst;\n"
    "info@office.example;;;ja\n"
    "otto@office.example;;;\n"
    "fremd@elsewhere.example;;;\n"
    "keine;;;\n"
    "eva.ernst@office.example;;;\n"
    "halb@office.example;Eva;;\n"
)
PLAN = Plan(
    authority="Landratsamt Issuing", key=KeyChoice.P_256, second_key=None, days=365,
    create_accounts=True,
)  # fmt: skip


class Killed(BaseException):
    pass


def prepared(office: Office, table: str = TABLE, plan: Plan = PLAN) -> int:
    made_authority(office)
    lines = read_staff_list(table.encode())
    return enrolling_many.prepare(lines, plan, by="test", at=office.at)


def worked(office: Office, job: int) -> enrolling_many.Job:
    for _ in range(50):
        if not enrolling_work.work_some(workshop_of(office), limit=3, at=office.at):
            break
    return enrolling_many.get(job)


def leaves() -> int:
    return SerialNumber.objects.exclude(certificate=None).exclude(profile="authority").count()


@pytest.mark.requirement("B21", "B34", "A26")
def test_a_list_is_checked_before_and_worked_through(office: Office) -> None:
    job = prepared(office)
    assert [LineFault(row.why) for row in enrolling_many.not_made(job)] == [
        LineFault.FOREIGN_DOMAIN, LineFault.BAD_ADDRESS, LineFault.TWICE, LineFault.HALF_NAME,
    ]  # fmt: skip
    assert enrolling_work.work_some(workshop_of(office), limit=9, at=office.at) == 0
    enrolling_many.start(job, by="test", at=office.at)
    done = worked(office, job)
    assert done.row.state is EnrolmentJobState.DONE
    assert (done.figures.issued, done.figures.failed, leaves()) == (3, 4, 3)
    subjects = [row.certificate.subject for row in SerialNumber.objects.exclude(certificate=None)
                if row.certificate and row.profile != "authority"]  # fmt: skip
    assert any("Ernst" in each for each in subjects)
    assert JournalEntry.objects.filter(action="enrolments.ended").count() == 1


def test_it_stops_at_once_and_goes_on_where_it_was(office: Office) -> None:
    job = prepared(office)
    enrolling_many.start(job, by="test", at=office.at)
    assert enrolling_work.work_some(workshop_of(office), limit=1, at=office.at) == 1
    enrolling_many.stop(job, by="test", at=office.at)
    assert enrolling_work.work_some(workshop_of(office), limit=9, at=office.at) == 0
    with pytest.raises(Conflict, match="already"):
        enrolling_many.discard(job)
    enrolling_many.start(job, by="test", at=office.at)
    with pytest.raises(Conflict, match="stopped"):
        enrolling_many.start(job, by="test", at=office.at)
    assert worked(office, job).figures.issued == 3


@pytest.mark.parametrize("step", [Step.KEY_KEPT, Step.SERIAL_RESERVED, Step.WRITTEN, Step.ISSUED])
def test_killed_in_between_it_makes_nothing_twice(office: Office, step: Step) -> None:
    job = prepared(office)
    enrolling_many.start(job, by="test", at=office.at)
    with pytest.raises(Killed):
        enrolling_work.work_some(
            replace(workshop_of(office), passes=_kill_at(step)), limit=9, at=office.at
        )
    done = worked(office, job)
    assert (done.figures.issued, done.figures.there, leaves()) == (3, 0, 3)
    assert PrivateKey.objects.filter(enrolments__isnull=False).count() == 3


def _kill_at(step: Step) -> Callable[[Step], None]:
    def passes(found: Step) -> None:
        if found is step:
            raise Killed

    return passes


def test_who_has_a_certificate_is_passed_over(office: Office) -> None:
    made_authority(office)
    accounts.create(EVA, "", by="test", at=office.at)
    order = Order(address=EVA, key=KeyChoice.P_256)
    issuing.enrol(order, None, workshop_of(office), by="test", at=office.at)
    office.at += timedelta(hours=1)
    lines = read_staff_list(b"address\neva.ernst@office.example\n")
    job = enrolling_many.prepare(lines, PLAN, by="test", at=office.at)
    enrolling_many.start(job, by="test", at=office.at)
    worked(office, job)
    assert EnrolmentLine.objects.get().state == EnrolmentLineState.THERE
    assert leaves() == 1


def test_accounts_without_certificate_need_no_list(office: Office) -> None:
    made_authority(office)
    accounts.create(EVA, "Eva", by="test", at=office.at)
    job = enrolling_many.prepare_without_certificate(PLAN, by="test", at=office.at)
    assert [row.address for row in enrolling_many.report(job)] == ["eva.ernst@office.example"]
    enrolling_many.start(job, by="test", at=office.at)
    assert worked(office, job).figures.issued == 1
    with pytest.raises(Conflict, match="no line"):
        enrolling_many.prepare_without_certificate(PLAN, by="test", at=office.at)


def test_everybody_may_get_a_pair(office: Office) -> None:
    pair = replace(PLAN, key=KeyChoice.ED25519, second_key=KeyChoice.X25519)
    job = prepared(office, "address\neva@office.example\n", pair)
    enrolling_many.start(job, by="test", at=office.at)
    assert worked(office, job).figures.issued == 1
    assert leaves() == 2
    assert len(EnrolmentLine.objects.get().detail.split()) == 2


def test_an_account_that_is_missing_fails_its_line_only(office: Office) -> None:
    job = prepared(office, plan=replace(PLAN, create_accounts=False))
    accounts.create(EVA, "", by="test", at=office.at)
    enrolling_many.start(job, by="test", at=office.at)
    done = worked(office, job)
    assert done.figures.issued == 1
    assert [row.why for row in enrolling_many.not_made(job)].count("no_account") == 2


def test_it_stops_by_itself_when_nothing_can_be_made(office: Office) -> None:
    job = prepared(office)
    enrolling_many.start(job, by="test", at=office.at)
    row = authorities.named("Landratsamt Issuing")
    assert row.certificate is not None
    issuing.revoke(
        row.certificate.fingerprint, RevocationReason.CA_COMPROMISE,
        workshop_of(office), by="test", at=office.at,
    )  # fmt: skip
    assert enrolling_work.work_some(workshop_of(office), limit=9, at=office.at) == 0
    found = enrolling_many.get(job).row
    assert found.state is EnrolmentJobState.STOPPED
    assert "revoked" in found.problem


def test_a_list_of_nobody_makes_no_job(office: Office) -> None:
    with pytest.raises(Conflict, match="no line"):
        prepared(office, "address\nkeine\n")


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300) | st.text(max_size=200).map(lambda text: text.encode()))
@pytest.mark.requirement("B21")
def test_any_octets_are_a_list_or_a_clear_error(data: bytes) -> None:
    for table in (data, b"address;surname;given_name;shared\n" + data):
        try:
            lines = read_staff_list(table)
        except (MalformedMessage, LimitExceeded):
            continue
        assert len(lines) <= MAX_LINES
        assert all((line.member is None) == (line.why is not None) for line in lines)
