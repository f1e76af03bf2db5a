"""Certificates over ACME for S/MIME (RFC 8823): order, prove the address, finalize, download.

Everything is derived from the store and from what the authority says now, so a step that broke off
is simply taken again. The key is kept with its request before anything is asked; what was ordered
twice because of a kill is left to expire, and its mail is answered too.
"""

import logging
from datetime import datetime, timedelta

from siegel.base.errors import Conflict, SiegelError, TransportFailure
from siegel.flows import acme_mail, requesting
from siegel.flows.acme_desk import AcmeDesk, AcmeStep, client_of
from siegel.flows.requesting import Wanted
from siegel.flows.workshop import Workshop
from siegel.pki.bundle import parse_certificates
from siegel.pki.export import ExportFormat, public_part
from siegel.policy.acme import MAIL_WITHIN, WAITING, AcmeReason, reason_of
from siegel.policy.actions import Action
from siegel.store.acme_rows import AcmeOrderRow
from siegel.store.authority_rows import RequestRow
from siegel.store.queries import acme, journal
from siegel.store.transaction import together
from siegel.transport.acme import AcmeClient, AcmeProblem, Authorization, EmailChallenge, Order
from siegel.transport.dkim_check import NameServerSilent

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)  # longer than one step may take, network included
PAUSES = tuple(timedelta(seconds=s) for s in (5, 10, 20, 40, 60, 120, 300, 600, 1800, 3600))
GIVE_UP_AFTER = timedelta(days=7)  # a server that is away so long has not just broken down


class _Ended(Exception):
    """The order has come to an end without a certificate."""

    def __init__(self, reason: AcmeReason, detail: str = "") -> None:
        super().__init__(reason.value)
        self.reason, self.detail = reason, detail


class _Waits(Exception):
    """Nothing to do now."""

    def __init__(
        self, reason: AcmeReason, *, wait: timedelta | None = None, detail: str = ""
    ) -> None:
        super().__init__(reason.value)
        self.reason, self.wait, self.detail = reason, wait, detail


def place(wanted: Wanted, directory: str, workshop: Workshop, *, by: str, at: datetime) -> int:
    """The request of a new order at the authority of ``directory``; the worker does the rest.

    Raises ``NotFound`` without the account and ``Conflict`` while an order is open for it, as
    there is one at a time, and for an address above ASCII (RFC 8823 §3 knows none).
    """
    with together():
        row = requesting.create(wanted, workshop, by=by, at=at)
        order(row, directory, at=at)
    return row.id


def order(row: RequestRow, directory: str, *, at: datetime) -> None:
    """The same for a request that is made already. Raises ``Conflict``."""
    if row.account is None or not str(row.account).isascii():
        raise Conflict("only addresses in ASCII can be proved over ACME")
    if acme.open_of(row.account) is not None:
        raise Conflict(f"an order for {row.account} is open already")
    acme.begin(row.id, directory, AcmeReason.TO_BE_PLACED.value, at=at)


def listing() -> tuple[AcmeOrderRow, ...]:
    """The newest first."""
    return acme.all_rows()


def advance_next(desk: AcmeDesk, *, at: datetime) -> bool:
    """Go on with one order that is due; False when there is none."""
    row = acme.take_due(at=at, lease=LEASE)
    if row is None:
        return False
    try:
        _advance(row, desk, at)
    except _Ended as ended:
        _end(row, ended.reason, ended.detail, at)
    except _Waits as waits:
        _note(row, waits.reason, waits.detail, waits.wait, at)
    except AcmeProblem as problem:
        _settle(row, problem, at)
    except NameServerSilent:
        _note(row, AcmeReason.KEY_NOT_FOUND_NOW, "", None, at)
    except TransportFailure as error:
        _note(row, AcmeReason.ANSWER_NOT_SENT, str(error), None, at)
    return True


def _advance(row: AcmeOrderRow, desk: AcmeDesk, at: datetime) -> None:
    if row.certificate is not None:  # somebody brought the answer
        acme.end(row.id, AcmeReason.BEING_ISSUED.value, issued=True, at=at)
        return
    if row.withdrawn:
        raise _Ended(AcmeReason.WITHDRAWN)
    client = _registered(row, desk, at)
    location = row.location or _ordered(row, client, desk)
    found = client.order(location)
    match found.status:
        case "pending":
            _prove(row, found, client, desk, at)
        case "ready":
            client.finalize(found.finalize, row.request)
            desk.passes(AcmeStep.FINALIZED)
            raise _Waits(AcmeReason.BEING_ISSUED, wait=found.wait or PAUSES[0])
        case "processing":
            raise _Waits(AcmeReason.BEING_ISSUED, wait=found.wait)
        case "valid":
            _take(row, client.certificate(found.certificate), desk, at)
        case _:
            raise _Ended(*_why_invalid(found, client))


def _registered(row: AcmeOrderRow, desk: AcmeDesk, at: datetime) -> AcmeClient:
    try:
        return client_of(desk, row.directory, at=at)
    except AcmeProblem as problem:
        if reason_of(problem.kind) is AcmeReason.REQUEST_REFUSED:  # nothing was requested yet
            raise _Ended(AcmeReason.ACCOUNT_REFUSED, problem.detail) from problem
        raise


