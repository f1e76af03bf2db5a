"""What one outgoing message says about itself, before anything is looked up."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from siegel.base import oids
from siegel.base.address import EmailAddress
from siegel.base.buffers import Buffer, joined
from siegel.base.errors import MalformedAddress, SiegelError
from siegel.base.limits import Limits
from siegel.cms import content_info
from siegel.mime.build import field as header_field
from siegel.mime.fields import from_addresses
from siegel.mime.message import Field, Message, Part
from siegel.mime.parse import parse_message
from siegel.pki.keyguard import contains_private_key
from siegel.policy.bulk import is_bulk
from siegel.policy.rules import OrganisationRules
from siegel.policy.wish import Wish, WishSeen, wish_of_the_writer
from siegel.smime.recognise import Shape, shape
from siegel.transport.envelope import Envelope


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """The message (with the writer's wish taken out) and what can be read from it and its envelope.

    ``recipients`` maps each envelope recipient, as written, to its address.
    """

    message: Message
    sender: EmailAddress | None
    envelope_from: EmailAddress | None
    recipients: Mapping[str, EmailAddress]
    wish: Wish
    bulk: bool
    calendar: bool
    already_protected: bool
    already_encrypted: bool
    holds_private_key: bool


def read_outgoing(
    envelope: Envelope, message: Message, rules: OrganisationRules, limits: Limits
) -> Outgoing:
    """Raises only what ``parse_message`` raises."""
    pairs = [(field.name, field.value) for field in message.fields]
    sender = the_one_sender(message)
    protected = shape(message.root)
    wish = wish_of_the_writer(pairs, rules.subject_word)
    if protected is None:
        message = _without_wish(message, wish, limits)
    leaves = list(_leaves(message.root))
    return Outgoing(
        message=message,
        sender=sender,
        envelope_from=_address(envelope.sender),
        recipients={text: any_address(text) for text in envelope.recipients},
        wish=wish.wish,
        bulk=is_bulk(pairs, sender, len(envelope.recipients), rules),
        calendar=any(leaf.content_type.media == "text/calendar" for leaf in leaves),
        already_protected=protected is not None,
        already_encrypted=_is_encrypted(message.root, protected, limits),
        holds_private_key=any(_holds_key(leaf, limits) for leaf in leaves),
    )


def the_one_sender(message: Message) -> EmailAddress | None:
    """The address of From, if there is exactly one that can be read."""
    addresses = from_addresses(message)
    return addresses[0] if len(addresses) == 1 else None


def any_address(text: str) -> EmailAddress:
    """An address to compare with; what cannot be read equals no address of any certificate.

    Its domain stays, because rules are about domains: ``a..b@`` of a domain to which all mail must
    be encrypted is of that domain. The root's dot at the end changes nothing in DNS.
    """
    plain = text.rstrip(".")
    return _address(plain) or EmailAddress(local=text, domain=_domain(plain), spelling=text)


def _domain(text: str) -> str:
    """Label by label: a label that cannot be read does not hide the ones behind it."""
    labels = text.rpartition("@")[2].split(".")
    return ".".join(_label(label) for label in labels)


def _label(label: str) -> str:
    known = _address(f"x@{label}")
    return known.domain if known else label.lower()


def _address(text: str) -> EmailAddress | None:
    try:
        return EmailAddress.parse(text)
    except MalformedAddress:
        return None


def _without_wish(message: Message, wish: WishSeen, limits: Limits) -> Message:
    if not wish.taken_out and wish.subject is None:
        return message
    kept = b"".join(_kept(field, wish) for field in message.fields)
    whole: list[Buffer] = [kept, b"\r\n", message.root.body]
    return parse_message(joined(whole), limits=limits)


def _kept(field: Field, wish: WishSeen) -> bytes:
    if field.lower in wish.taken_out:
        return b""
    if field.lower == "subject" and wish.subject is not None:
        return header_field("Subject", wish.subject)
    return field.raw


def _is_encrypted(root: Part, protected: Shape | None, limits: Limits) -> bool:
    """By what lies there: names and ``smime-type`` only say what somebody wrote there."""
    if protected is not Shape.CMS:
        return False
    try:
        kind = content_info.content_type(root.decoded(limits), limits=limits)
    except SiegelError:
        return False
    return kind in (oids.ENVELOPED_DATA, oids.AUTH_ENVELOPED_DATA)


def _leaves(part: Part) -> Iterator[Part]:
    stack = [part]
    while stack:
        current = stack.pop()
        if current.children:
            stack.extend(current.children)
        else:
            yield current


def _holds_key(leaf: Part, limits: Limits) -> bool:
    try:
        return contains_private_key(leaf.decoded(limits))
    except SiegelError:
        return contains_private_key(bytes(leaf.body))
