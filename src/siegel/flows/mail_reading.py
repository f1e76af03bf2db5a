"""A message as a person of its account reads it: what became of it on its way, and what it says.

Opened with the keys of that account and no others, each time anew; nothing that was decrypted is
kept. What it is worth says the newest judgement that was written down (``flows.remembering``).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from siegel.base.address import EmailAddress
from siegel.base.errors import LimitExceeded, NotFound, SiegelError
from siegel.flows import mail_access, mail_facts, mail_parts
from siegel.flows.certificate_page import ChainLink
from siegel.flows.inbound import judged_now, known_of_senders, read_for_all
from siegel.flows.mail_parts import Block, FileKind
from siegel.flows.remembering import remembered
from siegel.flows.site import Site
from siegel.flows.trusting import standing
from siegel.mime.fields import from_addresses
from siegel.mime.message import Message, Part
from siegel.mime.parse import parse_header, parse_message
from siegel.mime.words import decode_words
from siegel.policy.answers import Answers, answers
from siegel.policy.inbound import CryptographicSummary, InboundJudgement, is_content_authentic
from siegel.policy.message_state import MessageState, state_of
from siegel.policy.signers import ErrantJudgement, SignerJudgement
from siegel.smime.layers import OpenedMessage
from siegel.store.mail_rows import ItemRow
from siegel.store.queries import certificates, judgements, messages, organisation

DEEPEST = 4  # attached messages inside attached messages that are opened
WITHHELD = frozenset({MessageState.MISMATCH, MessageState.BROKEN, MessageState.KEY_MISSING})
"""Nothing of these is shown before the reader asks for it."""
GOOD = (CryptographicSummary.VERIFIED, CryptographicSummary.CONFIDENTIAL)
_USER_FACING = ("subject", "from", "to", "cc", "date", "reply-to")  # RFC 9787 §1.1.2


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownSigner:
    """One signature: the three answers, and who vouches for it, the root first."""

    judged: SignerJudgement
    answers: Answers
    chain: tuple[ChainLink, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherField:
    """A header field whose protected value differs from the one that everybody could read."""

    name: str
    inside: str
    outside: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """``way``: the numbers of the attached messages that lead here; empty for the item itself.
    ``address``: the checked one of the signer, never a name; "" without any. ``authentic``: nobody
    can have put anything into the opened text. ``subject_protected``: it was not to be read on the
    way."""

    item: ItemRow
    way: tuple[int, ...]
    opened: OpenedMessage
    judgement: InboundJudgement
    state: MessageState
    address: str
    sender: str
    subject: str
    signers: tuple[ShownSigner, ...]
    blocks: tuple[Block, ...]
    others: tuple[OtherField, ...]
    authentic: bool
    subject_protected: bool
    fields_protected: bool

    @property
    def withheld(self) -> bool:
        return self.state in WITHHELD

    @property
    def trustworthy(self) -> bool:
        """The sender is proved: only then pictures from elsewhere may be asked for."""
        return self.state in (MessageState.VERIFIED, MessageState.CONFIDENTIAL)

    @property
    def errant(self) -> Mapping[str, ErrantJudgement]:
        return {one.path: one for one in self.judgement.errant}


@dataclass(frozen=True, slots=True, kw_only=True)
class Quoted:
    """What an answer may quote, and whether that came encrypted."""

    text: str
    was_encrypted: bool


def read(
    item: int, person: EmailAddress, site: Site, *, at: datetime, way: tuple[int, ...] = ()
) -> Shown:
    """Raises ``NotFound`` for what is not there or not for this person."""
    row = mail_access.item(item, person, at=at)
    return shown(row, site, at=at, way=way)


def shown(row: ItemRow, site: Site, *, at: datetime, way: tuple[int, ...] = ()) -> Shown:
    """As ``read``, for whoever has asked for access already."""
    if len(way) > DEEPEST:
        raise NotFound(f"no message {row.id} {way}")
    message = parsed(messages.raw(row.sha256), site)
    opened = _opened(row, message, site)
    judgement = _of_its_day(row, opened, at)
    for number in way:
        message = _attached(opened, number, site)
        opened = _opened(row, message, site)
        judgement = _today(opened, at)
    return _shown(row, way, opened, judgement, at)


def quoted(item: int, person: EmailAddress, site: Site, *, at: datetime) -> Quoted:
    """The text for an answer, as the page shows it: of the outermost block alone, so that no part
    of somebody else's is carried out with it. Nothing of what is withheld."""
    found = read(item, person, site, at=at)
    texts = () if found.withheld else found.blocks[0].bodies
    return Quoted(
        text="\n\n".join(text for body in texts if (text := text_of(body))),
        was_encrypted=bool(found.opened.encrypted_layers),
    )


def text_of(body: mail_parts.Body) -> str:
    """In words alone, whatever form it came in."""
    try:
        if body.plain is not None:
            return mail_facts.text_of(body.plain)
        return mail_facts.text_of_html(mail_facts.text_of(body.html)) if body.html else ""
    except SiegelError:
        return ""


def raw_of(row: ItemRow) -> bytes:
    """The octets as they came."""
    return messages.raw(row.sha256)


