"""S/MIME wrapping by hand, in bytes, for peers that speak bare CMS (RFC 8551 §3).

Deliberately a second, naive reading of the format, independent of the engine: it splits at the
exact boundary and trusts nothing else. It is for messages of tests, never for hostile ones.
"""

import base64
import email
from email.message import Message
from typing import Final, Literal

SmimeType = Literal[
    "signed-data", "enveloped-data", "authEnveloped-data", "compressed-data", "certs-only"
]
_BOUNDARY: Final = b"----=_peer_boundary_2718281828"


def text_entity(text: str = "Guten Tag,\r\n\r\nalles in Ordnung.\r\n") -> bytes:
    """A small canonical text part: CRLF, 7 bit."""
    transfer = "quoted-printable" if not text.isascii() else "7bit"
    body = text.encode() if text.isascii() else _quoted_printable(text)
    return (
        b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: "
        + transfer.encode()
        + b"\r\n\r\n"
        + body
    )


def mail(
    entity: bytes,
    *,
    sender: str = "alice@office.example",
    recipients: tuple[str, ...] = ("huber@school.example",),
    subject: str = "Nachricht",
    message_id: str = "<1@office.example>",
) -> bytes:
    """``entity`` (headers and body) as a whole message."""
    header = (
        f"From: {sender}\r\nTo: {', '.join(recipients)}\r\nSubject: {subject}\r\n"
        f"Date: Sat, 21 Nov 2026 12:00:00 +0000\r\nMessage-ID: {message_id}\r\n"
        "MIME-Version: 1.0\r\n"
    )
    return header.encode() + entity


def multipart_signed(entity: bytes, signature: bytes, *, micalg: str = "sha-256") -> bytes:
    """RFC 8551 §3.5.3: the entity as it is, and a detached signature (DER) beside it."""
    return b"".join(
        (
            b'Content-Type: multipart/signed; protocol="application/pkcs7-signature";\r\n',
            b"\tmicalg=" + micalg.encode() + b'; boundary="' + _BOUNDARY + b'"\r\n\r\n',
            b"--" + _BOUNDARY + b"\r\n" + entity + b"\r\n--" + _BOUNDARY + b"\r\n",
            b'Content-Type: application/pkcs7-signature; name="smime.p7s"\r\n',
            b"Content-Transfer-Encoding: base64\r\n",
            b'Content-Disposition: attachment; filename="smime.p7s"\r\n\r\n',
            _base64(signature) + b"--" + _BOUNDARY + b"--\r\n",
        )
    )


def pkcs7_mime(cms: bytes, smime_type: SmimeType) -> bytes:
    """RFC 8551 §3.2: one CMS object (DER or BER) as an entity."""
    return b"".join(
        (
            b"Content-Type: application/pkcs7-mime; smime-type=" + smime_type.encode(),
            b'; name="smime.p7m"\r\nContent-Transfer-Encoding: base64\r\n',
            b'Content-Disposition: attachment; filename="smime.p7m"\r\n\r\n',
            _base64(cms),
        )
    )


def split_signed(message: bytes) -> tuple[bytes, bytes]:
    """The exact signed octets of a multipart/signed message, and its signature in DER."""
    parsed = email.message_from_bytes(message)
    assert parsed.get_content_type() == "multipart/signed"
    boundary = parsed.get_boundary()
    assert boundary is not None
    parts = (b"\r\n" + message).split(b"\r\n--" + boundary.encode("ascii"))
    assert len(parts) >= 4, "expected two parts"
    return _after_line(parts[1]), _payload(email.message_from_bytes(_after_line(parts[2])))


def cms_of(message: bytes) -> bytes:
    """The CMS object of an application/pkcs7-mime message."""
    parsed = email.message_from_bytes(message)
    assert parsed.get_content_type() in ("application/pkcs7-mime", "application/x-pkcs7-mime")
    return _payload(parsed)


def body_of(entity: bytes) -> bytes:
    return entity.partition(b"\r\n\r\n")[2]


def _after_line(part: bytes) -> bytes:
    return part.partition(b"\r\n")[2]


def _payload(part: Message) -> bytes:
    payload = part.get_payload(decode=True)
    assert isinstance(payload, bytes)
    return payload


def _base64(octets: bytes) -> bytes:
    return base64.encodebytes(octets).replace(b"\n", b"\r\n")


def _quoted_printable(text: str) -> bytes:
    return b"\r\n".join(
        b"".join(_quoted(octet) for octet in line.encode()) for line in text.split("\r\n")
    )


def _quoted(octet: int) -> bytes:
    plain = 0x20 < octet < 0x7F and octet != 0x3D
    return bytes((octet,)) if plain or octet == 0x20 else b"=%02X" % octet
