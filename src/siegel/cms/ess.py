"""Enhanced security services (RFC 2634, 5035): what a signer says besides the text, to be shown.

Receipt requests, security labels, hints and references in the signed attributes, and the content
of signed receipts. Read only and acted on nowhere: no label closes a message, and no receipt is
ever sent by itself – an answer nobody asked the reader about tells a stranger that it was opened.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from siegel.base import ber, der, oids
from siegel.base.buffers import Buffer
from siegel.base.errors import LimitExceeded, MalformedMessage
from siegel.base.keys import KeyId
from siegel.base.limits import DEFAULT, Limits
from siegel.cms.identifiers import read_issuer_and_serial

# upper bounds of RFC 2634, Appendix A
MAX_RECEIPTS_TO = 16
MAX_CLASSIFICATION = 256
MAX_CATEGORIES = 64
MAX_EXPANSIONS = 64
MAX_LABELS = 64  # equivalent labels; the RFC names no bound

_RFC822_NAME = 0x81  # GeneralName choice
_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptRequest:
    """Who asks for a signed receipt and from whom (§2.7).

    ``wanted_from`` None: everybody (or, with ``first_tier_only``, everybody not on a list).
    Addresses are as written, never compared; names of other kinds are left out.
    """

    content_identifier: bytes
    wanted_from: tuple[str, ...] | None
    first_tier_only: bool
    send_to: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SecurityLabel:
    """§3.2. What a classification means, only the policy says; 0 to 5 are unmarked to top secret.

    ``categories`` are the types alone: their values have a syntax each.
    """

    policy: str
    classification: int | None
    privacy_mark: str | None
    categories: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentHints:
    """§2.9: what lies in the innermost layer, as far as the sender says."""

    description: str | None
    content_type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentReference:
    """§2.11: the other signed message that this one belongs to."""

    content_type: str
    content_identifier: bytes
    signature: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Expansion:
    """§4.4: one mailing list the message went through."""

    mailing_list: KeyId
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """What one signer says; None and empty where nothing is said.

    ``unreadable``: one of the attributes is not built as it must be.
    """

    receipt_request: ReceiptRequest | None = None
    security_label: SecurityLabel | None = None
    equivalent_labels: tuple[SecurityLabel, ...] = ()
    content_hints: ContentHints | None = None
    content_identifier: bytes | None = None
    content_reference: ContentReference | None = None
    expansion_history: tuple[Expansion, ...] = ()
    message_signature_digest: bytes | None = None
    unreadable: bool = False


NOTHING_SAID = Services()


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """The content of a signed receipt (§2.8): which signature of which message was verified."""

    content_type: str
    content_identifier: bytes
    signature: bytes


def read_services(values: Mapping[str, ber.Element]) -> Services:
    """What attributes say, given as their one value by OID. Total: nothing here spoils a text."""
    if _ATTRIBUTES.isdisjoint(values):
        return NOTHING_SAID
    reader = _Reader(values)
    return Services(
        receipt_request=reader.value(oids.RECEIPT_REQUEST, _receipt_request),
        security_label=reader.value(oids.SECURITY_LABEL, _label),
        equivalent_labels=reader.value(oids.EQUIVALENT_LABELS, _labels) or (),
        content_hints=reader.value(oids.CONTENT_HINT, _hints),
        content_identifier=reader.value(oids.CONTENT_IDENTIFIER, ber.Element.octet_string),
        content_reference=reader.value(oids.CONTENT_REFERENCE, _reference),
        expansion_history=reader.value(oids.EXPANSION_HISTORY, _history) or (),
        message_signature_digest=reader.value(
            oids.MESSAGE_SIGNATURE_DIGEST, ber.Element.octet_string
        ),
        unreadable=reader.failed,
    )


def read_receipt(content: Buffer, *, limits: Limits = DEFAULT) -> Receipt:
    """Raises ``MalformedMessage`` for what is no Receipt."""
    fields = ber.read(content, limits=limits).expect(der.SEQUENCE).children()
    if len(fields) != 4 or fields[0].expect(der.INTEGER).integer() != 1:
        raise MalformedMessage("no signed receipt")
    return Receipt(
        content_type=fields[1].expect(der.OID).oid(),
        content_identifier=fields[2].octet_string(),
        signature=fields[3].octet_string(),
    )


class _Reader:
    """Reads what it can; ``failed`` once something could not be read."""

    def __init__(self, values: Mapping[str, ber.Element]) -> None:
        self._values = values
        self.failed = False

    def value(self, oid: str, read: Callable[[ber.Element], _Value]) -> _Value | None:
        element = self._values.get(oid)
        if element is None:
            return None
        try:
            return read(element)
        except (MalformedMessage, LimitExceeded):
            self.failed = True
            return None


def _receipt_request(element: ber.Element) -> ReceiptRequest:
    fields = element.expect(der.SEQUENCE).children()
    if len(fields) != 3:
        raise MalformedMessage("no receipt request")
    send_to = fields[2].expect(der.SEQUENCE).children()
    if not 1 <= len(send_to) <= MAX_RECEIPTS_TO:
        raise MalformedMessage(f"receipts to {len(send_to)} places")
    choice = fields[1]
    listed = choice.tag == 0xA1
    return ReceiptRequest(
        content_identifier=fields[0].octet_string(),
        wanted_from=_addresses(choice.children()) if listed else None,
        first_tier_only=not listed and _is_first_tier(choice),
        send_to=_addresses(send_to),
    )


def _is_first_tier(choice: ber.Element) -> bool:
    """AllOrFirstTier: 0 all receipts, 1 only from those not reached through a list."""
    value = choice.expect(0x80).integer()
    if value not in (0, 1):
        raise MalformedMessage("receipts from nobody known")
    return value == 1


def _addresses(several: list[ber.Element]) -> tuple[str, ...]:
    """The mail addresses of GeneralNames; a budget of elements bounds their number."""
    return tuple(
        bytes(name.content).decode("ascii", "replace")
        for names in several
        for name in names.expect(der.SEQUENCE).children()
        if name.tag == _RFC822_NAME
    )


def _label(element: ber.Element) -> SecurityLabel:
    """ESSSecurityLabel, a SET: the fields come in any order, each at most once."""
    listed = element.expect(der.SET).children()
    fields = {field.tag: field for field in listed}
    once = len(fields) == len(listed) and len(fields.keys() & _TEXTS.keys()) <= 1
    if not once or der.OID not in fields or not fields.keys() <= _LABEL_TAGS:
        raise MalformedMessage("no security label")
    mark = next((fields[tag] for tag in _TEXTS if tag in fields), None)
    number, categories = fields.get(der.INTEGER), fields.get(der.SET)
    return SecurityLabel(
        policy=fields[der.OID].oid(),
        classification=None if number is None else _classification(number),
        privacy_mark=None if mark is None else _text(mark),
        categories=() if categories is None else _categories(categories),
    )


_PRINTABLE_STRING = 0x13
_TEXTS = {_PRINTABLE_STRING: "ascii", der.UTF8_STRING: "utf-8"}
_LABEL_TAGS = frozenset((der.OID, der.INTEGER, der.SET, *_TEXTS))


def _classification(element: ber.Element) -> int:
    value = element.integer()
    if not 0 <= value <= MAX_CLASSIFICATION:
        raise MalformedMessage(f"a security classification of {value}")
    return value


def _text(element: ber.Element) -> str:
    encoding = _TEXTS.get(element.tag)
    if encoding is None:
        raise MalformedMessage("a text of another kind")
    return bytes(element.content).decode(encoding, "replace")


def _categories(element: ber.Element) -> tuple[str, ...]:
    """SecurityCategory: type [0] IMPLICIT OBJECT IDENTIFIER, value [1]."""
    several = [category.expect(der.SEQUENCE).children() for category in element.children()]
    if not 1 <= len(several) <= MAX_CATEGORIES or any(len(fields) != 2 for fields in several):
        raise MalformedMessage("no security categories")
    return tuple(fields[0].expect(0x80).oid() for fields in several)


def _labels(element: ber.Element) -> tuple[SecurityLabel, ...]:
    several = element.expect(der.SEQUENCE).children()
    if len(several) > MAX_LABELS:
        raise LimitExceeded(f"{len(several)} equivalent labels", limit="equivalent_labels")
    return tuple(map(_label, several))


def _hints(element: ber.Element) -> ContentHints:
    fields = element.expect(der.SEQUENCE).children()
    if not 1 <= len(fields) <= 2:
        raise MalformedMessage("no content hints")
    return ContentHints(
        description=_text(fields[0].expect(der.UTF8_STRING)) if len(fields) == 2 else None,
        content_type=fields[-1].expect(der.OID).oid(),
    )


def _reference(element: ber.Element) -> ContentReference:
    fields = element.expect(der.SEQUENCE).children()
    if len(fields) != 3:
        raise MalformedMessage("no content reference")
    return ContentReference(
        content_type=fields[0].expect(der.OID).oid(),
        content_identifier=fields[1].octet_string(),
        signature=fields[2].octet_string(),
    )


def _history(element: ber.Element) -> tuple[Expansion, ...]:
    several = [entry.expect(der.SEQUENCE).children() for entry in element.children()]
    if not 1 <= len(several) <= MAX_EXPANSIONS or any(len(f) not in (2, 3) for f in several):
        raise MalformedMessage("no expansion history")
    return tuple(Expansion(mailing_list=_entity(f[0]), at=f[1].time()) for f in several)


def _entity(element: ber.Element) -> KeyId:
    """EntityIdentifier: of a mailing list, by certificate or key."""
    if element.tag == der.SEQUENCE:
        return read_issuer_and_serial(element)
    return element.octet_string()


_ATTRIBUTES = frozenset(
    (
        oids.RECEIPT_REQUEST,
        oids.SECURITY_LABEL,
        oids.EQUIVALENT_LABELS,
        oids.CONTENT_HINT,
        oids.CONTENT_IDENTIFIER,
        oids.CONTENT_REFERENCE,
        oids.EXPANSION_HISTORY,
        oids.MESSAGE_SIGNATURE_DIGEST,
    )
)