def _ordered(row: AcmeOrderRow, client: AcmeClient, desk: AcmeDesk) -> str:
    location = client.new_order(row.address)
    desk.passes(AcmeStep.ORDERED)
    acme.placed(row.id, location)
    desk.passes(AcmeStep.ORDER_NOTED)
    return location


def _prove(
    row: AcmeOrderRow, order: Order, client: AcmeClient, desk: AcmeDesk, at: datetime
) -> None:
    """Answer the challenge mail, then tell the authority; always ends by raising."""
    authorization = _authorization(row, order, client)
    challenge = authorization.challenge
    if challenge is None:
        raise _Ended(AcmeReason.NO_EMAIL_CHALLENGE)
    if challenge.status in ("valid", "processing"):
        raise _Waits(AcmeReason.MAIL_ANSWERED, wait=order.wait)
    row = _noted(row, challenge, desk)
    if not acme_mail.answer_what_came(row, client.key.thumbprint, desk, at=at):
        if at - row.begun_at > MAIL_WITHIN:
            raise _Ended(AcmeReason.NO_MAIL_CAME)
        raise _Waits(AcmeReason.AWAITING_MAIL)
    client.begin(challenge.url)
    desk.passes(AcmeStep.AUTHORITY_TOLD)
    raise _Waits(AcmeReason.MAIL_ANSWERED)


def _authorization(row: AcmeOrderRow, order: Order, client: AcmeClient) -> Authorization:
    if len(order.authorizations) != 1:
        raise _Ended(AcmeReason.NO_EMAIL_CHALLENGE)
    authorization = client.authorization(order.authorizations[0])
    if authorization.identifier.lower() != str(row.address):
        raise _Ended(AcmeReason.NO_EMAIL_CHALLENGE, authorization.identifier)
    return authorization


def _noted(row: AcmeOrderRow, challenge: EmailChallenge, desk: AcmeDesk) -> AcmeOrderRow:
    """What the challenge mail is held against; a server does not change it afterwards."""
    if not row.challenge:
        sender = challenge.sender.removeprefix("mailto:")
        acme.challenged(row.id, challenge=challenge.url, token=challenge.token, authority=sender)
        desk.passes(AcmeStep.CHALLENGE_NOTED)
    return acme.get(row.id)


def _take(row: AcmeOrderRow, chain: bytes, desk: AcmeDesk, at: datetime) -> None:
    """What came belongs to our key and names the address, or it is not taken; besides it only
    authorities are, so that nothing else finds an address or a key that waits."""
    desk.passes(AcmeStep.DOWNLOADED)
    try:
        found = parse_certificates(chain)
    except SiegelError as error:
        raise _Ended(AcmeReason.WRONG_CERTIFICATE, str(error)) from error
    mine = [one for one in found if one.spki_sha256 == row.spki_sha256]
    named = next((one for one in mine if row.address in one.addresses), None)
    if named is None:
        raise _Ended(AcmeReason.WRONG_CERTIFICATE)
    above = [one for one in found if one.is_ca]
    kept = public_part(named, above, format=ExportFormat.PEM)
    workshop = Workshop(vault=desk.site.vault, rng=desk.site.rng)
    with together():
        requesting.answer(kept, workshop, by=row.made_by, at=at, only=row.spki_sha256)
        acme.end(row.id, AcmeReason.BEING_ISSUED.value, issued=True, at=at)


def _why_invalid(order: Order, client: AcmeClient) -> tuple[AcmeReason, str]:
    """The order tells, or its challenge does."""
    problem = order.problem
    if problem is None and order.authorizations:
        challenge = client.authorization(order.authorizations[0]).challenge
        problem = challenge.problem if challenge is not None else None
    if problem is None:
        return AcmeReason.CHALLENGE_FAILED, order.status
    known = reason_of(problem.kind)
    return (AcmeReason.CHALLENGE_FAILED if known in WAITING else known), problem.detail


def _settle(row: AcmeOrderRow, problem: AcmeProblem, at: datetime) -> None:
    """Trouble that passes is waited for; a refusal is the end."""
    reason = reason_of(problem.kind)
    if reason in WAITING:
        _note(row, reason, problem.detail, problem.wait, at)
    else:
        _end(row, reason, problem.detail, at)


def _note(
    row: AcmeOrderRow, reason: AcmeReason, detail: str, wait: timedelta | None, at: datetime
) -> None:
    if at - row.begun_at >= GIVE_UP_AFTER:
        _end(row, AcmeReason.ORDER_GONE, detail, at)
        return
    tried = row.attempts if reason.value == row.reason else 1
    pause = wait or PAUSES[min(tried, len(PAUSES)) - 1]
    acme.note(row, reason.value, detail=detail, due_at=at + pause)


def _end(row: AcmeOrderRow, reason: AcmeReason, detail: str, at: datetime) -> None:
    log.warning("acme order ended order=%s reason=%s", row.id, reason.value)
    with together():
        if acme.end(row.id, reason.value, issued=False, detail=detail, at=at):
            journal.write(
                at=at,
                actor=acme_mail.BY,
                action=Action.CERTIFICATE_ORDER_FAILED,
                about=str(row.address),
                detail={"request": row.id, "why": reason.value, "detail": detail},
            )
