"""Names that our authority writes."""

import os
from datetime import UTC, datetime

import pytest
from cryptography import x509
from hypothesis import given
from hypothesis import strategies as st

from siegel.base.address import EmailAddress
from siegel.base.errors import Conflict, MalformedAddress, SiegelError
from siegel.ca import authority as making
from siegel.ca import names
from siegel.ca.names import Organisation, PersonName
from siegel.pki import key_generation
from siegel.pki.issuer_keys import issuer_key
from siegel.pki.key_generation import KeyChoice
from siegel.pki.names import mail_names, parse_name

OFFICE = Organisation(name="Landratsamt", identifier="GOVDE+BY")


@pytest.mark.parametrize(
    ("written", "certified"),
    [
        ("Eva.Ernst@office.example", "Eva.Ernst@office.example"),
        ("EVA@Office.Example", "EVA@Office.Example"),
        ("eva@münchen.example", "eva@xn--mnchen-3ya.example"),
        ('"eva ernst"@office.example', '"eva ernst"@office.example'),
    ],
)
def test_an_address_is_certified_in_its_own_spelling(written: str, certified: str) -> None:
    found = names.alternative_names([EmailAddress.parse(written)])
    assert [name.value for name in found] == [certified]


def test_an_address_is_named_once_whatever_its_spelling() -> None:
    twice = [EmailAddress.parse(one) for one in ("eva@office.example", "EVA@office.example")]
    assert len(list(names.alternative_names(twice))) == 1


_LOCAL = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=20)


@given(_LOCAL, st.sampled_from(["office.example", "Office.Example", "münchen.example"]))
def test_every_address_that_is_one_comes_back_from_the_certificate(local: str, host: str) -> None:
    try:
        address = EmailAddress.parse(f"{local}@{host}")
    except MalformedAddress:
        return
    try:
        alternative = names.alternative_names([address])
    except Conflict:
        return
    back = mail_names(alternative, parse_name(x509.Name([]).public_bytes()))
    assert (back.addresses, back.malformed) == ((address,), ())


@given(st.text(max_size=80), st.text(max_size=80))
def test_a_persons_name_is_certified_as_it_is_or_refused(given_name: str, surname: str) -> None:
    person = PersonName(given_name=given_name, surname=surname)
    try:
        subject = names.sponsor_name(person, OFFICE)
    except SiegelError:
        return
    read = parse_name(subject.public_bytes())
    assert read.person == " ".join([*given_name.split(), *surname.split()])
    assert read.organisation == "Landratsamt"


@pytest.mark.parametrize("text", ["", "   ", "a" * 65, "a\u202eb", "a\x00b"])
def test_what_cannot_be_read_is_no_name(text: str) -> None:
    with pytest.raises(Conflict, match="printable"):
        names.authority_name(text, OFFICE)


@pytest.mark.parametrize("country", ["", "D", "DEU", "12"])
def test_a_country_has_two_letters(country: str) -> None:
    with pytest.raises(Conflict, match="country"):
        Organisation(name="Amt", country=country)


def test_a_long_address_is_a_certificate_without_a_subject() -> None:
    """RFC 5280 §4.2.1.6: then the alternative name is critical."""
    key = issuer_key(key_generation.generate(KeyChoice.P_256))
    at = datetime(2026, 11, 28, tzinfo=UTC)
    root = making.create_root(key, names.authority_name("Root", OFFICE), serial=1, days=100, at=at)
    places = making.Places(crl="http://pki.example/a.crl", issuer="http://pki.example/a.cer")
    issuer = making.Issuer(certificate=root, key=key, places=places)
    address = EmailAddress.parse(f"{'a' * 60}@office.example")
    made = making.issue_leaf(
        issuer, key.public_key(), making.LeafProfile(), names.mailbox_name(address), [address],
        serial=making.new_serial(os.urandom), at=at,
    )  # fmt: skip
    found = made.parsed.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    assert (made.subject, found.critical) == ("", True)
    assert made.addresses == (address,)


@pytest.mark.parametrize(
    "url",
    ["https://pki.example/a", "ftp://pki.example", "http://", "http://a b", "http://ä.example", ""],
)
def test_lists_are_published_over_plain_http_only(url: str) -> None:
    with pytest.raises(Conflict, match="http://"):
        names.web_place(url)


@pytest.mark.parametrize("domain", ["office.example"])
def test_a_domain_allows_its_hosts_and_those_below(domain: str) -> None:
    found = names.permitted([domain, domain])
    assert found.permitted_subtrees is not None
    assert [name.value for name in found.permitted_subtrees] == [domain, f".{domain}"]
