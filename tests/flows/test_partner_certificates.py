"""Our authority certifies people outside: only what was proved, and only the key of the request."""

from dataclasses import replace

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from siegel.base.address import EmailAddress
from siegel.base.errors import Conflict, MalformedMessage, SiegelError, TooManyAttempts
from siegel.flows import accounts, issuing, partner_certificates
from siegel.flows.address_control import Purpose
from siegel.flows.issuing import Order
from siegel.flows.partner_certificates import WhyNot, authority_for
from siegel.flows.workshop import Step, Workshop
from siegel.pki.certificate import Certificate
from siegel.pki.key_generation import KeyChoice
from siegel.store.authority_rows import AuthorityRow
from siegel.store.models import ControlProof, SerialNumber
from siegel.store.queries import alerts, control_proofs, journal
from tests.flows.office import Office, mail
from tests.flows.workshop import PLAN, made_authority, workshop_of
from tests.world import WORLD

pytestmark = pytest.mark.django_db(transaction=True)

PETRA = EmailAddress.parse("petra@partner.example")
KEY = ec.generate_private_key(ec.SECP256R1())


@pytest.fixture
def authority(office: Office) -> AuthorityRow:
    made_authority(office, plan=replace(PLAN, further=("partner.example",)))
    found = authority_for(PETRA)
    assert isinstance(found, AuthorityRow)
    return found


def proved(office: Office, address: EmailAddress = PETRA) -> None:
    number = ControlProof.objects.count()
    control_proofs.add(
        address,
        f"{number}",
        purpose=Purpose.OWN_KEY.value,
        client="",
        by="test",
        at=office.at,
        link_ends_at=office.at.replace(year=2099),
    )
    control_proofs.use(f"{number}", at=office.at, ends_at=office.at.replace(year=2099))


def request(
    key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey = KEY, name: str = "x", names: str = ""
) -> bytes:
    builder = x509.CertificateSigningRequestBuilder().subject_name(
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    )
    if names:
        wanted = x509.SubjectAlternativeName([x509.RFC822Name(names)])
        builder = builder.add_extension(wanted, critical=False)
    return builder.sign(key, SHA256()).public_bytes(Encoding.DER)


def _weak_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 1024)  # noqa: S505 - that is what is refused


def certified(
    office: Office,
    authority: AuthorityRow,
    csr: bytes | None = None,
    workshop: Workshop | None = None,
) -> Certificate:
    return partner_certificates.certify(
        csr or request(),
        PETRA,
        authority,
        workshop or workshop_of(office),
        by=str(PETRA),
        at=office.at,
    )


@pytest.mark.requirement("B38", "B33")
def test_a_proved_partner_gets_a_certificate_that_the_office_can_encrypt_to(
    office: Office, authority: AuthorityRow
) -> None:
    proved(office)
    made = certified(office, authority)
    assert made.addresses == (PETRA,)
    assert made.public_key == KEY.public_key()
    office.send(mail("alice@office.example", str(PETRA)), "alice@office.example", str(PETRA))
    assert b"enveloped-data" in office.out.sent[-1].content.lower().replace(b"authe", b"e")
    (entry,) = journal.read(action="certificate.issued_to_partner", limit=5)
    assert entry.about == made.fingerprint


def test_only_the_key_is_taken_from_the_request(office: Office, authority: AuthorityRow) -> None:
    proved(office)
    csr = request(name="Landrat", names="landrat@office.example")
    made = certified(office, authority, csr)
    assert made.addresses == (PETRA,)
    assert "Landrat" not in made.subject


@pytest.mark.requirement("A24")
def test_without_a_proof_there_is_nothing(office: Office, authority: AuthorityRow) -> None:
    with pytest.raises(Conflict, match="proved control"):
        certified(office, authority)
    assert not SerialNumber.objects.filter(certificate__subject__contains="petra").exists()


def test_a_domain_that_nobody_named_is_not_certified(
    office: Office, authority: AuthorityRow
) -> None:
    other = EmailAddress.parse("otto@elsewhere.example")
    proved(office, other)
    assert authority_for(other) is WhyNot.NO_AUTHORITY
    with pytest.raises(Conflict, match="may not certify"):
        partner_certificates.certify(
            request(), other, authority, workshop_of(office), by="x", at=office.at
        )


