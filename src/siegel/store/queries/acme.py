"""Orders over ACME: what is due, what came for them, how they ended."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from django.db.models import Exists, F, Max, OuterRef, Q

from siegel.base.address import EmailAddress
from siegel.base.errors import NotFound
from siegel.store.acme_rows import AcmeMailRow, AcmeOrderRow
from siegel.store.models import (
    AcmeAccount,
    AcmeMail,
    AcmeOrder,
    Certificate,
    KeyBinding,
    MailAccount,
)
from siegel.store.models.acme import DETAIL
from siegel.store.models.certificate import LinkState
from siegel.store.text import clean

MOST_UNJUDGED = 50  # mails of one order at a time, so that forged ones fill no disk
MOST_MAILS = 1000  # of one order at all; of those that are judged no octets are left
MOST = 1000  # orders of one list
MOST_RENEWALS = 50  # of one round; authorities count orders


def account(directory: str) -> tuple[bytes, str] | None:
    """(sealed key, location) of our account at this authority."""
    row = AcmeAccount.objects.filter(directory=directory).first()
    return None if row is None else (bytes(row.sealed), row.location)


def keep_account(directory: str, sealed: bytes, *, at: datetime) -> bytes:
    """The sealed key that counts: of two processes that make one, the first wins."""
    row, _ = AcmeAccount.objects.get_or_create(
        directory=directory, defaults={"sealed": sealed, "made_at": at}
    )
    return bytes(row.sealed)


def located(directory: str, location: str) -> None:
    AcmeAccount.objects.filter(directory=directory).update(location=location)


def begin(request: int, directory: str, reason: str, *, at: datetime) -> None:
    AcmeOrder.objects.create(
        request_id=request, directory=directory, begun_at=at, reason=reason, due_at=at
    )


def open_of(address: EmailAddress) -> AcmeOrderRow | None:
    """The order that is open for an account."""
    found = _rows(Q(ended_at=None, request__account__address=str(address)))
    return found[0] if found else None


def get(id_: int) -> AcmeOrderRow:
    found = _rows(Q(pk=id_))
    if not found:
        raise NotFound(f"no ACME order {id_}")
    return found[0]


def by_request(requests: Iterable[int]) -> Mapping[int, AcmeOrderRow]:
    """Those of these requests that are ordered over ACME."""
    return {row.id: row for row in _rows(Q(pk__in=list(requests)))}


def all_rows() -> tuple[AcmeOrderRow, ...]:
    """The newest first."""
    return _rows(Q())


def take_due(*, at: datetime, lease: timedelta) -> AcmeOrderRow | None:
    """An order that is due, and nobody else's while the lease lasts; the longest due first."""
    due = AcmeOrder.objects.filter(ended_at=None, due_at__lte=at).order_by("due_at", "pk")
    for id_, was in due.values_list("pk", "due_at")[:10]:
        mine = AcmeOrder.objects.filter(pk=id_, due_at=was, ended_at=None)
        if mine.update(due_at=at + lease, attempts=F("attempts") + 1):
            return get(id_)
    return None


def note(row: AcmeOrderRow, reason: str, *, detail: str = "", due_at: datetime) -> None:
    """It waits for this reason until then; or is due at once, if mail has come since ``row`` was
    taken. For another reason than before the attempts begin anew."""
    open_ = AcmeOrder.objects.filter(pk=row.id, ended_at=None)
    changed = {} if reason == row.reason else {"attempts": 0}
    open_.update(reason=reason, detail=clean(detail, DETAIL), **changed)
    open_.filter(due_at=row.due_at).update(due_at=due_at)


def placed(id_: int, location: str) -> None:
    AcmeOrder.objects.filter(pk=id_).update(location=location)


def challenged(id_: int, *, challenge: str, token: str, authority: str) -> None:
    AcmeOrder.objects.filter(pk=id_).update(challenge=challenge, token=token, authority=authority)


def end(id_: int, reason: str, *, issued: bool, detail: str = "", at: datetime) -> bool:
    """True if it was open. What came for it is not kept any longer."""
    ended = AcmeOrder.objects.filter(pk=id_, ended_at=None).update(
        reason=reason, detail=clean(detail, DETAIL), ended_at=at, due_at=None, issued=issued
    )
    AcmeMail.objects.filter(order=id_).update(raw=b"", answer=b"")
    return bool(ended)


