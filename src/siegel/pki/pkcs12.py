"""PKCS #12 (.p12, .pfx; RFC 7292): read every key and certificate of a file, and write one.

The structure is read here, on ``base.ber``: files with several keys, in BER, with or without MAC.
Not read: files protected by public keys instead of a passphrase, and CRL or secret bags.
"""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.x448 import X448PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PrivateFormat, pkcs12

from siegel.base import b64, ber, der, oids, pem
from siegel.base.buffers import Random
from siegel.base.errors import (
    Conflict,
    LimitExceeded,
    MalformedMessage,
    SiegelError,
    UnsupportedAlgorithm,
    WrongPassphrase,
)
from siegel.base.limits import MIB, Limits
from siegel.base.secret import Secret
from siegel.pki import pbe, pkcs12_write
from siegel.pki.certificate import Certificate, parse_certificate
from siegel.pki.post_quantum import QuantumSafePrivateKey
from siegel.pki.softkeys import (
    PrivateKey,
    key_matches,
    load_private_key,
    private_key_info,
    spki_sha256,
)

MAX_SIZE = MIB  # octets of one file; a key with its chain takes 5,000, a history of keys 100,000
MAX_BAGS = 1000  # keys and certificates of one file; each key costs up to 300 ms to check
MAX_NESTING = 4  # SafeContents inside SafeContents; no program seen writes any
# of structure in one file; BER writers put 1,000 octets into a segment
STRUCTURE = Limits(ber_elements=50_000, ber_segments=20_000)
KDF_ROUNDS = 600_000  # written for PBKDF2-HMAC-SHA-256; what Firefox writes as well
COMPATIBLE_ROUNDS = 50_000  # written for 3DES; old devices take seconds for more

_SEQUENCE = der.SEQUENCE
_CONTENT = 0xA0  # [0] EXPLICIT content
_ENCRYPTED_CONTENT = (0x80, 0xA0)  # [0] IMPLICIT OCTET STRING, primitive or in segments
_BMP_STRING = 0x1E

_KEY_BAG = "1.2.840.113549.1.12.10.1.1"
_SHROUDED_KEY_BAG = "1.2.840.113549.1.12.10.1.2"
_CERTIFICATE_BAG = "1.2.840.113549.1.12.10.1.3"
_NESTED_BAG = "1.2.840.113549.1.12.10.1.6"
_X509_CERTIFICATE = "1.2.840.113549.1.9.22.1"
_LABEL = b"PKCS12"  # of a file in PEM


class Flavour(StrEnum):
    """How a written file is protected."""

    MODERN = "modern"  # PBES2, AES-256-CBC, HMAC-SHA-256
    COMPATIBLE = "compatible"  # 3DES and SHA-1, for devices that read nothing newer


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivateKeyEntry:
    """One private key, and the certificates of the file that belong to it.

    ``spki_sha256`` is the name it is kept by: that of its certificates, if there are any.
    """

    key: PrivateKey = field(repr=False)
    pkcs8: Secret
    spki_sha256: str
    certificates: tuple[Certificate, ...] = ()
    friendly_name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pkcs12:
    """What was in a file. ``outdated``: its protection (RC2, 3DES, no MAC) is that of old times."""

    keys: tuple[PrivateKeyEntry, ...] = ()
    certificates: tuple[Certificate, ...] = ()
    outdated: bool = False


def is_pkcs12(data: bytes) -> bool:
    """Whether ``data`` begins like a PFX; tells nothing about what is inside."""
    try:
        _pfx(data)
    except SiegelError:
        return False
    return True


def open_pkcs12(data: bytes, passphrase: Secret) -> Pkcs12:
    """Everything in the file. RSA keys are checked here, once.

    Raises ``WrongPassphrase``; ``MalformedMessage`` if it is no PKCS #12 file or damaged behind an
    intact MAC; ``LimitExceeded`` for its size or the work it asks for; ``UnsupportedAlgorithm``.
    """
    if len(data) > MAX_SIZE:
        raise LimitExceeded(f"PKCS #12 file longer than {MAX_SIZE} octets", limit="file_size")
    content, mac_data = _pfx(data)
    reader = _Reader(pbe.Passphrase(passphrase))
    if mac_data is not None:
        reader.check_mac(mac_data, content)
    reader.read_authenticated_safe(content)
    return reader.result()