def test_our_own_people_are_looked_after_by_the_office(
    office: Office, authority: AuthorityRow
) -> None:
    eva = EmailAddress.parse("eva@office.example")
    proved(office, eva)
    assert authority_for(eva) is WhyNot.OURS
    with pytest.raises(Conflict, match="one of ours"):
        partner_certificates.certify(
            request(), eva, authority, workshop_of(office), by="x", at=office.at
        )


def test_a_request_signed_by_another_key_is_refused(
    office: Office, authority: AuthorityRow
) -> None:
    proved(office)
    with pytest.raises(MalformedMessage):
        certified(office, authority, request()[:-4] + b"\0\0\0\0")


@pytest.mark.parametrize("junk", [b"", b"0", b"\x30\x80", b"-----BEGIN X-----", b"0" * 100_000])
def test_what_is_no_request_is_refused(
    office: Office, authority: AuthorityRow, junk: bytes
) -> None:
    proved(office)
    with pytest.raises(SiegelError):
        certified(office, authority, junk or b"\0")


def test_weak_keys_and_keys_that_only_sign_are_refused(
    office: Office, authority: AuthorityRow
) -> None:
    proved(office)
    before = SerialNumber.objects.count()
    with pytest.raises(SiegelError):
        certified(office, authority, request(_weak_key()))
    builder = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([]))
    signing = builder.sign(ed25519.Ed25519PrivateKey.generate(), None)
    with pytest.raises(Conflict):
        certified(office, authority, signing.public_bytes(Encoding.DER))
    assert SerialNumber.objects.count() == before, "no number is used up by what is refused"


def test_a_key_of_ours_is_not_certified_for_a_stranger(
    office: Office, authority: AuthorityRow
) -> None:
    proved(office)
    ours = WORLD.person("alice").private_key
    assert isinstance(ours, rsa.RSAPrivateKey)
    with pytest.raises(Conflict, match="one of ours"):
        certified(office, authority, request(ours))


def test_the_same_request_again_gives_the_same_certificate(
    office: Office, authority: AuthorityRow
) -> None:
    proved(office)
    assert certified(office, authority) == certified(office, authority)


def test_three_certificates_a_day_are_enough(office: Office, authority: AuthorityRow) -> None:
    proved(office)
    for _ in range(3):
        certified(office, authority, request(ec.generate_private_key(ec.SECP256R1())))
    with pytest.raises(TooManyAttempts):
        certified(office, authority, request(ec.generate_private_key(ec.SECP256R1())))


@pytest.mark.requirement("C8")
def test_another_key_than_before_is_told(office: Office, authority: AuthorityRow) -> None:
    proved(office)
    office.partner(WORLD.person("petra"))
    made = certified(office, authority)
    (alert,) = alerts.open_alerts()
    assert (alert.address, alert.current) == (PETRA, made.fingerprint)


@pytest.mark.parametrize("step", [Step.SERIAL_RESERVED, Step.SIGNED, Step.ISSUED])
def test_a_kill_uses_no_number_twice_and_the_next_try_ends_well(
    office: Office, authority: AuthorityRow, step: Step
) -> None:
    def passes(found: Step) -> None:
        if found is step:
            raise KeyboardInterrupt

    proved(office)
    killing = replace(workshop_of(office), passes=passes)
    with pytest.raises(KeyboardInterrupt):
        certified(office, authority, workshop=killing)
    made = certified(office, authority)
    with_certificate = SerialNumber.objects.filter(certificate=made.fingerprint)
    assert with_certificate.count() == 1
    numbers = list(SerialNumber.objects.values_list("authority", "serial"))
    assert len(numbers) == len(set(numbers))


@pytest.mark.requirement("A23", "A24")
def test_an_account_with_a_foreign_address_is_certified_once_it_is_proved(
    office: Office, authority: AuthorityRow
) -> None:
    accounts.create(PETRA, "", by="test", at=office.at)
    order = Order(address=PETRA, key=KeyChoice.P_256)
    with pytest.raises(Conflict, match="proved control"):
        issuing.enrol(order, authority.name, workshop_of(office), by="test", at=office.at)
    proved(office)
    done = issuing.enrol(order, authority.name, workshop_of(office), by="test", at=office.at)
    assert done.certificate.addresses == (PETRA,)
