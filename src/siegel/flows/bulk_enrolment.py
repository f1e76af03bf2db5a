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
from siegel.base.errors import NotFound, SiegelError
from siegel.flows import accounts as account_flows
from siegel.flows.issuers import issuing_authority
from siegel.flows.issuing import Order, Workshop, enrol, require_control
from siegel.flows.staff_list import StaffLine, StaffMember
from siegel.pki.classes import ValidationType
from siegel.store.queries import accounts


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
        if line.member is None:
            yield Outcome(line=line.number, address="", result=Result.FAILED, detail=line.fault)
            continue
        address = str(line.member.address)
        try:
            require_control(line.member.address, row, at)
            if create_accounts:
                _require_account(line.member, by=by, at=at)
            done = enrol(_order(line.member, template), row.name, workshop, by=by, at=at)
        except SiegelError as error:
            yield Outcome(
                line=line.number, address=address, result=Result.FAILED, detail=str(error)
            )
            continue
        result = Result.ISSUED if done.new else Result.THERE
        fingerprint = done.certificate.fingerprint
        yield Outcome(line=line.number, address=address, result=result, detail=fingerprint)


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