def build_pkcs12(
    key: PrivateKey,
    certificate: Certificate,
    chain: Sequence[Certificate],
    passphrase: Secret,
    *,
    flavour: str = Flavour.MODERN,
    rng: Random = os.urandom,
) -> bytes:
    """A file with one key, its certificate and the chain above it.

    ``rng`` is asked for kinds that ``cryptography`` does not write; it draws for itself.
    """
    if not key_matches(certificate, key):
        raise Conflict("the private key does not belong to this certificate")
    if not passphrase.reveal():
        raise Conflict("a private key is never written without a passphrase")
    if isinstance(key, X25519PrivateKey | X448PrivateKey | QuantumSafePrivateKey):
        return _by_us(key, (certificate, *chain), passphrase, flavour, rng)
    builder = PrivateFormat.PKCS12.encryption_builder()
    if Flavour(flavour) is Flavour.MODERN:
        builder = builder.kdf_rounds(KDF_ROUNDS).hmac_hash(hashes.SHA256())
        builder = builder.key_cert_algorithm(pkcs12.PBES.PBESv2SHA256AndAES256CBC)
    else:
        builder = builder.kdf_rounds(COMPATIBLE_ROUNDS).hmac_hash(hashes.SHA1())  # noqa: S303 - old devices know no other
        builder = builder.key_cert_algorithm(pkcs12.PBES.PBESv1SHA1And3KeyTripleDESCBC)
    name = certificate.common_name
    return pkcs12.serialize_key_and_certificates(
        name.encode() if name else None,
        key,
        certificate.parsed,
        [issuer.parsed for issuer in chain] or None,
        builder.build(passphrase.reveal()),
    )


def _by_us(
    key: PrivateKey,
    certificates: Sequence[Certificate],
    passphrase: Secret,
    flavour: str,
    rng: Random,
) -> bytes:
    if Flavour(flavour) is not Flavour.MODERN:
        raise UnsupportedAlgorithm("devices that need old protection know no key of this kind")
    return pkcs12_write.write(
        Secret(private_key_info(key)),
        [one.der for one in certificates],
        certificates[0].common_name,
        passphrase,
        rounds=KDF_ROUNDS,
        rng=rng,
    )


def _pfx(data: bytes) -> tuple[bytes, ber.Element | None]:
    """The octets of AuthenticatedSafe, and MacData where there is one."""
    blocks = pem.blocks(data) if data[:1] != b"\x30" else ()
    armoured = next((block for block in blocks if block.label == _LABEL), None)
    pfx = _read(b64.decode(armoured.body) if armoured else data).expect(_SEQUENCE).children()
    if not 2 <= len(pfx) <= 3 or pfx[0].expect(der.INTEGER).integer() != 3:
        raise MalformedMessage("not a PKCS #12 file")
    kind, content = _content_info(pfx[1])
    if kind == oids.SIGNED_DATA:
        raise UnsupportedAlgorithm("PKCS #12 file protected by a signature")
    if kind != oids.DATA:
        raise MalformedMessage("not a PKCS #12 file")
    return _octet_string(content), pfx[2] if len(pfx) == 3 else None


def _read(data: bytes) -> ber.Element:
    return ber.read(data, limits=STRUCTURE)


