"""Thunderbird looks for our people in our LDAP directory, and encrypts with what it finds."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.hashes import SHA256
from pytest_django import Settings

from siegel.base.address import EmailAddress
from siegel.flows import publishing
from tests.flows.office import ALICE, BOB, DANA, Office
from tests.interop import ldap_directory
from tests.interop.ldap_directory import SUFFIX, directory
from tests.peers.process import free_ports
from tests.peers.thunderbird import Thunderbird
from tests.world import WORLD, Person

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.interop,
    pytest.mark.slow,
    pytest.mark.requirement("A55", "B24"),
]


def _fingerprint(person: Person) -> str:
    return person.certificate.fingerprint(SHA256()).hex()


def test_an_address_book_finds_the_certificate_and_the_mail_is_encrypted(
    settings: Settings, tmp_path: Path
) -> None:
    settings.SIEGEL_DATA_DIR = tmp_path / "data"
    office = Office(tmp_path)
    office.trust()
    office.own(ALICE)
    office.own(BOB)
    publishing.publish([EmailAddress.parse(ALICE.address)], by="test", at=office.at)
    (port,) = free_ports(1)
    url = f"ldap://127.0.0.1:{port}/{SUFFIX}??sub?(objectclass=*)"
    with (
        directory(tmp_path, ldap_directory.settings(port)),
        Thunderbird(tmp_path / "thunderbird") as thunderbird,
    ):
        thunderbird.trust(WORLD.root)
        thunderbird.take_in(*ALICE.chain, trusted=WORLD.root.der)
        thunderbird.import_key(DANA)
        assert thunderbird.search_address_book(url, f"(or(PrimaryEmail,=,{ALICE.address}))") == (
            ALICE.address,
        )
        assert thunderbird.search_address_book(url, "(or(PrimaryEmail,c,a))") == ()
        found = thunderbird.fetch_certificates(url, ALICE.address, BOB.address)
        assert _fingerprint(ALICE) in found
        assert _fingerprint(BOB) not in found
        sent = thunderbird.send(DANA, [ALICE], "Vertraulich", sign=True, encrypt=True)
    assert b"application/pkcs7-mime" in sent
    office.receive(sent, DANA.address, ALICE.address)
    assert b"Vertraulich" in office.into.sent[-1].content
