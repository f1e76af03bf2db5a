"""Certificates, lists and answers from the pure floor."""

from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp as library
from hypothesis import given
from hypothesis import strategies as st

from siegel.base.errors import Conflict, UnsupportedAlgorithm
from siegel.ca import authority as making
from siegel.ca import crl, ocsp, profiles
from siegel.ca.crl import RevocationReason, RevokedCertificate
from siegel.ca.ocsp import Status
from siegel.ca.profiles import KeyUse, LeafProfile
from siegel.pki.classes import Generation, ValidationType
from siegel.pki.key_generation import KeyChoice
from tests.authority.house import House, Kind, key_of

DAY = timedelta(days=1)
AT = datetime(2026, 11, 28, 9, tzinfo=UTC)
PLAIN = Kind(
    validation=ValidationType.MAILBOX,
    generation=Generation.STRICT,
    use=KeyUse.DUAL,
    key=KeyChoice.P_256,
)


@pytest.fixture(scope="module")
def house() -> House:
    return House(KeyChoice.P_256, AT)


@given(st.binary(min_size=16, max_size=16))
def test_a_serial_number_is_positive_and_fits(octets: bytes) -> None:
    """RFC 5280 §4.1.2.2: positive, at most 20 octets."""
    serial = making.new_serial(lambda size: octets[:size])
    assert 0 < serial < 2**127


def test_a_certificate_lives_as_long_as_was_asked_and_no_second_longer(house: House) -> None:
    made = house.leaf(PLAIN)
    assert made.not_before == AT - profiles.SKEW
    assert made.not_after - made.not_before == timedelta(days=profiles.LEAF_DAYS, seconds=-1)


@pytest.mark.parametrize("days", [0, -1, 826])
def test_no_certificate_for_mail_is_valid_for_more_than_825_days(days: int) -> None:
    with pytest.raises(Conflict, match="825"):
        LeafProfile(days=days)


@pytest.mark.parametrize(
    "profile",
    [
        {"validation": ValidationType.INDIVIDUAL},
        {"validation": ValidationType.UNSTATED},
        {"generation": Generation.LEGACY},
    ],
)
def test_there_is_no_profile_for_what_we_do_not_issue(profile: dict[str, object]) -> None:
    with pytest.raises(Conflict):
        LeafProfile(**profile)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("key", "use"),
    [
        (KeyChoice.ED25519, KeyUse.DUAL),
        (KeyChoice.ED25519, KeyUse.ENCRYPTION),
        (KeyChoice.X25519, KeyUse.DUAL),
        (KeyChoice.X25519, KeyUse.SIGNING),
    ],
)
def test_a_key_is_not_certified_for_what_it_cannot_do(
    house: House, key: KeyChoice, use: KeyUse
) -> None:
    kind = Kind(validation=ValidationType.MAILBOX, generation=Generation.STRICT, use=use, key=key)
    with pytest.raises(Conflict, match="cannot have a certificate"):
        house.leaf(kind)


def test_a_weak_key_is_not_certified(house: House) -> None:
    weak = rsa.generate_private_key(65537, 1024).public_key()  # noqa: S505 - that is the point
    with pytest.raises(UnsupportedAlgorithm, match="RSA 1024"):
        making.issue_ocsp_signer(house.issuer, weak, x509.Name([]), serial=5, at=AT)


def test_a_key_that_is_not_the_authoritys_signs_nothing(house: House) -> None:
    with pytest.raises(Conflict, match="not the one"):
        making.Issuer(certificate=house.root, key=house.issuer.key, places=house.issuer.places)


def test_an_expired_authority_issues_nothing(house: House) -> None:
    late = House(KeyChoice.P_256, AT)
    late.at = late.issuing.not_after
    with pytest.raises(Conflict, match="expired"):
        late.leaf(PLAIN)


@pytest.mark.parametrize("policy", ["2.23.140.1.5.3.3", "2.23.140.1.2.1"])
def test_the_policies_of_audited_authorities_are_not_ours_to_assert(
    house: House, policy: str
) -> None:
    with pytest.raises(Conflict, match="audited"):
        house.leaf(PLAIN, policy=policy)
    with pytest.raises(Conflict, match="object identifier"):
        house.leaf(PLAIN, policy="nonsense")


