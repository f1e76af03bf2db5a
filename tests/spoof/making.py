"""The forger's tools: mail built by hand, signatures of anybody, certificates with odd names."""

import base64
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any

from asn1crypto import cms as asn1
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509 import load_der_x509_certificate

from siegel.base import oids
from siegel.base.buffers import joined
from siegel.cms.enveloped import build_enveloped_data
from siegel.cms.signed import SignerSpec, build_signed_data
from siegel.pki.certificate import parse_certificate
from siegel.pki.softkeys import SoftwareKey
from siegel.smime.schemes import recipient_spec, signature_scheme
from tests.peers import mime
from tests.spoof.case import ATTACKER, READER, SECRET, VICTIM
from tests.world import WORLD, WORLD_NOW, Person
from tests.world.cast import Role
from tests.world.issuing import Authority, create_certificate
from tests.world.private_keys import private_key

HONEST = b"Content-Type: text/plain; charset=us-ascii\r\n\r\nDie Schule beginnt um acht.\r\n"
FORGED = b"Content-Type: text/plain; charset=us-ascii\r\n\r\nBitte ueberweisen Sie sofort.\r\n"
PRIVATE = b"Content-Type: text/plain; charset=us-ascii\r\n\r\n" + SECRET + b"\r\n"
HTML = b"Content-Type: text/html; charset=us-ascii\r\n\r\n"


def mail(
    entity: bytes, *, sender: str = VICTIM.address, top: bytes = b"", subject: str = "Anfrage"
) -> bytes:
    """``entity`` under a header; ``sender`` is a whole From value, "" leaves the field out."""
    author = f"From: {sender}\r\n".encode() if sender else b""
    rest = f"To: <{READER.address}>\r\nSubject: {subject}\r\nMessage-ID: <1@forged.example>\r\n"
    date = b"Date: Sat, 21 Nov 2026 11:00:00 +0000\r\n"
    return author + rest.encode() + date + top + b"MIME-Version: 1.0\r\n" + entity


def mailed(
    make: Callable[[], bytes], *, sender: str = VICTIM.address, top: bytes = b""
) -> Callable[[], bytes]:
    """The mail around an entity that is made when it is needed."""
    return lambda: mail(make(), sender=sender, top=top)


def parts(kind: str, *bodies: bytes, mark: bytes = b"=_o", more: str = "") -> bytes:
    head = f'Content-Type: multipart/{kind}; boundary="{mark.decode()}"{more}\r\n\r\n'.encode()
    return (
        head
        + b"".join(b"--" + mark + b"\r\n" + one + b"\r\n" for one in bodies)
        + (b"--" + mark + b"--\r\n")
    )


def attached(entity: bytes, sender: str = VICTIM.address) -> bytes:
    """A whole message as a part."""
    return b"Content-Type: message/rfc822\r\n\r\n" + mail(entity, sender=sender, subject="Innen")


def blob(
    content: bytes,
    *people: Person,
    detached: bool = True,
    content_type: str = oids.DATA,
    at: datetime = WORLD_NOW,
    also: tuple[bytes, ...] = (),
) -> bytes:
    """SignedData by ``people``, each with the certificate that stands in ``Person``."""
    specs = [_spec(person, at) for person in people]
    chain = [der for person in people for der in (person.certificate_der, *person.chain)]
    return joined(
        build_signed_data(
            [content], None, specs, [*chain, *also], detached=detached, content_type=content_type
        )
    )


def _spec(person: Person, at: datetime) -> SignerSpec:
    certificate = parse_certificate(person.certificate_der)
    key = SoftwareKey(person.private_key, [certificate])
    return SignerSpec(key=key, scheme=signature_scheme(certificate), signing_time=at)


def signed(entity: bytes, signature: bytes) -> bytes:
    return mime.multipart_signed(entity, signature)


@cache
def honest() -> bytes:
    """What the victim really signed and everybody may have a copy of."""
    return signed(HONEST, blob(HONEST, VICTIM))


def by_attacker(entity: bytes = FORGED) -> bytes:
    return signed(entity, blob(entity, ATTACKER))


def opaque(cms: bytes) -> bytes:
    return mime.pkcs7_mime(cms, "signed-data")


def sealed(entity: bytes = PRIVATE, *readers: Person, cipher: str = "aes256-cbc") -> bytes:
    """``entity`` encrypted and not signed: a forger needs no key for that."""
    return mime.pkcs7_mime(envelope(entity, *readers, cipher=cipher), _type(cipher))


def envelope(entity: bytes, *readers: Person, cipher: str = "aes256-cbc") -> bytes:
    people = readers or (READER,)
    specs = [recipient_spec(parse_certificate(one.certificate_der)) for one in people]
    return joined(build_enveloped_data([entity], specs, cipher=cipher))


def _type(cipher: str) -> mime.SmimeType:
    return "authEnveloped-data" if cipher.endswith("gcm") else "enveloped-data"


def private(reader: Person = READER, cipher: str = "aes256-cbc") -> bytes:
    """What the victim wrote to the reader, and the forger kept a copy of."""
    return sealed(signed(PRIVATE, blob(PRIVATE, VICTIM)), reader, cipher=cipher)


def changed(cms: bytes, change: Any) -> bytes:
    """SignedData after ``change`` was called with its decoded structure."""
    info = asn1.ContentInfo.load(cms)
    change(info["content"])
    info["content"] = info["content"].copy()
    return bytes(info.dump(force=True))


def person(role: Role, issuer: str | Authority = "issuing") -> Person:
    """Somebody with a certificate that the cast does not have."""
    authority = WORLD.authority(issuer) if isinstance(issuer, str) else issuer
    key = private_key(role.key_name)
    return Person(role, create_certificate(role, authority), key, authority)


def oddly_named(role: Role, name: str) -> Person:
    """The same with an rfc822Name that no library agrees to write."""
    plain = "x" * (len(name) - 2) + "@y"
    one = person(replace(role, sans=(plain,)))
    body = one.certificate.tbs_certificate_bytes.replace(plain.encode(), name.encode())
    signature = one.authority.key.sign(body, PKCS1v15(), SHA256())
    der = one.certificate_der.replace(one.certificate.tbs_certificate_bytes, body)
    certificate = load_der_x509_certificate(der[: -len(signature)] + signature)
    return replace(one, certificate=certificate)


def text(words: bytes) -> bytes:
    return b"Content-Type: text/plain; charset=utf-8\r\n\r\n" + words + b"\r\n"


def html(code: bytes) -> bytes:
    return HTML + code + b"\r\n"


def word(text_: str, charset: str = "utf-8") -> str:
    """An encoded word (RFC 2047) in base64."""
    return f"=?{charset}?B?{base64.b64encode(text_.encode(charset)).decode()}?="
