"""Read RecipientInfos (RFC 5652 §6.2): whom they name, and how the content key comes out.

Key transport and key agreement stand here; a key encapsulation, a key agreed on before and a
password are read in ``kem``, ``shared_keys`` and ``passwords``. Other kinds are skipped. Several
recipients may share one key agreement.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from cryptography.hazmat.primitives.asymmetric import rsa

from siegel.base import ber, der, oids
from siegel.base.errors import (
    LimitExceeded,
    MalformedMessage,
    SiegelError,
    UnsupportedAlgorithm,
)
from siegel.base.keys import DecryptionKey, KeyId, Keyring, TransportKind, TransportScheme
from siegel.cms.algorithms import AlgorithmId, read_algorithm
from siegel.cms.doors import Attempt
from siegel.cms.identifiers import read_identifier, read_issuer_and_serial
from siegel.cms.kem import KemDoor, read_kem
from siegel.cms.key_agreement import Agreement, read_peer, unwrap
from siegel.cms.originators import read_point
from siegel.cms.passwords import PasswordDoor, read_password
from siegel.cms.shared_keys import SharedKeyDoor, read_shared_key
from siegel.cms.signature import mgf_digest, named_digest

MAX_UKM = 1024  # octets; RFC 2631 has 64, and every recipient of one agreement digests them again

Originators = Mapping[KeyId, bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class TransportDoor:
    """A content key encrypted to an RSA key; ``transport`` None: in an unknown way."""

    identifier: KeyId
    encrypted_key: bytes
    transport: TransportScheme | None

    @property
    def weak(self) -> bool:
        return False

    def attempts(self, keyring: Keyring) -> Iterator[Attempt]:
        hides = self.transport is not None and self.transport.kind is TransportKind.RSA_PKCS1
        for key in keyring.matching(self.identifier):
            yield Attempt(
                open=partial(self._open, key),
                supported=self.transport is not None,
                hides_failure=hides,
            )

    def _open(self, key: DecryptionKey) -> bytes:
        if self.transport is None or not isinstance(key.public_key, rsa.RSAPublicKey):
            raise UnsupportedAlgorithm("key transport to a key that is not RSA")
        return key.decrypt(self.encrypted_key, self.transport)


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementDoor:
    """A content key under an agreed key; ``agreement`` or ``originator`` None: in unknown ways."""

    identifier: KeyId
    encrypted_key: bytes
    agreement: Agreement | None
    originator: bytes | None
    ukm: bytes | None

    @property
    def weak(self) -> bool:
        return self.agreement is not None and self.agreement.weak

    def attempts(self, keyring: Keyring) -> Iterator[Attempt]:
        supported = self.agreement is not None and self.originator is not None
        for key in keyring.matching(self.identifier):
            yield Attempt(open=partial(self._open, key), supported=supported)

    def _open(self, key: DecryptionKey) -> bytes:
        if self.agreement is None or self.originator is None:
            raise UnsupportedAlgorithm("a key agreement of an unknown kind")
        peer = read_peer(key.public_key, self.originator)
        return unwrap(self.agreement, key.agree(peer), self.ukm, self.encrypted_key)


Door = TransportDoor | AgreementDoor | KemDoor | SharedKeyDoor | PasswordDoor


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipientView:
    """One RecipientInfo; ``kind`` is one of ktri, kari, kemri, kekri, pwri, ori and unknown."""

    kind: str
    doors: tuple[Door, ...] = ()

    @property
    def identifiers(self) -> tuple[KeyId, ...]:
        return tuple(door.identifier for door in self.doors if door.identifier is not None)

    @property
    def weak(self) -> bool:
        return any(door.weak for door in self.doors)

    def attempts(self, keyring: Keyring) -> Iterator[Attempt]:
        for door in self.doors:
            yield from door.attempts(keyring)


def read_recipient(element: ber.Element, originators: Originators) -> RecipientView:
    if element.tag == der.SEQUENCE:
        return _transport(element.children())
    if element.tag == 0xA1:
        return _agreement(element.children(), originators)
    kind, read = _RARE.get(element.tag, ("unknown", _unknown))
    try:
        return read(element.children())
    except MalformedMessage:
        # the kinds that few programs know: one of them written wrongly is not for us
        return RecipientView(kind=kind)


def _shared_key(fields: list[ber.Element]) -> RecipientView:
    return RecipientView(kind="kekri", doors=(read_shared_key(fields),))


def _password(fields: list[ber.Element]) -> RecipientView:
    return RecipientView(kind="pwri", doors=(read_password(fields),))


def _other(fields: list[ber.Element]) -> RecipientView:
    if len(fields) != 2 or fields[0].expect(der.OID).oid() != oids.ORI_KEM:
        return RecipientView(kind="ori")
    return RecipientView(kind="kemri", doors=(read_kem(fields[1]),))


def _unknown(fields: list[ber.Element]) -> RecipientView:
    del fields
    return RecipientView(kind="unknown")


_RARE: dict[int, tuple[str, Callable[[list[ber.Element]], RecipientView]]] = {
    0xA2: ("kekri", _shared_key),
    0xA3: ("pwri", _password),
    0xA4: ("ori", _other),
}


def _transport(fields: list[ber.Element]) -> RecipientView:
    if len(fields) != 4:
        raise MalformedMessage("no KeyTransRecipientInfo")
    door = TransportDoor(
        identifier=read_identifier(fields[1]),
        encrypted_key=fields[3].octet_string(),
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


def _agreement(fields: list[ber.Element], originators: Originators) -> RecipientView:
    """KeyAgreeRecipientInfo: version, originator [0], ukm [1] if any, algorithm, keys."""
    if not 4 <= len(fields) <= 5:
        raise MalformedMessage("no KeyAgreeRecipientInfo")
    originator = _originator(fields[1].expect(0xA0).children(), originators)
    ukm = _ukm(fields[2]) if len(fields) == 5 else None
    agreement = _agreement_algorithm(read_algorithm(fields[-2]))
    doors = tuple(
        AgreementDoor(
            identifier=identifier,
            encrypted_key=encrypted_key,
            agreement=agreement,
            originator=originator,
            ukm=ukm,
        )
        for identifier, encrypted_key in _encrypted_keys(fields[-1])
    )
    return RecipientView(kind="kari", doors=doors)


def _originator(inside: list[ber.Element], originators: Originators) -> bytes | None:
    """The ephemeral public key, or the static one of the certificate that is named.

    The algorithm beside an ephemeral key is not looked at (RFC 5753 §3.1.1 allows it to be absent,
    NULL or a curve): a point that is not on the recipient's curve is refused later anyway.
    """
    if len(inside) != 1:
        raise MalformedMessage("a key agreement without originator")
    if inside[0].tag != 0xA1:
        return originators.get(read_identifier(inside[0]))
    fields = inside[0].children()
    if len(fields) != 2:
        raise MalformedMessage("no OriginatorPublicKey")
    return read_point(fields[1])


def _ukm(element: ber.Element) -> bytes:
    inside = element.expect(0xA1).children()
    if len(inside) != 1:
        raise MalformedMessage("no UserKeyingMaterial")
    ukm = inside[0].joined()
    if len(ukm) > MAX_UKM:
        raise LimitExceeded("user keying material longer than anybody needs", limit="ukm")
    return ukm


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
        yield _agreement_identifier(fields[0]), fields[1].octet_string()


def _agreement_identifier(element: ber.Element) -> KeyId:
    if element.tag == der.SEQUENCE:
        return read_issuer_and_serial(element)
    fields = element.expect(0xA0).children()  # RecipientKeyIdentifier
    if not fields:
        raise MalformedMessage("a RecipientKeyIdentifier without identifier")
    return fields[0].octet_string()