class _Reader:
    """One pass over a file, collecting what is in it."""

    def __init__(self, passphrase: pbe.Passphrase) -> None:
        self._passphrase = passphrase
        self._work = pbe.Work()
        self._passphrase_fits = False
        self._outdated = False
        self._bags = 0
        self._unsupported: UnsupportedAlgorithm | None = None
        self._keys: list[tuple[PrivateKey, str | None]] = []
        self._certificates: dict[Certificate, None] = {}

    def check_mac(self, mac_data: ber.Element, content: bytes) -> None:
        if not pbe.mac_matches(mac_data, content, self._passphrase, self._work):
            raise WrongPassphrase("the passphrase does not open this file")
        self._passphrase_fits = True

    def read_authenticated_safe(self, content: bytes) -> None:
        self._outdated = not self._passphrase_fits
        for element in _read(content).expect(_SEQUENCE).children():
            kind, safe = _content_info(element)
            if kind == oids.DATA:
                self._safe_contents(_octet_string(safe), 0)
            elif kind == oids.ENCRYPTED_DATA:
                self._encrypted_data(safe)
            else:
                raise UnsupportedAlgorithm("PKCS #12 file encrypted to a public key")

    def result(self) -> Pkcs12:
        if self._unsupported is not None and not self._keys:
            raise self._unsupported
        certificates = tuple(self._certificates)
        return Pkcs12(
            keys=tuple(_entry(key, name, certificates) for key, name in self._keys),
            certificates=certificates,
            outdated=self._outdated,
        )

    def _encrypted_data(self, content: ber.Element) -> None:
        (element,) = _exactly(content.children(), 1)
        info = _fields(_fields(element, 2)[1], 3)
        if info[2].tag not in _ENCRYPTED_CONTENT:
            raise MalformedMessage("EncryptedData without content")
        if pbe.algorithm_of(info[1]) == pbe.RC2_40:
            whole = der.sequence(der.oid(oids.ENCRYPTED_DATA), der.context(0, ber.to_der(element)))
            self._by_library(whole, info[1])
            return
        for plaintext in self._plaintexts(info[1], info[2].joined()):
            if _is_sequence(plaintext):
                self._safe_contents(plaintext, 0)
                return
        raise self._undecipherable()

    def _safe_contents(self, octets: bytes, nesting: int) -> None:
        for bag in _read(octets).expect(_SEQUENCE).children():
            self._bags += 1
            if self._bags > MAX_BAGS or nesting > MAX_NESTING:
                raise LimitExceeded("too many keys and certificates in one file", limit="bags")
            self._bag(bag, nesting)

    def _bag(self, bag: ber.Element, nesting: int) -> None:
        fields = _fields(bag, 2)
        (value,) = _exactly(fields[1].expect(_CONTENT).children(), 1)
        name = _friendly_name(fields[2]) if len(fields) > 2 else None
        kind = fields[0].oid()
        if kind == _KEY_BAG:
            self._add_key(bytes(value.raw), name)
        elif kind == _SHROUDED_KEY_BAG:
            self._shrouded_key(bag, value, name)
        elif kind == _CERTIFICATE_BAG:
            self._certificate(value)
        elif kind == _NESTED_BAG:
            self._safe_contents(bytes(value.raw), nesting + 1)

    def _shrouded_key(self, bag: ber.Element, value: ber.Element, name: str | None) -> None:
        algorithm, ciphertext = _fields(value, 2)[:2]
        if pbe.algorithm_of(algorithm) == pbe.RC2_40:
            contents = der.sequence(ber.to_der(bag))
            wrapped = der.sequence(der.oid(oids.DATA), der.context(0, der.octet_string(contents)))
            self._by_library(wrapped, algorithm)
            return
        for plaintext in self._plaintexts(algorithm, ciphertext.joined()):
            if _is_sequence(plaintext):
                self._add_key(plaintext, name)
                return
        raise self._undecipherable()

    def _plaintexts(self, algorithm: ber.Element, ciphertext: bytes) -> Iterator[bytes]:
        self._outdated = self._outdated or not pbe.is_modern(algorithm)
        return pbe.plaintexts(algorithm, ciphertext, self._passphrase, self._work)

    def _undecipherable(self) -> SiegelError:
        if self._passphrase_fits:
            return MalformedMessage("PKCS #12 file with content that cannot be decrypted")
        return WrongPassphrase("the passphrase does not open this file")

    def _add_key(self, pkcs8: bytes, name: str | None) -> None:
        try:
            self._keep(load_private_key(pkcs8, validated=False), name)
        except UnsupportedAlgorithm as error:
            self._unsupported = error

    def _keep(self, key: PrivateKey, name: str | None) -> None:
        public = key.public_key()
        if all(known.public_key() != public for known, _ in self._keys):
            self._keys.append((key, name))

    def _certificate(self, value: ber.Element) -> None:
        """A certificate that cannot be read does not keep the key from being imported."""
        kind, content = _content_info(value)
        if kind != _X509_CERTIFICATE:
            return
        try:
            self._certificates[parse_certificate(_octet_string(content))] = None
        except MalformedMessage:
            return

    def _by_library(self, content_info: bytes, algorithm: ber.Element) -> None:
        """RC2-40 by ``cryptography``: ``content_info`` alone, as a file of its own.

        It yields one key only, and one container holds one key in all files seen. Our own MAC
        tells it which spelling of the passphrase is meant.
        """
        self._outdated = True
        safe = der.sequence(content_info)
        version = der.integer(3)
        content = der.sequence(der.oid(oids.DATA), der.context(0, der.octet_string(safe)))
        for wide in self._passphrase.wide:
            self._work.spend(2 * _iterations(algorithm))
            pfx = der.sequence(version, content, pbe.mac_data(safe, wide))
            try:
                found = pkcs12.load_pkcs12(pfx, _library_passphrase(wide))
            except ValueError:
                continue
            self._take(found)
            return
        raise self._undecipherable()

    def _take(self, found: pkcs12.PKCS12KeyAndCertificates) -> None:
        certificates = [found.cert] if found.cert is not None else []
        for entry in (*certificates, *found.additional_certs):
            blob = entry.certificate.public_bytes(Encoding.DER)
            self._certificates[parse_certificate(blob)] = None
        if isinstance(found.key, PrivateKey):
            self._keep(found.key, None)


