"""An authority with everything it issues, made from the pure floor, without a store."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache

from siegel.base.address import EmailAddress
from siegel.ca import authority as making
from siegel.ca import crl, names, ocsp
from siegel.ca.authority import Issuer, Places
from siegel.ca.crl import RevocationReason, RevokedCertificate
from siegel.ca.names import Organisation, PersonName
from siegel.ca.profiles import KeyUse, LeafProfile, certifiable
from siegel.pki import key_generation
from siegel.pki.certificate import Certificate
from siegel.pki.classes import Generation, ValidationType
from siegel.pki.issuer_keys import issuer_key
from siegel.pki.key_generation import KeyChoice
from siegel.pki.softkeys import PrivateKey

ORGANISATION = Organisation(name="Landratsamt Musterstadt", identifier="GOVDE+BY")
PERSON = PersonName(given_name="Eva", surname="Ernst")
DOMAIN = "office.example.org"  # a name that could be registered: pkilint knows the others
ADDRESS = EmailAddress.parse(f"Eva.Ernst@{DOMAIN}")

VALIDATIONS = (ValidationType.MAILBOX, ValidationType.ORGANISATION, ValidationType.SPONSOR)
GENERATIONS = (Generation.STRICT, Generation.MULTIPURPOSE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One profile with one kind of key."""

    validation: ValidationType
    generation: Generation
    use: KeyUse
    key: KeyChoice

    def __str__(self) -> str:
        return f"{self.validation}-{self.generation}-{self.use}-{self.key}"


def kinds() -> Iterator[Kind]:
    """All that our authority issues: not Ed25519 to encrypt to, nor X25519 to sign with."""
    for validation in VALIDATIONS:
        for generation in GENERATIONS:
            for use in KeyUse:
                for key in KeyChoice:
                    if _fits(use, key):
                        yield Kind(validation=validation, generation=generation, use=use, key=key)


def _fits(use: KeyUse, key: KeyChoice) -> bool:
    signs = use is KeyUse.ENCRYPTION or key.can_sign
    return signs and (use is KeyUse.SIGNING or key.can_be_encrypted_to)


@cache
def key_of(choice: KeyChoice) -> PrivateKey:
    """One of each kind is enough: nobody looks at two certificates together."""
    return key_generation.generate(choice)


class House:
    """Root, issuing authority, responder and lists, on keys of one kind."""

    def __init__(self, choice: KeyChoice, at: datetime | None = None) -> None:
        self.at = at or datetime.now(UTC).replace(microsecond=0)
        root_key, key = (issuer_key(key_generation.generate(choice)) for _ in range(2))
        self.root = making.create_root(
            root_key, names.authority_name("Amt Root", ORGANISATION),
            serial=making.new_serial(os.urandom), days=5475, at=self.at,
        )  # fmt: skip
        self.above = Issuer(certificate=self.root, key=root_key, places=_places("root"))
        self.issuing = making.create_issuing(
            self.above, key.public_key(), names.authority_name("Amt Issuing", ORGANISATION),
            [DOMAIN], serial=making.new_serial(os.urandom), days=2920, at=self.at,
        )  # fmt: skip
        self.issuer = Issuer(certificate=self.issuing, key=key, places=_places("issuing"))
        self.responder_key = issuer_key(key_generation.generate(KeyChoice.P_256))
        self.responder = making.issue_ocsp_signer(
            self.issuer, self.responder_key.public_key(),
            names.authority_name("Amt OCSP", ORGANISATION),
            serial=making.new_serial(os.urandom), at=self.at,
        )  # fmt: skip

    def leaf(self, kind: Kind, address: EmailAddress = ADDRESS, *, policy: str = "") -> Certificate:
        subject = {
            ValidationType.MAILBOX: lambda: names.mailbox_name(address),
            ValidationType.ORGANISATION: lambda: names.organisation_name(ORGANISATION),
            ValidationType.SPONSOR: lambda: names.sponsor_name(PERSON, ORGANISATION),
        }[kind.validation]()
        profile = LeafProfile(validation=kind.validation, generation=kind.generation, use=kind.use)
        return making.issue_leaf(
            self.issuer, certifiable(key_of(kind.key).public_key()), profile, subject, [address],
            serial=making.new_serial(os.urandom), at=self.at, policy=policy,
        )  # fmt: skip

    def list_of(self, *revoked: Certificate, number: int = 1) -> bytes:
        entries = [
            RevokedCertificate(
                serial=one.serial, revoked_at=self.at, not_after=one.not_after,
                reason=RevocationReason.KEY_COMPROMISE,
            )
            for one in revoked
        ]  # fmt: skip
        return crl.issue_crl(self.issuer, entries, number=number, at=self.at)

    def root_list(self) -> bytes:
        return crl.issue_crl(self.above, (), number=1, at=self.at, life=crl.LIFE_OF_ROOT)

    def answer(self, request: bytes, status: ocsp.Status) -> bytes:
        responder = ocsp.Responder(
            authority=self.issuing, certificate=self.responder, key=self.responder_key
        )
        return ocsp.respond(request, responder, lambda _serial: status, at=self.at)


def _places(name: str) -> Places:
    base = f"http://pki.{DOMAIN}/{name}"
    return Places(crl=f"{base}.crl", issuer=f"{base}.cer", ocsp=f"{base}/ocsp")
