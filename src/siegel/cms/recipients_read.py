"""Read RecipientInfos (RFC 5652 §6.2): whom they name, and how the content key comes out.

Key transport and key agreement are opened; shared keys, passwords and other kinds are recognised
and skipped. Several recipients may share one key agreement.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric import rsa

from siegel.base import ber, der, oids
from siegel.base.errors import (
    KeyUnavailable,
    MalformedMessage,
    SiegelError,
    UnsupportedAlgorithm,
)
from siegel.base.keys import DecryptionKey, KeyId, TransportKind, TransportScheme
from siegel.cms.algorithms import AlgorithmId, read_algorithm
from siegel.cms.attributes import read_issuer_and_serial
from siegel.cms.key_agreement import Agreement, read_peer, unwrap
from siegel.cms.signature import mgf_digest, named_digest
from siegel.cms.signed_read import read_identifier

_KINDS = {0xA2: "kekri", 0xA3: "pwri", 0xA4: "ori"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """One encrypted content key, and whose private key it is for."""

    identifier: KeyId
    encrypted_key: bytes
    transport: TransportScheme | None = None
    agreement: Agreement | None = None
    originator: bytes = b""
    ukm: bytes | None = None

    @property
    def supported(self) -> bool:
        return self.transport is not None or self.agreement is not None

    def open(self, key: DecryptionKey) -> bytes:
        """The content key, or what the private key makes of it; errors only of ours."""
        if self.transport is not None:
            if not isinstance(key.public_key, rsa.RSAPublicKey):
                raise UnsupportedAlgorithm("key transport to a key that is not RSA")
            return key.decrypt(self.encrypted_key, self.transport)
        if self.agreement is None:
            raise UnsupportedAlgorithm("a content key carried in no known way")
        peer = read_peer(key.public_key, self.originator)
        return unwrap(self.agreement, key.agree(peer), self.ukm, self.encrypted_key)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipientView:
    """One RecipientInfo; ``kind`` is "ktri", "kari", "kekri", "pwri", "ori" or "unknown"."""

    kind: str
    doors: tuple[Door, ...] = ()
    weak: bool = False

    @property
    def identifiers(self) -> tuple[KeyId, ...]:
        return tuple(door.identifier for door in self.doors)


def read_recipient(element: ber.Element) -> RecipientView:
    if element.tag == der.SEQUENCE:
        return _transport(element.children())
    if element.tag == 0xA1:
        return _agreement(element.children())
    return RecipientView(kind=_KINDS.get(element.tag, "unknown"))


def _transport(fields: list[ber.Element]) -> RecipientView:
    if len(fields) != 4:
        raise MalformedMessage("no KeyTransRecipientInfo")
    door = Door(
        identifier=read_identifier(fields[1]),
        encrypted_key=fields[3].expect(der.OCTET_STRING).joined(),
        transport=_transport_scheme(read_algorithm(fields[2])),
    )
    return RecipientView(kind="ktri", doors=(door,))


def _transport_scheme(algorithm: AlgorithmId) -> TransportScheme | None:
    if algorithm.oid == oids.RSA:
        return TransportScheme(TransportKind.RSA_PKCS1)
    if algorithm.oid != oids.RSA_OAEP:
        return None
    try:
        return _oaep(algorithm.params)
    except SiegelError:
        return None


def _oaep(params: ber.Element | None) -> TransportScheme:
    """RSAES-OAEP-params (RFC 4055 §4.1); what is left out is SHA-1 and the empty label."""
    children = params.expect(der.SEQUENCE).children() if params is not None else []
    fields = {child.tag: inside for child in children for inside in child.children()}
    label = b""
    if 0xA2 in fields:
        source = read_algorithm(fields[0xA2])
        if source.oid != oids.P_SPECIFIED or source.params is None:
            raise UnsupportedAlgorithm("an OAEP label from elsewhere")
        label = source.params.joined()
    return TransportScheme(
        TransportKind.RSA_OAEP,
        digest=named_digest(fields[0xA0]) if 0xA0 in fields else "sha1",
        mgf_digest=mgf_digest(fields[0xA1]) if 0xA1 in fields else "sha1",
        label=label,
    )


def _agreement(fields: list[ber.Element]) -> RecipientView:
    """KeyAgreeRecipientInfo: version, originator [0], ukm [1] if any, algorithm, keys."""
    if not 4 <= len(fields) <= 5:
        raise MalformedMessage("no KeyAgreeRecipientInfo")
    originator = _originator(fields[1].expect(0xA0).children())
    ukm = _ukm(fields[2]) if len(fields) == 5 else None
    agreement = _agreement_algorithm(read_algorithm(fields[-2]))
    usable = agreement is not None and originator is not None
    doors = tuple(
        Door(
            identifier=identifier,
            encrypted_key=encrypted_key,
            agreement=agreement if usable else None,
            originator=originator or b"",
            ukm=ukm,
        )
        for identifier, encrypted_key in _encrypted_keys(fields[-1])
    )
    return RecipientView(kind="kari", doors=doors, weak=agreement is not None and agreement.weak)


def _originator(inside: list[ber.Element]) -> bytes | None:
    """The ephemeral public key; None for a static one that is only named."""
    if len(inside) != 1:
        raise MalformedMessage("a key agreement without originator")
    if inside[0].tag != 0xA1:
        return None
    fields = inside[0].children()
    if len(fields) != 2:
        raise MalformedMessage("no OriginatorPublicKey")
    key = fields[1].expect(der.BIT_STRING).content
    if not key or key[0]:
        raise MalformedMessage("a public key of broken octets")
    return bytes(key[1:])


def _ukm(element: ber.Element) -> bytes:
    inside = element.expect(0xA1).children()
    if len(inside) != 1:
        raise MalformedMessage("no UserKeyingMaterial")
    return inside[0].joined()


def _agreement_algorithm(algorithm: AlgorithmId) -> Agreement | None:
    if algorithm.params is None or algorithm.params.tag != der.SEQUENCE:
        return None
    wrap = read_algorithm(algorithm.params)
    agreement = Agreement(scheme=algorithm.oid, wrap=wrap.oid, wrap_raw=wrap.raw)
    return agreement if agreement.supported else None


def _encrypted_keys(element: ber.Element) -> Iterator[tuple[KeyId, bytes]]:
    for child in element.expect(der.SEQUENCE).children():
        fields = child.expect(der.SEQUENCE).children()
        if len(fields) != 2:
            raise MalformedMessage("no RecipientEncryptedKey")
        yield _agreement_identifier(fields[0]), fields[1].expect(der.OCTET_STRING).joined()


def _agreement_identifier(element: ber.Element) -> KeyId:
    if element.tag == der.SEQUENCE:
        return read_issuer_and_serial(element)
    fields = element.expect(0xA0).children()  # RecipientKeyIdentifier
    if not fields:
        raise MalformedMessage("a RecipientKeyIdentifier without identifier")
    return fields[0].expect(der.OCTET_STRING).joined()


def content_key(door: Door, key: DecryptionKey, length: int) -> bytes | None:
    """The content key behind ``door``, None for anything that is none.

    ``KeyUnavailable`` passes: a token that is unplugged says nothing about the message.
    """
    try:
        found = door.open(key)
    except KeyUnavailable:
        raise
    except (SiegelError, ValueError, TypeError):
        return None
    return found if len(found) == length else None
