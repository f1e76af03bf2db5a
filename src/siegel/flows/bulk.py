"""Mail to many: one text, a list of recipients, a message for each.

„E-Mailverschlüsselung ist nicht für den Massenmailversand … verfügbar“: every message is signed
where the sender has a certificate, and none is encrypted. A job is looked at before it starts, can
be stopped and goes on where it stood. Sending itself: ``bulk_sending``.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from siegel.base.address import EmailAddress
from siegel.base.errors import Conflict, NotFound
from siegel.flows import bulk_merge, mail_access, outbox_weighing
from siegel.flows.bulk_list import ListRow, Omission, RecipientList
from siegel.flows.outbound import Weighed
from siegel.flows.outbox_weighing import Parcel
from siegel.flows.site import Site
from siegel.policy.actions import Action
from siegel.policy.outbound import Refuse
from siegel.policy.reasons import Reason
from siegel.store.bulk_rows import BulkItemRow, Figures, JobRow, NewBulkItem
from siegel.store.queries import accounts, bulk, journal
from siegel.store.queries.bulk import BulkState
from siegel.store.transaction import together

NAMED = 200  # lines left out, or with an empty field, that are kept by their numbers
NOBODY = Figures()


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What somebody wants to send to many."""

    account: EmailAddress
    sender: EmailAddress
    user: EmailAddress
    subject: str
    text: str = field(repr=False)
    unsubscribe: str = ""
    recipients: RecipientList = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """What a job says, as it lies sealed. ``fields``: columns that the text uses. ``left_out``:
    lines of the list that get nothing, ``empty``: lines that miss a value, the first of each, with
    how many there are."""

    name: str
    subject: str
    text: str
    unsubscribe: str
    fields: tuple[str, ...]
    left_out: tuple[tuple[int, str, str], ...]
    counts: Mapping[str, int]
    empty: tuple[tuple[int, str], ...]
    empties: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    row: JobRow
    figures: Figures


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """The message as one recipient will get it. ``missing``: fields that are empty for him."""

    number: int
    to: str
    subject: str
    text: str
    missing: tuple[str, ...]


def prepare(order: Order, site: Site, *, by: str, at: datetime) -> int:
    """The job, not started. Raises ``NotFound`` for an account the person does not write for, and
    ``Conflict`` (parameter ``why``) for what cannot be sent: no recipients, fields without a
    column (``names``), a sender that is not this account's, a private key in the text."""
    if order.account not in mail_access.writable(order.user, at=at):
        raise NotFound(f"no account {order.account}")
    used = bulk_merge.fields_of(order.subject, order.text)
    unknown = bulk_merge.unknown_fields(used, order.recipients.fields)
    if unknown:
        raise Conflict("fields without a column", why="fields", names=", ".join(unknown))
    if not order.recipients.rows:
        raise Conflict("no recipients", why="nobody")
    text = _text(order, used)
    first = _merged_message(text, order.sender, order.recipients.rows[0], used, order, at, site)
    least = outbox_weighing.least_of(_checked(order, first, site, at))
    with together():
        job = bulk.add(
            account=order.account,
            user=order.user,
            sender=order.sender,
            subject=order.subject,
            plan=least,
            total=len(order.recipients.rows),
            by=by,
            at=at,
        )
        bulk.fill(job, sealed_text(text, job, site), _items(order, job, used, site))
    return job


def get(id_: int, person: EmailAddress, *, at: datetime) -> Job:
    """Raises ``NotFound`` for what is not there or not of an account the person writes for."""
    row = bulk.get(id_)
    if row.account not in mail_access.writable(person, at=at):
        raise NotFound(f"no mail to many {id_}")
    return Job(row=row, figures=bulk.figures([id_]).get(id_, NOBODY))