def test_a_policy_of_ones_own_is_named(house: House) -> None:
    made = house.leaf(PLAIN, policy="1.3.6.1.4.1.99999.1")
    found = made.parsed.extensions.get_extension_for_class(x509.CertificatePolicies).value
    assert [one.policy_identifier.dotted_string for one in found] == ["1.3.6.1.4.1.99999.1"]


def revoked(serial: int, not_after: datetime) -> RevokedCertificate:
    return RevokedCertificate(
        serial=serial, revoked_at=AT, reason=RevocationReason.UNSPECIFIED, not_after=not_after
    )


def test_an_entry_stays_until_it_has_stood_on_a_list_after_its_certificate_ended() -> None:
    """RFC 5280 §3.3."""
    one = revoked(7, AT)
    assert crl.listed([one], None) == (one,)
    assert crl.listed([one], AT - DAY) == (one,)
    assert crl.listed([one], AT + DAY) == ()


@pytest.mark.parametrize("reason", RevocationReason)
def test_every_reason_stands_on_the_list_but_the_one_that_says_nothing(
    house: House, reason: RevocationReason
) -> None:
    entry = RevokedCertificate(serial=9, revoked_at=AT, reason=reason, not_after=AT + DAY)
    made = x509.load_der_x509_crl(crl.issue_crl(house.issuer, [entry], number=3, at=AT))
    found = made.get_revoked_certificate_by_serial_number(9)
    assert found is not None
    reasons = [one.value.reason.value for one in found.extensions]
    assert reasons == ([] if reason is RevocationReason.UNSPECIFIED else [reason.value])
    assert made.next_update_utc is not None
    assert made.next_update_utc - made.last_update_utc <= timedelta(days=10)


def question(house: House, digest: hashes.HashAlgorithm, nonce: bytes | None = None) -> bytes:
    builder = library.OCSPRequestBuilder().add_certificate(
        house.leaf(PLAIN).parsed, house.issuing.parsed, digest
    )
    if nonce is not None:
        builder = builder.add_extension(x509.OCSPNonce(nonce), critical=False)
    return builder.build().public_bytes(Encoding.DER)


@pytest.mark.parametrize(("size", "echoed"), [(1, 0), (15, 0), (16, 16), (32, 32), (128, 128)])
def test_a_nonce_of_usual_length_comes_back(house: House, size: int, echoed: int) -> None:
    """RFC 9654 §2.1."""
    asked = question(house, hashes.SHA256(), b"n" * size)
    answer = library.load_der_ocsp_response(house.answer(asked, Status(is_issued=True)))
    found = [len(e.value.nonce) for e in answer.extensions if isinstance(e.value, x509.OCSPNonce)]
    assert found == ([echoed] if echoed else [])


@pytest.mark.parametrize("size", [0, 129, 3000])
def test_a_nonce_of_impossible_length_is_a_malformed_request(house: House, size: int) -> None:
    asked = question(house, hashes.SHA256(), b"n" * size)
    answer = library.load_der_ocsp_response(house.answer(asked, Status(is_issued=True)))
    assert answer.response_status is library.OCSPResponseStatus.MALFORMED_REQUEST


@given(st.binary(max_size=300))
def test_whatever_is_asked_gets_an_answer(octets: bytes) -> None:
    answer = library.load_der_ocsp_response(_HOUSE.answer(octets, Status(is_issued=True)))
    assert answer.response_status is not library.OCSPResponseStatus.SUCCESSFUL


_HOUSE = House(KeyChoice.P_256, AT)


def test_another_authoritys_certificates_are_not_ours_to_answer_for(house: House) -> None:
    asked = question(_HOUSE, hashes.SHA256())
    answer = library.load_der_ocsp_response(house.answer(asked, Status(is_issued=True)))
    assert answer.response_status is library.OCSPResponseStatus.UNAUTHORIZED


def test_a_number_nobody_used_is_unknown_and_never_good(house: House) -> None:
    asked = question(house, hashes.SHA256())
    answer = library.load_der_ocsp_response(house.answer(asked, Status(is_issued=False)))
    assert answer.certificate_status is library.OCSPCertStatus.UNKNOWN
    assert answer.next_update_utc == answer.this_update_utc + ocsp.LIFE


def test_a_key_of_each_kind_can_be_made() -> None:
    for choice in KeyChoice:
        assert key_of(choice).public_key() is not None
