"""The world itself is what its table says; the judge is the library it was not built with."""

from datetime import timedelta
from itertools import pairwise

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import pkcs12

from tests.world import WORLD, WORLD_NOW, Flavour, Person, World
from tests.world.private_keys import private_key

EVERYBODY = pytest.mark.parametrize("person", WORLD.everybody, ids=lambda person: person.name)


@EVERYBODY
def test_every_certificate_leads_to_a_root(person: Person) -> None:
    chain = [person.certificate, *(one.certificate for one in person.authority.path)]
    for lower, upper in pairwise(chain):
        lower.verify_directly_issued_by(upper)
    assert chain[-1].subject == chain[-1].issuer


@EVERYBODY
def test_every_private_key_belongs_to_its_certificate(person: Person) -> None:
    assert person.private_key.public_key() == person.certificate.public_key()


@pytest.mark.parametrize("flavour", ["modern", "compatible"])
def test_a_certificate_file_holds_key_certificate_and_chain(world: World, flavour: Flavour) -> None:
    alice = world.person("alice")
    blob = alice.p12("geheim", flavour)
    loaded = pkcs12.load_pkcs12(blob, b"geheim")
    assert loaded.cert is not None
    assert loaded.cert.certificate == alice.certificate
    assert [one.certificate for one in loaded.additional_certs] == [
        one.certificate for one in alice.intermediates
    ]


def test_only_the_meant_certificates_are_outside_their_validity(world: World) -> None:
    outside = {
        person.name
        for person in world.everybody
        if not (
            person.certificate.not_valid_before_utc
            <= WORLD_NOW
            <= person.certificate.not_valid_after_utc
        )
    }
    assert outside == {"emil", "norbert"}


def test_the_revocation_list_names_rita_and_nobody_else(world: World) -> None:
    crl = x509.load_der_x509_crl(world.crl())
    assert [one.serial_number for one in crl] == [world.person("rita").certificate.serial_number]
    assert crl.is_signature_valid(private_key("issuing").public_key())  # type: ignore[arg-type]


def test_a_revocation_list_can_be_made_for_any_moment(world: World) -> None:
    old = WORLD_NOW - timedelta(days=400)
    crl = x509.load_der_x509_crl(world.crl(this_update=old, next_update=old + timedelta(days=7)))
    assert crl.next_update_utc == old + timedelta(days=7)


def test_a_renewal_keeps_the_key_and_a_rekeying_changes_it(world: World) -> None:
    alice, renewed, rekeyed = map(world.person, ("alice", "alice_renewed", "alice_rekeyed"))
    assert renewed.certificate.public_key() == alice.certificate.public_key()
    assert rekeyed.certificate.public_key() != alice.certificate.public_key()
    assert renewed.certificate.serial_number != alice.certificate.serial_number