def _entry(
    key: PrivateKey, name: str | None, certificates: tuple[Certificate, ...]
) -> PrivateKeyEntry:
    own = tuple(certificate for certificate in certificates if key_matches(certificate, key))
    return PrivateKeyEntry(
        key=key,
        pkcs8=Secret(private_key_info(key)),
        spki_sha256=own[0].spki_sha256 if own else spki_sha256(key),
        certificates=own,
        friendly_name=name,
    )


def _iterations(algorithm: ber.Element) -> int:
    parameters = _fields(_fields(algorithm, 2)[1], 2)
    return parameters[1].expect(der.INTEGER).integer()


def _library_passphrase(wide: bytes) -> bytes | None:
    return wide[:-2].decode("utf-16-be", "replace").encode() if wide else None


def _content_info(element: ber.Element) -> tuple[str, ber.Element]:
    """SEQUENCE { type, [0] EXPLICIT content }: ContentInfo and CertBag alike."""
    kind, content = _exactly(element.expect(_SEQUENCE).children(), 2)
    return kind.oid(), content.expect(_CONTENT)


def _octet_string(content: ber.Element) -> bytes:
    (octets,) = _exactly(content.children(), 1)
    if octets.tag & ~der.CONSTRUCTED != der.OCTET_STRING:
        raise MalformedMessage("OCTET STRING expected in a PKCS #12 file")
    return octets.joined()


def _fields(element: ber.Element, least: int) -> list[ber.Element]:
    fields = element.expect(_SEQUENCE).children()
    if len(fields) < least:
        raise MalformedMessage("PKCS #12 structure with fields missing")
    return fields


def _exactly(elements: list[ber.Element], number: int) -> list[ber.Element]:
    if len(elements) != number:
        raise MalformedMessage("PKCS #12 structure with fields missing or too many")
    return elements


def _is_sequence(plaintext: bytes) -> bool:
    """By chance a wrong key ends in good padding; it does not make one complete SEQUENCE, too."""
    try:
        return _read(plaintext).expect(_SEQUENCE).end == len(plaintext)
    except SiegelError:
        return False


def _friendly_name(attributes: ber.Element) -> str | None:
    """The name that people gave the key; decoration, so that a broken one is no name."""
    try:
        for attribute in attributes.children():
            kind, values = _exactly(attribute.children(), 2)
            if kind.oid() == oids.FRIENDLY_NAME:
                (value,) = _exactly(values.children(), 1)
                text = bytes(value.expect(_BMP_STRING).content).decode("utf-16-be")
                return text.rstrip("\0") or None
    except (SiegelError, UnicodeDecodeError):
        return None
    return None
