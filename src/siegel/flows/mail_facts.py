"""What lists show of a message: who, about what, how it begins, how many files are with it.

Of an encrypted message everything from inside is sealed before it is stored.
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from inscriptis import get_text
from lxml.etree import LxmlError

from siegel.base.errors import SiegelError
from siegel.mime.fields import addresses, decode_words, from_addresses, message_id
from siegel.mime.mailboxes import Mailbox
from siegel.mime.message import Message, Part, as_text
from siegel.mime.words import decode_charset
from siegel.smime.layers import OpenedMessage
from siegel.store.mail_rows import ItemRow
from siegel.store.vault import Vault

LONGEST_TEXT = 256 * 1024  # octets of a part that are looked at for the first lines
SHOWN = 300  # characters of the first lines
MOST_NAMES = 5  # recipients named in a list
_SIGNATURES = frozenset(
    {"application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Inside:
    """What only readers see of an encrypted message; of any other one it is no secret."""

    subject: str
    preview: str


def use_of(sha256: str) -> str:
    """What the sealed facts of a message are bound to."""
    return f"mail item {sha256}"


def seal(inside: Inside, sha256: str, vault: Vault) -> bytes:
    octets = json.dumps({"subject": inside.subject, "preview": inside.preview}).encode()
    return vault.seal_content(octets, use_of(sha256))


def inside_of(row: ItemRow, vault: Vault) -> Inside:
    """Subject and first lines as a reader of this account sees them."""
    if not row.sealed:
        return Inside(subject=row.subject, preview=row.preview)
    found = json.loads(vault.unseal_content(row.sealed, use_of(row.sha256)))
    return Inside(subject=str(found["subject"]), preview=str(found["preview"]))


def inside(opened: OpenedMessage, *, authenticated: bool) -> Inside:
    """The protected subject is taken from inside; a preview of text that nobody vouches for is
    shown like any other, as text."""
    protected = {name.lower(): value for name, value in opened.protected_fields}
    subject = protected.get("subject") if opened.encrypted_layers or authenticated else None
    return Inside(
        subject=decode_words(subject) if subject is not None else subject_of(opened.message),
        preview=first_lines(opened.payload),
    )


def subject_of(message: Message) -> str:
    field = message.get("Subject")
    return decode_words(field.value) if field else ""


def author(message: Message) -> tuple[str, str]:
    """(address, name); the address is empty when From is in doubt."""
    found = from_addresses(message)
    mailboxes = addresses(message, "From")
    name = mailboxes[0].display if mailboxes else ""
    return (str(found[0]) if len(found) == 1 else "", name)


def recipients(message: Message) -> str:
    """Names or addresses of To and Cc, for a line of a list."""
    found = (*addresses(message, "To"), *addresses(message, "Cc"))
    return ", ".join(filter(None, (_name(each) for each in found[:MOST_NAMES])))


def thread(message: Message) -> tuple[str, ...]:
    """Its own Message-ID, then those it answers (RFC 5322 §3.6.4)."""
    own = message_id(message)
    answered = [
        each
        for name in ("References", "In-Reply-To")
        for field in message.get_all(name)
        for each in field.value.split()
        if each.startswith("<") and each.endswith(">")
    ]
    return tuple(dict.fromkeys(filter(None, (own, *answered))))


def sent_at(message: Message) -> datetime | None:
    """The Date, if it can be read; without a zone it is taken as UTC."""
    field = message.get("Date")
    if field is None:
        return None
    try:
        found = parsedate_to_datetime(field.value)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError, TypeError, IndexError):
        return None


def count_files(part: Part) -> int:
    """Parts that a person would call files; the signature's part is none."""
    return sum(_is_file(leaf) for leaf in leaves(part))


def leaves(part: Part) -> list[Part]:
    """Parts without parts; an attached message is one."""
    if part.media == "message/rfc822" or not part.children:
        return [part]
    return [leaf for child in part.children for leaf in leaves(child)]


def first_lines(payload: Part) -> str:
    """The beginning of the first part that is text, blanks made one; "" if there is none."""
    try:
        return _short(body_of(payload))
    except SiegelError:
        return ""


def body_of(payload: Part) -> str:
    """The first part that is text, plain rather than HTML; "" if there is none."""
    texts = [each for each in leaves(payload) if not _is_file(each)]
    plain = next((each for each in texts if each.media == "text/plain"), None)
    html = next((each for each in texts if each.media == "text/html"), None)
    if plain is not None:
        return text_of(plain)
    return text_of_html(text_of(html)) if html is not None else ""


def text_of(part: Part) -> str:
    """The text of a part in its charset, cut at ``LONGEST_TEXT`` octets: declared, else UTF-8,
    else Windows-1252."""
    octets = part.decoded()[:LONGEST_TEXT]
    charset = part.content_type.params.get("charset", "utf-8")
    return decode_charset(octets, charset) or as_text(octets)


def text_of_html(html: str) -> str:
    try:
        return str(get_text(html))
    except (LxmlError, ValueError, RecursionError):
        return ""


def _is_file(part: Part) -> bool:
    if part.media in _SIGNATURES:
        return False
    named = part.filename is not None
    return named or part.media not in ("text/plain", "text/html")


def _short(text: str) -> str:
    return " ".join(text.split())[:SHOWN]


def _name(mailbox: Mailbox) -> str:
    return mailbox.display or str(mailbox.address or "")