def listed(person: EmailAddress, *, at: datetime) -> tuple[Job, ...]:
    """Of all accounts the person writes for, the latest first."""
    rows = bulk.of_accounts(mail_access.writable(person, at=at))
    figures = bulk.figures(row.id for row in rows)
    return tuple(Job(row=row, figures=figures.get(row.id, NOBODY)) for row in rows)


def start(id_: int, person: EmailAddress, *, by: str, at: datetime) -> None:
    """Begin, or go on after a stop. Raises ``Conflict`` if it runs or is done."""
    job = get(id_, person, at=at)
    begun = job.row.started_at or at
    with together():
        values = {"started_at": begun, "problem": ""}
        if not bulk.change(id_, come_from=BulkState.STOPPED, to=BulkState.RUNNING, **values):
            raise Conflict("it runs already, or is done")
        note(job, Action.BULK_STARTED, by=by, at=at)


def stop(id_: int, person: EmailAddress, *, by: str, at: datetime) -> None:
    """Nothing more leaves but what is in a worker's hands at this moment."""
    job = get(id_, person, at=at)
    with together():
        if not bulk.change(id_, come_from=BulkState.RUNNING, to=BulkState.STOPPED):
            raise Conflict("it does not run")
        note(job, Action.BULK_STOPPED, by=by, at=at)


def discard(id_: int, person: EmailAddress, *, at: datetime) -> None:
    """Remove a job that nobody has started. Raises ``Conflict`` for any other one."""
    job = get(id_, person, at=at)
    if job.row.started_at is not None or job.row.state is not BulkState.STOPPED:
        raise Conflict("it was started already")
    bulk.remove(id_)


def preview(job: Job, number: int, site: Site) -> Preview:
    """The message of one recipient; ``NotFound`` beyond the list."""
    item = bulk.item(job.row.id, number)
    text = text_of(job.row, site)
    values = values_of(item, text, job.row.id, site)
    return Preview(
        number=number,
        to=item.address,
        subject=bulk_merge.merged(text.subject, values),
        text=bulk_merge.merged(text.text, values),
        missing=bulk_merge.missing(f"{text.subject}\n{text.text}", values),
    )


def report(job: Job) -> Iterator[BulkItemRow]:
    """Every recipient, in the order of the list."""
    return bulk.everybody(job.row.id)


def not_reached(job: Job, *, limit: int = 50) -> tuple[BulkItemRow, ...]:
    return bulk.failed(job.row.id, limit=limit)


def note(job: Job, action: Action, *, by: str, at: datetime) -> None:
    """Into the journal: figures, never a list of addresses."""
    figures = job.figures
    detail = {
        "job": job.row.id,
        "total": job.row.total,
        "sent": figures.sent,
        "failed": figures.failed,
    }
    about = str(job.row.sender)
    journal.write(
        at=at, actor=by, action=action, about=about, reasons=[Reason.BULK_MAIL], detail=detail
    )


def sealed_text(text: Text, job: int, site: Site) -> bytes:
    said = {
        "name": text.name,
        "subject": text.subject,
        "text": text.text,
        "unsubscribe": text.unsubscribe,
        "fields": list(text.fields),
        "left_out": [list(each) for each in text.left_out],
        "counts": dict(text.counts),
        "empty": [list(each) for each in text.empty],
        "empties": text.empties,
    }
    return site.vault.seal_content(json.dumps(said).encode(), _use(job), rng=site.rng)


def text_of(row: JobRow, site: Site) -> Text:
    said = json.loads(site.vault.unseal_content(row.sealed, _use(row.id)))
    return Text(
        name=said["name"],
        subject=said["subject"],
        text=said["text"],
        unsubscribe=said["unsubscribe"],
        fields=tuple(said["fields"]),
        left_out=tuple((line, why, text) for line, why, text in said["left_out"]),
        counts=said["counts"],
        empty=tuple((line, name) for line, name in said["empty"]),
        empties=said["empties"],
    )


