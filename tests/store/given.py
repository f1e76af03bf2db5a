"""What the tests of the store start from: the cast as parsed certificates, and made-up rows."""

import hashlib
from datetime import timedelta

from siegel.base.address import EmailAddress
from siegel.pki.certificate import Certificate, parse_certificate
from siegel.store import models
from siegel.store.queries import accounts, organisation
from tests.world import WORLD, WORLD_NOW

NOW = WORLD_NOW
DAY = timedelta(days=1)

ALICE = EmailAddress.parse("alice@office.example")
BOB = EmailAddress.parse("bob@office.example")
INFO = EmailAddress.parse("info@office.example")
HUBER = EmailAddress.parse("huber@school.example")
DANA = EmailAddress.parse("dana@partner.example")


def certificate_of(name: str) -> Certificate:
    return parse_certificate(WORLD.person(name).certificate_der)


def authority(name: str) -> Certificate:
    person = WORLD.person("alice")
    chain = {one.role.name: one for one in person.authority.path}
    return parse_certificate(chain[name].der)


def office() -> None:
    organisation.establish(name="Landratsamt", language="de", domains=("office.example",))
    accounts.add(ALICE, at=NOW, display_name="Alice Adler")
    accounts.add(BOB, at=NOW)


def many_certificates(count: int, domain: str = "many.example") -> list[EmailAddress]:
    """``count`` made-up certificates, each for an address of its own, with a key each."""
    addresses = [EmailAddress.parse(f"p{number}@{domain}") for number in range(count)]
    marks = [hashlib.sha256(str(address).encode()).hexdigest() for address in addresses]
    models.Certificate.objects.bulk_create(
        models.Certificate(
            fingerprint=mark, der=mark.encode(), subject=f"CN={mark}", issuer="CN=x", serial="1",
            subject_sha256=mark, issuer_sha256="0" * 64, spki_sha256=mark, not_before=NOW,
            not_after=NOW + DAY, is_ca=False, source="imported", added_at=NOW, added_by="test",
        )
        for mark in marks
    )  # fmt: skip
    models.CertificateAddress.objects.bulk_create(
        models.CertificateAddress(
            certificate_id=mark,
            address=str(address),
            state="linked",
            linked_by="test",
            linked_at=NOW,
        )
        for mark, address in zip(marks, addresses, strict=True)
    )
    models.PrivateKey.objects.bulk_create(
        models.PrivateKey(spki_sha256=mark, sealed=b"s", added_at=NOW, added_by="test")
        for mark in marks
    )
    return addresses