def ending(*, at: datetime, before: datetime, quiet: timedelta) -> tuple[EmailAddress, ...]:
    """Active accounts whose last certificate from ACME ends in that time: the next first. Not
    those that have a longer one from elsewhere, nor whose last order is younger than ``quiet``."""
    longer = Certificate.objects.filter(
        links__address=OuterRef("address"),
        links__state__in=(LinkState.LINKED, LinkState.CONFIRMED),
        spki_sha256__in=KeyBinding.objects.filter(account=OuterRef(OuterRef("pk"))).values("key"),
        not_after__gte=before,
    )
    found = (
        MailAccount.objects.filter(active=True, requests__acme__isnull=False)
        .annotate(
            end=Max("requests__certificate__not_after", filter=Q(requests__acme__issued=True)),
            last=Max("requests__acme__begun_at"),
        )
        .filter(end__gt=at, end__lt=before, last__lt=at - quiet)
        .exclude(Exists(longer))
    )
    names = found.order_by("end").values_list("address", flat=True)[:MOST_RENEWALS]
    return tuple(EmailAddress.parse(name) for name in names)


def keep_mail(addresses: Iterable[EmailAddress], raw: bytes, *, at: datetime) -> int:
    """Keep a mail for the open orders of these accounts, which are due at once; for how many."""
    wanted = [str(address) for address in addresses]
    orders = AcmeOrder.objects.filter(ended_at=None, request__account__address__in=wanted)
    digest, kept = hashlib.sha256(raw).hexdigest(), 0
    for order in orders:
        unjudged = order.mails.filter(judged_at=None).count()
        if unjudged >= MOST_UNJUDGED or order.mails.count() >= MOST_MAILS:
            continue
        _, new = AcmeMail.objects.get_or_create(
            order=order, sha256=digest, defaults={"raw": raw, "received_at": at}
        )
        if new:
            AcmeOrder.objects.filter(pk=order.pk).update(due_at=at)
            kept += 1
    return kept


def mails(order: int) -> tuple[AcmeMailRow, ...]:
    """In the order they came."""
    found = AcmeMail.objects.filter(order=order).order_by("received_at", "pk")
    return tuple(
        AcmeMailRow(
            id=row.pk,
            raw=bytes(row.raw),
            received_at=row.received_at,
            answer=bytes(row.answer),
            answer_to=row.answer_to,
            judged_at=row.judged_at,
            answered_at=row.answered_at,
        )
        for row in found
    )


def refuse_mail(id_: int, refusal: str, *, at: datetime) -> None:
    AcmeMail.objects.filter(pk=id_).update(refusal=refusal, judged_at=at, raw=b"")


def token_seen(token: str) -> bool:
    """Whether an answer to this token was ever prepared."""
    return AcmeMail.objects.filter(token_sha256=_hashed(token)).exists()


def refusal_of(address: EmailAddress, raw: bytes) -> str | None:
    """Why this very mail was not answered for the account; "" while it waits, None: not known."""
    digest = hashlib.sha256(raw).hexdigest()
    mine = AcmeMail.objects.filter(order__request__account__address=str(address), sha256=digest)
    return mine.order_by("-pk").values_list("refusal", flat=True).first()


def prepare_answer(id_: int, token: str, answer: bytes, to: EmailAddress, *, at: datetime) -> None:
    """From here on it is sent; the token is never answered a second time."""
    AcmeMail.objects.filter(pk=id_).update(
        token_sha256=_hashed(token), answer=answer, answer_to=str(to), judged_at=at, raw=b""
    )


def answered(id_: int, *, at: datetime) -> None:
    AcmeMail.objects.filter(pk=id_).update(answered_at=at, answer=b"")


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode("ascii")).hexdigest()


def _rows(asked: Q) -> tuple[AcmeOrderRow, ...]:
    found = AcmeOrder.objects.filter(asked).select_related("request__account")
    return tuple(_row(row) for row in found.order_by("-begun_at", "-pk")[:MOST])


def _row(row: AcmeOrder) -> AcmeOrderRow:
    account = row.request.account
    assert account is not None  # noqa: S101 - only requests of accounts are ordered so
    return AcmeOrderRow(
        id=row.pk,
        address=EmailAddress.parse(account.address),
        request=bytes(row.request.der),
        spki_sha256=row.request.key_id,
        made_by=row.request.made_by,
        directory=row.directory,
        begun_at=row.begun_at,
        location=row.location,
        challenge=row.challenge,
        token=row.token,
        authority=row.authority,
        reason=row.reason,
        detail=row.detail,
        attempts=row.attempts,
        due_at=row.due_at,
        ended_at=row.ended_at,
        issued=row.issued,
        certificate=row.request.certificate_id,
        withdrawn=row.request.withdrawn_at is not None,
    )
