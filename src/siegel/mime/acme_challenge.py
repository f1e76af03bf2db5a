"""Challenge mails of ACME for S/MIME, and the text that answers them (RFC 8823 §3).

Reading only; whether the mail is genuine and belongs to an order of ours is not decided here.
"""

import hashlib
import re
from dataclasses import dataclass

from siegel.base import b64url
from siegel.base.address import EmailAddress
from siegel.base.errors import MalformedMessage, SiegelError
from siegel.mime.content_type import parse_content_type
from siegel.mime.fields import addresses, from_addresses, message_id
from siegel.mime.message import Message
from siegel.mime.words import decode_words

MAX_SIZE = 256 * 1024  # octets of a challenge mail; those of authorities have some thousand
MAX_TOKEN = 500  # characters
LEAST_TOKEN = 16  # octets: §3.1 (1), 128 bits

_SUBJECT = re.compile(r"ACME:[ \t]+([A-Za-z0-9_\- \t]+)\Z")
_ONCE = ("from", "to", "subject", "auto-submitted", "message-id", "reply-to", "sender", "cc")
_WRITTEN = re.compile(r"=\?([^?*\s]+)[^?\s]*\?[bq]\?", re.IGNORECASE)
_CHARSETS = frozenset({"utf-8", "us-ascii"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ChallengeMail:
    """``token``: part one, without the blanks of folding; ``answer_to``: Reply-To, or From."""

    sender: EmailAddress
    recipients: tuple[EmailAddress, ...]
    answer_to: EmailAddress
    token: str
    message_id: str


def calls_itself_challenge(message: Message) -> bool:
    """§3.1 (5): ``Auto-Submitted: auto-generated; type=acme``. Cheap: it sees every mail."""
    found = message.get("auto-submitted")
    if found is None:
        return False
    written = parse_content_type(f"auto/{found.value}")  # the same grammar: a word, parameters
    return written.subtype == "auto-generated" and written.params.get("type", "").lower() == "acme"


def read_challenge(message: Message) -> ChallengeMail:
    """Raises ``MalformedMessage`` for a header that could be read in two ways or lacks a part."""
    for name in _ONCE:
        if len(message.get_all(name)) > 1:
            raise MalformedMessage(f"more than one field {name}")
    senders, found = from_addresses(message), message_id(message)
    if len(senders) != 1 or found is None:
        raise MalformedMessage("not one sender, or no Message-ID")
    answer_to = _plain_addresses(message, "reply-to") or senders
    if len(answer_to) != 1:
        raise MalformedMessage("more than one address to answer to")
    return ChallengeMail(
        sender=senders[0],
        recipients=_plain_addresses(message, "to") + _plain_addresses(message, "cc"),
        answer_to=answer_to[0],
        token=_token(message),
        message_id=found,
    )


def key_authorization_digest(part_one: str, part_two: str, thumbprint: str) -> str:
    """§3: the SHA-256 of the key authorization, as it stands in the answer.

    ``thumbprint``: of the account key (RFC 7638), base64url like both parts of the token.
    """
    authorization = f"{part_one}{part_two}.{thumbprint}"
    return b64url.encode(hashlib.sha256(authorization.encode("ascii")).digest())


def answer_text(digest: str) -> bytes:
    """§3.2: the body of an answer; its lines are shorter than any mail program would break."""
    return (f"-----BEGIN ACME RESPONSE-----\r\n{digest}\r\n-----END ACME RESPONSE-----\r\n").encode(
        "ascii"
    )


def _plain_addresses(message: Message, name: str) -> tuple[EmailAddress, ...]:
    if message.get(name) is None:
        return ()
    found = addresses(message, name)
    known = tuple(each.address for each in found if each.address is not None)
    if len(known) < len(found):
        raise MalformedMessage(f"an entry of {name} is no address")
    return known


def _token(message: Message) -> str:
    field = message.get("subject")
    written = field.value if field else ""
    if any(charset.lower() not in _CHARSETS for charset in _WRITTEN.findall(written)):
        raise MalformedMessage("the subject is in another charset than UTF-8")
    found = _SUBJECT.match(decode_words(written))
    token = "".join(found[1].split()) if found else ""
    try:
        is_long_enough = len(b64url.decode(token)) >= LEAST_TOKEN
    except SiegelError:
        is_long_enough = False
    if not is_long_enough or len(token) > MAX_TOKEN:
        raise MalformedMessage("the subject names no token")
    return token