def parsed(raw: bytes, site: Site) -> Message:
    try:
        return parse_message(raw, limits=site.limits)
    except LimitExceeded:
        return parse_header(raw, limits=site.limits)


def _opened(row: ItemRow, message: Message, site: Site) -> OpenedMessage:
    (reading,) = read_for_all((str(row.account),), message, known_of_senders(message), site)
    return reading.opened


def _attached(opened: OpenedMessage, number: int, site: Site) -> Message:
    part = mail_parts.part_with(opened, number)
    if part is None or mail_parts.file_of(part, number).kind is not FileKind.MESSAGE:
        raise NotFound(f"no attached message {number}")
    try:
        return parsed(part.decoded(site.limits), site)
    except SiegelError as error:
        raise NotFound(f"attached message {number} cannot be read") from error


def _of_its_day(row: ItemRow, opened: OpenedMessage, at: datetime) -> InboundJudgement:
    """The newest that was written for this account; signatures of parts are not written down and
    judged with what was known then."""
    for stored in judgements.history(row.sha256):
        if str(row.account) in stored.verdicts.get("recipients", (str(row.account),)):
            found = remembered(stored, opened)
            if found is None:
                break
            if opened.errant:
                found = replace(found, errant=_today(opened, stored.at).errant)
            return found
    return _today(opened, at)


def _today(opened: OpenedMessage, at: datetime) -> InboundJudgement:
    known = known_of_senders(opened.message)
    return judged_now(opened, known, organisation.get_rules(), at).judgement


def _shown(
    row: ItemRow,
    way: tuple[int, ...],
    opened: OpenedMessage,
    judgement: InboundJudgement,
    at: datetime,
) -> Shown:
    counts = judgement.summary in GOOD
    protected = {name.lower() for name, _ in opened.protected_fields}
    senders = from_addresses(opened.message)
    return Shown(
        item=row,
        way=way,
        opened=opened,
        judgement=judgement,
        state=state_of(judgement),
        address=_checked_address(judgement, senders),
        sender=str(senders[0]) if len(senders) == 1 else "",
        subject=mail_facts.inside(opened, authenticated=counts).subject,
        signers=_signers(judgement, opened, at),
        blocks=mail_parts.blocks(opened),
        others=_others(opened) if counts or opened.encrypted_layers else (),
        authentic=is_content_authentic(opened, judgement),
        subject_protected="subject" in protected and bool(opened.encrypted_layers),
        fields_protected=counts and "subject" in protected,
    )


def _checked_address(judgement: InboundJudgement, senders: tuple[EmailAddress, ...]) -> str:
    """Of a signature that counts: the address in From, which it was compared with. Of any other
    one: what its certificate says, if its mathematics holds."""
    signer = judgement.signer
    if signer is None:
        return ""
    if signer.counts:
        return str(senders[0])
    if signer.signer.signature_valid is not True or signer.certificate is None:
        return ""
    return next((str(each) for each in signer.certificate.addresses), "")


def _signers(
    judgement: InboundJudgement, opened: OpenedMessage, at: datetime
) -> tuple[ShownSigner, ...]:
    """One look into the store for the certificates of all of them."""
    paths = [signer.path.path for signer in judgement.signers if signer.path is not None]
    asked = {fingerprint for path in paths for fingerprint in path}
    asked |= {s.certificate.fingerprint for s in judgement.signers if s.certificate is not None}
    stored = certificates.by_fingerprint(asked) if asked else {}
    known = {c.fingerprint: c for c in opened.certificates}
    known |= {fingerprint: row.certificate for fingerprint, row in stored.items()}
    anchors = {}
    if asked:
        anchors = {a.certificate.fingerprint: a for a in standing(at).anchors(at).anchors}
        known |= {f: anchors[f].certificate for f in asked & anchors.keys()}
    return tuple(
        ShownSigner(
            judged=signer,
            answers=answers(signer),
            chain=tuple(
                ChainLink(
                    certificate=known[fingerprint],
                    stored=fingerprint in stored,
                    anchor=anchors[fingerprint].source if fingerprint in anchors else None,
                )
                for fingerprint in reversed(_path_of(signer))
                if fingerprint in known
            ),
        )
        for signer in judgement.signers
    )


def _path_of(signer: SignerJudgement) -> tuple[str, ...]:
    if signer.path is not None and signer.path.path:
        return signer.path.path
    return (signer.certificate.fingerprint,) if signer.certificate is not None else ()


def _others(opened: OpenedMessage) -> tuple[OtherField, ...]:
    found = []
    for name, value in opened.protected_fields:
        if name.lower() not in _USER_FACING:
            continue
        outer = opened.message.get(name)
        inside = decode_words(value)
        outside = decode_words(outer.value) if outer is not None else ""
        if " ".join(inside.split()) != " ".join(outside.split()):
            found.append(OtherField(name=name, inside=inside, outside=outside))
    return tuple(found)


def part_of(found: Shown, number: int) -> Part:
    """Raises ``NotFound``."""
    part = mail_parts.part_with(found.opened, number)
    if part is None:
        raise NotFound(f"no part {number}")
    return part
