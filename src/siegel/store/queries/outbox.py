"""What the outbox has accepted. Each change of state names the state it comes from, so that of two
who want to change it one does, and the other learns that he did not."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import Count, F, Q, QuerySet

from siegel.base.address import EmailAddress
from siegel.base.errors import NotFound
from siegel.store.models import Draft, MailAccount, OutboxItem, OutboxRecipient, User
from siegel.store.models.mail import SUBJECT
from siegel.store.models.writing import OutboxState
from siegel.store.outbox_rows import NewOutboxItem, OutboxRow, RecipientRow
from siegel.store.text import clean, clean_json

__all__ = ["OutboxState"]

LISTED = 200  # items of one list; an outbox is short, and what has left is found in Sent
_ANSWER = 500


def add(new: NewOutboxItem, *, by: str, at: datetime) -> int:
    """Call it in the transaction that says „accepted“."""
    with transaction.atomic():
        item = OutboxItem.objects.create(
            account=MailAccount.objects.get(address=str(new.account)),
            user=User.objects.filter(email=str(new.user)).first(),
            sender=str(new.sender),
            subject=clean(new.subject, SUBJECT),
            message_id=new.message_id,
            sealed=new.sealed,
            state=new.state,
            plan=new.plan,
            reasons=list(new.reasons),
            obstacles=clean_json(_lists(new.obstacles)),
            answers_id=new.answers,
            accepted_by=by,
            accepted_at=at,
            due_at=new.due_at,
            waits=new.waits,
            held_at=at if new.state is OutboxState.HELD else None,
        )
        OutboxRecipient.objects.bulk_create(
            OutboxRecipient(item=item, address=each.address, kind=each.kind)
            for each in new.recipients
        )
    return item.pk


def known(account: EmailAddress, message_id: str) -> int | None:
    """The item of this Message-ID, if it was accepted already."""
    asked = OutboxItem.objects.filter(account__address=str(account), message_id=message_id)
    return asked.values_list("pk", flat=True).first()


def get(id_: int) -> OutboxRow:
    found = rows(OutboxItem.objects.filter(pk=id_))
    if not found:
        raise NotFound(f"no message {id_} in the outbox")
    return found[0]


def sealed(id_: int) -> bytes:
    """Empty when it has left and lies in Sent."""
    return bytes(OutboxItem.objects.values_list("sealed", flat=True).get(pk=id_))


def of_accounts(
    accounts: Iterable[EmailAddress],
    states: Iterable[OutboxState],
    *,
    since: datetime | None = None,
) -> tuple[OutboxRow, ...]:
    """The latest first; two queries."""
    asked = OutboxItem.objects.filter(
        account__address__in=[str(each) for each in accounts], state__in=list(states)
    )
    if since is not None:
        asked = asked.filter(accepted_at__gte=since)
    return rows(asked.order_by("-accepted_at", "-id")[:LISTED])


def stuck(accounts: Iterable[EmailAddress], *, failed_since: datetime) -> Counter[OutboxState]:
    """How many are held, and how many failed since then; one query."""
    failed = Q(state=OutboxState.FAILED, accepted_at__gte=failed_since)
    asked = OutboxItem.objects.filter(
        Q(state=OutboxState.HELD) | failed, account__address__in=[str(each) for each in accounts]
    )
    found = asked.order_by().values("state").annotate(number=Count("pk"))
    return Counter({OutboxState(row["state"]): row["number"] for row in found})


def take_due(*, at: datetime, until: datetime) -> int | None:
    """The next item to send, now SENDING; another worker may take it from ``until`` on. A worker
    that died leaves it SENDING, and it is taken again."""
    due = Q(state__in=(OutboxState.WAITING, OutboxState.SENDING), due_at__lte=at)
    with transaction.atomic():
        asked = OutboxItem.objects.select_for_update(skip_locked=True).filter(due)
        id_ = asked.order_by("due_at", "id").values_list("pk", flat=True).first()
        if id_ is None:
            return None
        taken = OutboxItem.objects.filter(pk=id_)
        taken.update(state=OutboxState.SENDING, due_at=until, attempts=F("attempts") + 1)
        taken.filter(tried_at=None).update(tried_at=at)
    return id_


def keep(id_: int, attempt: int, *, until: datetime) -> bool:
    """Who is still sending says so; False when somebody else has it by now."""
    return bool(_mine(id_, attempt).update(due_at=until))


def take_held(*, at: datetime, until: datetime) -> tuple[OutboxRow, ...]:
    """Held items to look at anew; they come up again at ``until``."""
    with transaction.atomic():
        asked = OutboxItem.objects.select_for_update(skip_locked=True).filter(
            state=OutboxState.HELD, due_at__lte=at
        )
        ids = list(asked.order_by("due_at", "id").values_list("pk", flat=True)[:LISTED])
        OutboxItem.objects.filter(pk__in=ids).update(due_at=until)
    return rows(OutboxItem.objects.filter(pk__in=ids).order_by("id"))


def look_at_held(*, at: datetime) -> int:
    """Something has changed that may let held ones go: all of them are due."""
    return OutboxItem.objects.filter(state=OutboxState.HELD, due_at__gt=at).update(due_at=at)


def take_unfiled(*, at: datetime, until: datetime) -> int | None:
    """The next item that has left and is not yet finished; it comes up again at ``until``."""
    with transaction.atomic():
        asked = OutboxItem.objects.select_for_update(skip_locked=True).filter(
            state=OutboxState.SENT, filed_at=None, due_at__lte=at
        )
        id_ = asked.order_by("due_at", "id").values_list("pk", flat=True).first()
        if id_ is not None:
            OutboxItem.objects.filter(pk=id_).update(due_at=until)
    return id_


def change(
    id_: int,
    *,
    come_from: Iterable[OutboxState],
    to: OutboxState,
    attempt: int | None = None,
    **values: object,
) -> bool:
    """Whether it was in one of those states (and, with ``attempt``, still in the caller's
    hands)."""
    asked = OutboxItem.objects.filter(pk=id_, state__in=list(come_from))
    if attempt is not None:
        asked = asked.filter(attempts=attempt)
    return bool(asked.update(state=to, **values))


def hold(
    id_: int,
    *,
    come_from: Iterable[OutboxState],
    reasons: Iterable[str],
    obstacles: Mapping[str, Iterable[str]],
    at: datetime,
    look_at: datetime,
    attempt: int | None = None,
) -> bool:
    """Held, or held still; ``held_at`` is the moment from which on it was."""
    with transaction.atomic():
        asked = OutboxItem.objects.filter(pk=id_)
        done = change(
            id_,
            come_from=come_from,
            to=OutboxState.HELD,
            attempt=attempt,
            reasons=list(reasons),
            obstacles=clean_json(_lists(obstacles)),
            due_at=look_at,
        )
        if done:
            asked.filter(held_at=None).update(held_at=at)
    return done


def note(id_: int, **values: object) -> None:
    """Facts beside the state: journal, told_at, filed_at, sealed."""
    OutboxItem.objects.filter(pk=id_).update(**values)


def settle(id_: int, answers: Mapping[str, tuple[str, str]]) -> None:
    """What the next hop said about recipients: state and answer. Who was accepted stays so."""
    asked = OutboxRecipient.objects.filter(item_id=id_).exclude(state="accepted")
    changed = list(asked.filter(address__in=answers))
    for each in changed:
        each.state, answer = answers[each.address]
        each.answer = clean(answer, _ANSWER)
    OutboxRecipient.objects.bulk_update(changed, ["state", "answer"], batch_size=500)


def withdrawn(id_: int, *, come_from: Iterable[OutboxState]) -> bool:
    """Taken back, unless somebody has got it already. The text is gone with it, and its Message-ID
    is free again: the same letter may be sent later."""
    with transaction.atomic():
        if OutboxRecipient.objects.filter(item_id=id_, state="accepted").exists():
            return False
        return change(
            id_,
            come_from=come_from,
            to=OutboxState.WITHDRAWN,
            message_id=f"withdrawn {id_}",
            sealed=b"",
            due_at=None,
        )


def draft_of(id_: int) -> int | None:
    """The draft that was handed over."""
    return Draft.objects.filter(outbox_id=id_).values_list("pk", flat=True).first()


def remove_draft(id_: int) -> None:
    """What has left or was deleted is no draft any more."""
    Draft.objects.filter(outbox_id=id_).delete()


def forget(*, before: datetime) -> int:
    """What has left or was taken back long ago; what failed keeps its text until then."""
    ended = (OutboxState.SENT, OutboxState.FAILED, OutboxState.WITHDRAWN)
    old = OutboxItem.objects.filter(state__in=ended, accepted_at__lt=before)
    return old.exclude(state=OutboxState.SENT, filed_at=None).delete()[1].get("store.OutboxItem", 0)


def rows(asked: QuerySet[OutboxItem]) -> tuple[OutboxRow, ...]:
    """Without their texts, which may be big."""
    found = asked.select_related("account", "user").prefetch_related("recipients").defer("sealed")
    return tuple(_row(each) for each in found)


def _row(row: OutboxItem) -> OutboxRow:
    return OutboxRow(
        id=row.pk,
        account=EmailAddress.parse(row.account.address),
        user=EmailAddress.parse(row.user.email) if row.user else None,
        sender=EmailAddress.parse(row.sender),
        subject=row.subject,
        message_id=row.message_id,
        state=OutboxState(row.state),
        plan=row.plan,
        reasons=tuple(row.reasons),
        obstacles={address: tuple(each) for address, each in row.obstacles.items()},
        journal=row.journal,
        answers=row.answers_id,
        accepted_by=row.accepted_by,
        accepted_at=row.accepted_at,
        due_at=row.due_at,
        attempts=row.attempts,
        answer=row.answer,
        sent_at=row.sent_at,
        filed_at=row.filed_at,
        told_at=row.told_at,
        waits=row.waits,
        held_at=row.held_at,
        tried_at=row.tried_at,
        recipients=tuple(
            RecipientRow(address=r.address, kind=r.kind, state=r.state, answer=r.answer)
            for r in sorted(row.recipients.all(), key=lambda r: r.pk)
        ),
    )


def _mine(id_: int, attempt: int) -> QuerySet[OutboxItem]:
    return OutboxItem.objects.filter(pk=id_, state=OutboxState.SENDING, attempts=attempt)


def _lists(obstacles: Mapping[str, Iterable[str]]) -> dict[str, list[str]]:
    return {address: list(found) for address, found in obstacles.items()}
