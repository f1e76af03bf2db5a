"""From a draft to the outbox: recipients, the writer's wish, the message, and no quote in clear.

A draft whose text quotes what came encrypted leaves encrypted or not at all, whatever the form
said. „Empfänger ohne Zertifikat“ are taken out only when the writer chose so.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from siegel.base.address import EmailAddress
from siegel.flows import (
    composing,
    draft_copies,
    drafts,
    outbox,
    outbox_undo,
    recipient_standing,
    replying,
)
from siegel.flows.composing import Named, Text
from siegel.flows.drafts import Draft, Upload, Way, Written
from siegel.flows.exporting import export_public
from siegel.flows.outbox import Letter
from siegel.flows.recipient_standing import Asking, Standings
from siegel.flows.site import Site
from siegel.pki.export import ExportFormat
from siegel.pki.keyguard import contains_private_key
from siegel.policy.wish import Wish
from siegel.store.queries import drafts as draft_store
from siegel.store.transaction import together

_CALENDAR = "text/calendar"
_WISHES: Mapping[Way, Wish] = {
    Way.RULE: Wish.NONE,
    Way.ENCRYPT: Wish.ENCRYPT,
    Way.WAIT: Wish.ENCRYPT,
    Way.READY: Wish.ENCRYPT,
    Way.SIGN: Wish.SIGN,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Recipients that can be read, each once, where they were named first."""

    to: tuple[Named, ...]
    cc: tuple[Named, ...]
    bcc: tuple[Named, ...]

    @property
    def everybody(self) -> tuple[Named, ...]:
        return (*self.to, *self.cc, *self.bcc)

    def only(self, kept: Iterable[EmailAddress]) -> "People":
        wanted = set(kept)
        return People(
            to=tuple(each for each in self.to if each.address in wanted),
            cc=tuple(each for each in self.cc if each.address in wanted),
            bcc=tuple(each for each in self.bcc if each.address in wanted),
        )


def people_of(written: Written) -> People:
    seen: set[EmailAddress] = set()

    def fresh(texts: tuple[str, ...]) -> tuple[Named, ...]:
        found = []
        for each in replying.named(texts):
            if each.address not in seen:
                seen.add(each.address)
                found.append(each)
        return tuple(found)

    to, cc = fresh(written.to), fresh(written.cc)
    return People(to=to, cc=cc, bcc=fresh(written.bcc))


def wish_of(written: Written) -> Wish:
    return Wish.ENCRYPT if written.closed else _WISHES[written.way]


def standings_of(
    written: Written, account: EmailAddress, media_types: Iterable[str] = (), *, at: datetime
) -> Standings:
    """How it would go out now."""
    people = people_of(written)
    asking = Asking(
        account=account,
        sender=EmailAddress.parse(written.sender),
        to=tuple(each.address for each in people.to),
        cc=tuple(each.address for each in people.cc),
        bcc=tuple(each.address for each in people.bcc),
        subject=written.subject,
        wish=wish_of(written),
        calendar=any(composing.media_type_of(each) == _CALENDAR for each in media_types),
        holds_private_key=contains_private_key(written.text.encode("utf-8", "replace")),
    )
    return recipient_standing.standings(asking, at=at)


def hand_over(draft: Draft, person: EmailAddress, site: Site, *, by: str, at: datetime) -> int:
    """The item of the outbox. Raises what ``outbox.accept`` raises; the draft stays then."""
    written = draft.written
    account = drafts.account_for(written.sender, person, at=at)
    people = people_of(written)
    if written.way is Way.READY:
        types = [each.media_type for each in draft.files]
        found = standings_of(written, account, types, at=at)
        people = people.only(each.address for each in found.recipients if each.ready)
    composed = composing.compose(_text(draft, people, person, site, at), site, at=at)
    letter = Letter(
        account=account,
        sender=EmailAddress.parse(written.sender),
        user=person,
        raw=composed.raw,
        recipients=(
            *((each.address, "to") for each in people.to),
            *((each.address, "cc") for each in people.cc),
            *((each.address, "bcc") for each in people.bcc),
        ),
        subject=written.subject,
        message_id=composed.message_id,
        answers=draft.item,
        undo_seconds=outbox_undo.seconds_of(person),
        wait=written.way is Way.WAIT,
    )
    with together():
        item = outbox.accept(letter, site, by=by, at=at)
        draft_store.became(draft.id, item)
        draft_copies.take_away(draft, person, at=at)
    return item


def own_certificate(written: Written, account: EmailAddress, *, at: datetime) -> Upload | None:
    """„Mein Zertifikat beilegen“: the public part of what signs; None when nothing does."""
    signer = standings_of(written, account, at=at).signer
    if signer is None:
        return None
    exported = export_public(signer, ExportFormat.DER, at)
    return Upload(name=exported.name, media_type=exported.media_type, octets=exported.data)


def _text(draft: Draft, people: People, person: EmailAddress, site: Site, at: datetime) -> Text:
    written = draft.written
    sender = EmailAddress.parse(written.sender)
    _, name = drafts.senders(person, at=at)[sender]
    return Text(
        sender=Named(address=sender, name=name),
        to=people.to,
        cc=people.cc,
        subject=written.subject,
        text=written.text,
        references=replying.references(draft.item, person, site, at=at)
        if draft.item is not None
        else (),
        files=[
            Upload(
                name=each.name,
                media_type=each.media_type,
                octets=drafts.octets(draft, each, site),
            )
            for each in draft.files
        ],
        wish=wish_of(written),
    )
