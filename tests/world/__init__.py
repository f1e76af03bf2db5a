"""The certificate world of the tests: authorities, people, and their files.

    world.person("alice").certificate_der      what partners have of Alice
    world.person("alice").p12("secret")        what Alice has of herself
    world.root                                 the root everybody in the office relies on
    world.crl()                                the revocation list that names Rita

Everything is built on first use from the table in ``cast``; nothing touches a network, and
nothing but ``Person.write`` touches a disk.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Final, Literal

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA65PrivateKey
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
)
from cryptography.hazmat.primitives.serialization import pkcs12 as pkcs12_format

from tests.world.cast import AUTHORITIES, PEOPLE, REVOKED_AT, WORLD_NOW, Role
from tests.world.issuing import (
    Authority,
    create_authority,
    create_certificate,
    create_crl,
    serial_number,
)
from tests.world.private_keys import PrivateKey, pkcs8_pem, private_key

__all__ = [
    "REVOKED_AT",
    "WORLD",
    "WORLD_NOW",
    "Authority",
    "Flavour",
    "PemFiles",
    "Person",
    "World",
]

Flavour = Literal["modern", "compatible"]
"""PKCS#12 as of today (PBES2, AES-256, SHA-256), or as GnuPG still wants it (3DES, SHA-1)."""

_NOT_IN_PKCS12: Final = (X25519PrivateKey, MLDSA65PrivateKey, MLKEM768PrivateKey)
_ROLES: Final = {role.name: role for role in PEOPLE}
_AUTHORITY_ROLES: Final = {role.name: role for role in AUTHORITIES}


@dataclass(frozen=True, slots=True)
class PemFiles:
    """One person's files on disk, for programs that read nothing else."""

    certificate: Path
    key: Path
    chain: Path  # the intermediates
    root: Path


@dataclass(frozen=True, slots=True)
class Person:
    """One certificate of one person, with everything that belongs to it."""

    role: Role
    certificate: x509.Certificate
    private_key: PrivateKey
    authority: Authority

    @property
    def name(self) -> str:
        return self.role.name

    @property
    def address(self) -> str:
        return self.role.address

    @property
    def certificate_der(self) -> bytes:
        return self.certificate.public_bytes(Encoding.DER)

    @property
    def certificate_pem(self) -> bytes:
        return self.certificate.public_bytes(Encoding.PEM)

    @property
    def pkcs8(self) -> bytes:
        """The private key as unencrypted PKCS#8 DER."""
        return self.private_key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())

    @property
    def key_pem(self) -> bytes:
        return pkcs8_pem(self.private_key)

    @property
    def intermediates(self) -> tuple[Authority, ...]:
        """The authorities a message may carry: no root, and nobody who stays hidden."""
        return tuple(one for one in self.authority.path if one.issuer and not one.role.hidden)

    @property
    def chain(self) -> tuple[bytes, ...]:
        """The intermediates in DER, nearest first."""
        return tuple(one.der for one in self.intermediates)

    @property
    def root(self) -> Authority:
        return self.authority.path[-1]

    def p12(self, passphrase: str, flavour: Flavour = "modern") -> bytes:
        """Certificate, chain and private key in one file."""
        assert not isinstance(self.private_key, _NOT_IN_PKCS12), "cryptography cannot write it"
        return pkcs12_format.serialize_key_and_certificates(
            self.address.encode(),
            self.private_key,
            self.certificate,
            [one.certificate for one in self.intermediates],
            _encryption(passphrase, flavour),
        )

    def write(self, directory: Path) -> PemFiles:
        """Put the PEM files into ``directory`` and say where they are."""
        files = PemFiles(
            certificate=directory / f"{self.name}.crt.pem",
            key=directory / f"{self.name}.key.pem",
            chain=directory / f"{self.name}.chain.pem",
            root=directory / f"{self.root.role.name}.root.pem",
        )
        files.certificate.write_bytes(self.certificate_pem)
        files.key.write_bytes(self.key_pem)
        files.key.chmod(0o600)
        files.chain.write_bytes(b"".join(one.pem for one in self.intermediates))
        files.root.write_bytes(self.root.pem)
        return files


class World:
    """Everybody. Two worlds are equal; tests share ``WORLD`` (fixture ``world``)."""

    now = WORLD_NOW

    @property
    def root(self) -> Authority:
        return self.authority("root")

    @property
    def unknown_root(self) -> Authority:
        """A root that nobody here has decided about: the Bundesamt's."""
        return self.authority("unknown_root")

    @property
    def trusted_roots(self) -> tuple[Authority, ...]:
        """The roots the organisation relies on."""
        return (self.root, self.authority("pss_root"))

    @property
    def everybody(self) -> tuple[Person, ...]:
        return tuple(self.person(name) for name in _ROLES)

    def person(self, name: str) -> Person:
        return _person(name)

    def authority(self, name: str) -> Authority:
        return _authority(name)

    def crl(
        self,
        authority: str = "issuing",
        *,
        this_update: datetime = WORLD_NOW - timedelta(days=1),
        next_update: datetime = WORLD_NOW + timedelta(days=6),
        number: int = 1,
        revoked: dict[str, datetime] | None = None,
    ) -> bytes:
        """The revocation list of ``authority`` in DER; ``revoked`` adds people by name."""
        named = {
            role.name: role.revoked_at
            for role in PEOPLE
            if role.revoked_at and role.issuer == authority
        } | (revoked or {})
        serials = {serial_number(name): moment for name, moment in named.items()}
        return create_crl(self.authority(authority), serials, this_update, next_update, number)


@cache
def _authority(name: str) -> Authority:
    role = _AUTHORITY_ROLES[name]
    return create_authority(role, _authority(role.issuer) if role.issuer else None)


@cache
def _person(name: str) -> Person:
    role = _ROLES[name]
    authority = _authority(role.issuer)
    certificate = create_certificate(role, authority)
    return Person(role, certificate, private_key(role.key_name), authority)


def _encryption(passphrase: str, flavour: Flavour) -> KeySerializationEncryption:
    mac: SHA1 | SHA256
    if flavour == "compatible":
        algorithm, mac = pkcs12_format.PBES.PBESv1SHA1And3KeyTripleDESCBC, SHA1()
    else:
        algorithm, mac = pkcs12_format.PBES.PBESv2SHA256AndAES256CBC, SHA256()
    builder = PrivateFormat.PKCS12.encryption_builder().key_cert_algorithm(algorithm)
    return builder.hmac_hash(mac).build(passphrase.encode())


WORLD: Final = World()
