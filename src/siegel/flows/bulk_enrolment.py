"""Certificates for many accounts: one after the other, each finished before the next is begun.

Stopped or killed, it is simply started again: who has a certificate is passed over, what broke off
is finished. So nothing has to be remembered between two runs.
"""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from siegel.base.address import EmailAddress
from siegel.base.errors import Conflict, NotFound, SiegelError
from siegel.flows import accounts as account_flows
from siegel.flows.issuers import issuing_authority
from siegel.flows.issuing import Enrolled, Order, Workshop, enrol, require_control
from siegel.flows.staff_list import StaffLine, StaffMember
from siegel.pki.classes import ValidationType
from siegel.policy.enrolling import LineFault
from siegel.store.authority_rows import AuthorityRow
from siegel.store.queries import accounts

_TRIES = 3  # at one account, while another process may be at it, too


class Result(StrEnum):
    ISSUED = "issued"
    THERE = "there already"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of one line; ``detail`` is the fingerprint, or why there is none."""

    line: int
    address: str
    result: Result
    detail: str
    why: LineFault | None = None


def enrol_many(
    lines: Iterable[StaffLine],
    template: Order,
    authority: str | None,
    workshop: Workshop,
    *,
    create_accounts: bool,
    by: str,
    at: datetime,
) -> Iterator[Outcome]:
    """An outcome for each line, as soon as it is certain. ``template`` gives kind of key, use and
    days; the line gives the names. A line that fails stops no other."""
    row = issuing_authority(authority)
    for line in lines:
        yield enrol_line(
            line, template, row, workshop, create_accounts=create_accounts, by=by, at=at
        )


def enrol_line(
    line: StaffLine,
    template: Order,
    row: AuthorityRow,
    workshop: Workshop,
    *,
    create_accounts: bool,
    by: str,
    at: datetime,
) -> Outcome:
    """One of them, finished or known to be impossible."""
    if line.member is None:
        return _failed(line.number, "", line.why or LineFault.OTHER, line.fault)
    address = str(line.member.address)
    try:
        require_control(line.member.address, row, at)
    except Conflict as error:
        return _failed(line.number, address, LineFault.FOREIGN_DOMAIN, str(error))
    try:
        if create_accounts:
            _require_account(line.member, by=by, at=at)
        done = _enrolled(_order(line.member, template), row, workshop, by=by, at=at)
    except NotFound as error:
        return _failed(line.number, address, LineFault.NO_ACCOUNT, str(error))
    except SiegelError as error:
        return _failed(line.number, address, LineFault.OTHER, str(error))
    result = Result.ISSUED if done.new else Result.THERE
    fingerprint = done.certificate.fingerprint
    return Outcome(line=line.number, address=address, result=result, detail=fingerprint)


def _enrolled(
    order: Order, row: AuthorityRow, workshop: Workshop, *, by: str, at: datetime
) -> Enrolled:
    """Whoever meets another one at work on the same account finds that one's work the next time."""
    for _ in range(_TRIES - 1):
        try:
            return enrol(order, row.name, workshop, by=by, at=at)
        except Conflict:
            continue
    return enrol(order, row.name, workshop, by=by, at=at)


def _failed(line: int, address: str, why: LineFault, detail: str) -> Outcome:
    return Outcome(line=line, address=address, result=Result.FAILED, detail=detail, why=why)


def _require_account(member: StaffMember, *, by: str, at: datetime) -> None:
    try:
        accounts.get(member.address)
    except NotFound:
        plain = EmailAddress.parse(str(member.address))
        account_flows.create(plain, member.name, by=by, at=at)


def _order(member: StaffMember, template: Order) -> Order:
    validation = ValidationType.MAILBOX if member.person is None else ValidationType.SPONSOR
    if member.shared:
        validation = ValidationType.ORGANISATION
    return replace(
        template,
        address=member.address,
        person=member.person,
        profile=replace(template.profile, validation=validation),
    )


def report(found: Iterable[Outcome]) -> bytes:
    """The outcomes as a table for spreadsheets: no cell of it begins like a formula."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(("line", "address", "result", "detail"))
    for one in found:
        cells = (str(one.line), one.address, one.result.value, one.detail)
        writer.writerow([f"'{cell}" if cell[:1] in _FORMULA else cell for cell in cells])
    return text.getvalue().encode("utf-8-sig")


_FORMULA = frozenset("=+-@\t\r")
