"""The candidate: ``smime.protect`` and ``smime.open`` with RSA-2048 keys of the test world."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from tests.world import WORLD, WORLD_NOW, Person

from siegel.base.buffers import Buffer, joined
from siegel.base.keys import EmptyKeyring, Keyring
from siegel.cms.recipients import RecipientSpec
from siegel.mime.parse import parse_message
from siegel.pki.certificate import parse_certificate
from siegel.pki.softkeys import SoftwareKey, SoftwareKeyring, load_private_key
from siegel.smime.layers import OpenedMessage
from siegel.smime.open import open_message
from siegel.smime.protect import encrypt, sign
from siegel.smime.schemes import recipient_spec, signature_scheme
from siegel.smime.sign import SigningIdentity

CIPHERS: Final = {"CBC": "aes256-cbc", "GCM": "aes256-gcm"}
SIGNER: Final = WORLD.person("alice")
RECIPIENT: Final = WORLD.person("huber")


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """One who signs, one who reads; keys and certificates are loaded before anything counts."""

    identity: SigningIdentity
    recipients: tuple[RecipientSpec, ...]
    keyring: Keyring

    def sign(self, raw: bytes) -> list[Buffer]:
        return sign(parse_message(raw), [self.identity], at=WORLD_NOW).chunks()

    def sign_and_encrypt(self, raw: bytes, cipher: str) -> list[Buffer]:
        signed = sign(parse_message(raw), [self.identity], at=WORLD_NOW)
        return encrypt(signed, self.recipients, cipher=cipher)

    def verify(self, raw: bytes) -> OpenedMessage:
        return _good(open_message(parse_message(raw), EmptyKeyring()))

    def decrypt_and_verify(self, raw: bytes) -> OpenedMessage:
        return _good(open_message(parse_message(raw), self.keyring))


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """One message in all the forms the cases begin with."""

    plain: bytes
    signed: bytes
    encrypted: dict[str, bytes]

    @classmethod
    def of(cls, plain: bytes, office: Office) -> "Inputs":
        return cls(
            plain=plain,
            signed=joined(office.sign(plain)),
            encrypted={
                mode: joined(office.sign_and_encrypt(plain, cipher))
                for mode, cipher in CIPHERS.items()
            },
        )


def office(writer: Person = SIGNER, reader: Person = RECIPIENT) -> Office:
    own, other = _key(writer), _key(reader)
    return Office(
        identity=SigningIdentity(
            key=own,
            scheme=signature_scheme(own.certificate),
            chain=(own.certificate.der, *writer.chain),
        ),
        recipients=(recipient_spec(other.certificate),),
        keyring=SoftwareKeyring([other]),
    )


def operations(people: Office, inputs: Inputs) -> dict[str, Callable[[], object]]:
    """What is measured, by the names that the page uses."""
    cbc, gcm = CIPHERS["CBC"], CIPHERS["GCM"]
    return {
        "sign": lambda: people.sign(inputs.plain),
        "verify": lambda: people.verify(inputs.signed),
        "sign+encrypt CBC": lambda: people.sign_and_encrypt(inputs.plain, cbc),
        "sign+encrypt GCM": lambda: people.sign_and_encrypt(inputs.plain, gcm),
        "decrypt+verify CBC": lambda: people.decrypt_and_verify(inputs.encrypted["CBC"]),
        "decrypt+verify GCM": lambda: people.decrypt_and_verify(inputs.encrypted["GCM"]),
    }


def _key(person: Person) -> SoftwareKey:
    certificate = parse_certificate(person.certificate_der)
    return SoftwareKey(load_private_key(person.pkcs8, validated=True), [certificate])


def _good(opened: OpenedMessage) -> OpenedMessage:
    """Nothing is gained by failing quickly."""
    (signer,) = opened.signed_layers[0].signers
    assert signer.intact
    assert signer.signature_valid
    return opened