def values_of(item: BulkItemRow, text: Text, job: int, site: Site) -> dict[str, str]:
    """What stands in the used columns for this recipient, by folded name."""
    if not item.sealed:
        return {}
    values = json.loads(site.vault.unseal_content(item.sealed, _use_of_item(job, item.number)))
    return {name.casefold(): value for name, value in zip(text.fields, values, strict=True)}


def _use(job: int) -> str:
    return f"mail to many {job}"


def _use_of_item(job: int, number: int) -> str:
    return f"mail to many {job} recipient {number}"


def _text(order: Order, used: Sequence[str]) -> Text:
    counts = Counter(each.why.value for each in order.recipients.left_out)
    empty = list(_empty(order, used))
    return Text(
        name=accounts.get(order.account).display_name,
        subject=order.subject,
        text=order.text,
        unsubscribe=order.unsubscribe,
        fields=tuple(used),
        left_out=tuple(map(_told, order.recipients.left_out[:NAMED])),
        counts=counts,
        empty=tuple(empty[:NAMED]),
        empties=len(empty),
    )


def _told(omission: Omission) -> tuple[int, str, str]:
    return omission.line, omission.why.value, omission.text


def _empty(order: Order, used: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Lines in which a value is missing that the text has nothing for."""
    if not used:
        return
    whole = f"{order.subject}\n{order.text}"
    places = _places(order.recipients.fields, used)
    for row in order.recipients.rows:
        values = {n.casefold(): row.values[p] for n, p in zip(used, places, strict=True)}
        if not all(values.values()):
            yield from ((row.line, name) for name in bulk_merge.missing(whole, values)[:1])


def _places(columns: Sequence[str], used: Sequence[str]) -> tuple[int, ...]:
    folded = [each.casefold() for each in columns]
    return tuple(folded.index(name.casefold()) for name in used)


def _items(order: Order, job: int, used: Sequence[str], site: Site) -> Iterator[NewBulkItem]:
    """Only what the text uses is kept, sealed; the Message-ID is fixed now."""
    places = _places(order.recipients.fields, used)
    mark = site.rng(8).hex()
    for number, row in enumerate(order.recipients.rows, 1):
        sealed = b""
        if places:
            values = json.dumps([row.values[place] for place in places]).encode()
            sealed = site.vault.seal_content(values, _use_of_item(job, number), rng=site.rng)
        yield NewBulkItem(
            number=number,
            address=as_sent(row.address),
            sealed=sealed,
            message_id=f"<bulk-{mark}-{number}@{site.hostname}>",
        )


def as_sent(address: EmailAddress) -> str:
    """The domain as DNS knows it, the rest as it was spelt."""
    local = address.spelling.rpartition("@")[0]
    return f"{local}@{address.domain}" if local else str(address)


def _merged_message(
    text: Text,
    sender: EmailAddress,
    row: ListRow,
    used: Sequence[str],
    order: Order,
    at: datetime,
    site: Site,
) -> bytes:
    places = _places(order.recipients.fields, used)
    values = {n.casefold(): row.values[p] for n, p in zip(used, places, strict=True)}
    return bulk_merge.message(
        sender=sender,
        name=text.name,
        to=row.address,
        subject=bulk_merge.merged(text.subject, values),
        text=bulk_merge.merged(text.text, values),
        message_id=f"<preview@{site.hostname}>",
        unsubscribe=text.unsubscribe,
        at=at,
    )


def _checked(order: Order, raw: bytes, site: Site, at: datetime) -> Weighed:
    """What will become of its messages, by the first of them."""
    to = as_sent(order.recipients.rows[0].address)
    parcel = Parcel(account=order.account, recipients=[to], raw=raw, waits=False)
    found = outbox_weighing.weighed(parcel, site, at=at)
    if not found.gathered.facts.sender_entitled:
        raise Conflict("the account may not write as this sender", why="sender")
    decision = found.decision
    if isinstance(decision, Refuse) and Reason.PRIVATE_KEY_ATTACHED in decision.reasons:
        raise Conflict("there is a private key in the text", why="key")
    return found
