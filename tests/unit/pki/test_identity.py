"""Who stands in a certificate: only what its class says was checked is an identity."""

import pytest
from cryptography import x509
from cryptography.x509.oid import NameOID, ObjectIdentifier

from siegel.pki.classes import Generation, ValidationType
from siegel.pki.identity import CertifiedIdentity, certified_identity
from tests.unit.pki.test_certificate import made

SUBJECT = (
    (NameOID.ORGANIZATION_NAME, "Landesamt"),
    (NameOID.GIVEN_NAME, "Erika"),
    (NameOID.SURNAME, "Muster"),
    (NameOID.COMMON_NAME, "Prof. Dr. Erika Muster"),
)


def identity(*classes: str, subject: object = SUBJECT, trusted: bool = True) -> CertifiedIdentity:
    policies = [
        x509.PolicyInformation(ObjectIdentifier(f"2.23.140.1.5.{one}"), None) for one in classes
    ]
    extensions = [x509.CertificatePolicies(policies)] if policies else []
    return certified_identity(made(*extensions, subject=subject), trusted=trusted)


PERSON, OFFICE = "Erika Muster", "Landesamt"
BY_CLASS = [
    ("1.2", ValidationType.MAILBOX, (None, None), (PERSON, OFFICE)),
    ("2.2", ValidationType.ORGANISATION, (None, OFFICE), (PERSON, None)),
    ("3.2", ValidationType.SPONSOR, (PERSON, OFFICE), (None, None)),
    ("4.2", ValidationType.INDIVIDUAL, (PERSON, None), (None, OFFICE)),
]


@pytest.mark.requirement("A25", "A26")
@pytest.mark.parametrize(("named", "type_", "checked", "stated"), BY_CLASS)
def test_what_was_checked_stands_apart_from_what_is_claimed(
    named: str,
    type_: ValidationType,
    checked: tuple[str | None, str | None],
    stated: tuple[str | None, str | None],
) -> None:
    found = identity(named)
    assert (found.type, found.generation) == (type_, Generation.MULTIPURPOSE)
    assert (found.person, found.organisation) == checked
    assert (found.stated_person, found.stated_organisation) == stated


@pytest.mark.parametrize("named", [one[0] for one in BY_CLASS])
def test_without_trust_nothing_was_checked(named: str) -> None:
    """Anybody can write the class into a certificate of his own making."""
    found = identity(named, trusted=False)
    assert (found.type, found.generation) == (ValidationType.UNSTATED, None)
    assert (found.person, found.organisation) == (None, None)
    assert (found.stated_person, found.stated_organisation) == (PERSON, OFFICE)


def test_an_authority_that_does_not_say_what_it_checked_gives_claims_alone() -> None:
    found = identity()
    assert found.type is ValidationType.UNSTATED
    assert (found.person, found.stated_person) == (None, PERSON)


@pytest.mark.parametrize("classes", [("3.3", "1.1"), ("1.1", "3.3")])
def test_of_two_classes_the_one_that_says_least_holds(classes: tuple[str, ...]) -> None:
    assert identity(*classes).type is ValidationType.MAILBOX
    assert identity(*classes).person is None


def test_a_common_name_is_checked_as_nobody_s_name() -> None:
    found = identity("3.3", subject=((NameOID.COMMON_NAME, "Poststelle"),))
    assert (found.person, found.stated_person) == (None, "Poststelle")


def test_it_is_written_with_every_key() -> None:
    assert identity("4.1").to_json() == {
        "class": "individual",
        "generation": "legacy",
        "person": PERSON,
        "organisation": None,
        "stated_person": None,
        "stated_organisation": OFFICE,
    }
