"""Keys in hardware: an authority and an account whose private keys nobody ever sees."""

import secrets
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from pytest_django import Settings

from siegel.base.buffers import joined
from siegel.base.errors import KeyUnavailable
from siegel.base.keys import TransportKind, TransportScheme
from siegel.base.secret import Secret
from siegel.ca import authority as making
from siegel.ca import names
from siegel.ca.crl import RevocationReason
from siegel.ca.profiles import LeafProfile
from siegel.flows import accounts, authorities, exporting, importing, issuing, requesting
from siegel.flows.issuing import Order
from siegel.flows.keyrings import unsealed
from siegel.flows.requesting import Wanted
from siegel.flows.responding import respond
from siegel.flows.token_keys import adopt
from siegel.pki.certificate import Certificate
from siegel.pki.key_generation import KeyChoice
from siegel.pki.pkcs12 import Flavour
from siegel.pki.token_reference import NoTokens
from siegel.smime.protect import encrypt
from siegel.smime.schemes import recipient_spec
from siegel.store.queries import authorities as authorities_store
from siegel.store.queries import keys
from siegel.store.vault import open_vault, rotate_key_file
from siegel.transport.replies import for_error
from siegel.transport.tokens import Tokens
from tests.authority.judging import Files
from tests.flows.office import HUBER, Office, mail, signed_by
from tests.flows.test_requesting import Outside, packed
from tests.flows.workshop import EVA, PLAN, made_authority, workshop_of
from tests.peers.programs import program, run
from tests.peers.softhsm import LABEL, PIN, soft_hsm

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def token() -> Tokens:
    return Tokens(soft_hsm().module, LABEL, Secret(PIN))


@pytest.fixture
def office(transactional_db: None, settings: Settings, tmp_path: Path, token: Tokens) -> Office:
    """Today, because openssl is asked as well; its vault knows the token."""
    del transactional_db
    settings.SIEGEL_DATA_DIR = tmp_path / "data"
    made = Office(tmp_path, at=datetime.now(UTC))
    made.site.vault.tokens = token
    accounts.create(EVA, "Eva Ernst", by="test", at=made.at)
    return made


@dataclass(frozen=True, slots=True)
class Chain:
    root: Certificate
    issuing: Certificate


def fresh(name: str) -> str:
    return f"{name} {secrets.token_hex(6)}"


def authority_in_token(office: Office, key: KeyChoice) -> Chain:
    plan = replace(PLAN, name=fresh("Landratsamt"), key=key, in_token=True)
    made = made_authority(office, plan=plan)
    assert made.root.certificate is not None
    assert made.issuing.certificate is not None
    return Chain(made.root.certificate, made.issuing.certificate)


@pytest.mark.requirement("B34", "A29")
@pytest.mark.parametrize("key", [KeyChoice.RSA_3072, KeyChoice.P_256, KeyChoice.P_384])
def test_an_authority_in_a_token_issues_lists_and_answers_that_openssl_verifies(
    office: Office, tmp_path: Path, key: KeyChoice
) -> None:
    chain, tools = authority_in_token(office, key), workshop_of(office)
    for one in (chain.root, chain.issuing):
        kept = office.site.vault.unseal(keys.get(one.spki_sha256)).reveal()
        assert kept.startswith(b"pkcs11:")
    order = Order(address=EVA, key=KeyChoice.P_256)
    leaf = issuing.enrol(order, None, tools, by="test", at=office.at).certificate
    files = Files(chain, tmp_path)
    assert files.verify(leaf, "smimesign", *lists()) == ""
    row = authorities.issuing_authority(None)
    answer = respond(row.name, files.question(leaf), tools, by="test", at=office.at)
    assert "leaf.pem: good" in files.status(leaf, answer)
    reason = RevocationReason.SUPERSEDED
    issuing.revoke(leaf.fingerprint, reason, tools, by="test", at=office.at)
    assert "certificate revoked" in files.verify(leaf, "smimesign", *lists())
    answer = respond(row.name, files.question(leaf), tools, by="test", at=office.at)
    assert "leaf.pem: revoked" in files.status(leaf, answer)


def lists() -> list[bytes]:
    rows = [authorities_store.last_list(row.id) for row in authorities_store.all_rows()]
    return [row.der for row in rows if row is not None]


def certified(office: Office, key: KeyChoice) -> tuple[Certificate, Outside]:
    """An account whose key was made in the token; an authority outside certified it."""
    wanted = Wanted(address=EVA, key=key, in_token=True)
    row = requesting.create(wanted, workshop_of(office), by="test", at=office.at)
    outside = Outside(office)
    made = outside.certify(row)
    data = packed("pem", made, outside.issuing, outside.root)
    requesting.answer(data, workshop_of(office), by="test", at=office.at)
    authorities.trust_root(outside.root, by="test", at=office.at)
    return made, outside


def cms(tmp_path: Path, verb: str, *arguments: str, given: bytes) -> bytes:
    (tmp_path / "given.eml").write_bytes(given)
    done = run([program("openssl"), "cms", verb, "-in", str(tmp_path / "given.eml"), *arguments])
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


def pem(tmp_path: Path, name: str, certificate: Certificate) -> str:
    path = tmp_path / f"{name}.pem"
    path.write_bytes(certificate.parsed.public_bytes(Encoding.PEM))
    return str(path)


@pytest.mark.requirement("A29", "A46")
@pytest.mark.parametrize("key", [KeyChoice.RSA_3072, KeyChoice.P_256, KeyChoice.P_384])
@pytest.mark.parametrize("padding", ["pkcs1", "pss"])
def test_an_account_in_a_token_signs_mail_that_openssl_verifies(
    office: Office, tmp_path: Path, key: KeyChoice, padding: str
) -> None:
    _, outside = certified(office, key)
    office.rule("rsa_signature", padding)
    reply = office.send(mail(str(EVA), HUBER.address), str(EVA), HUBER.address)
    assert reply.accepted
    root = pem(tmp_path, "root", outside.root)
    said = cms(tmp_path, "-verify", "-CAfile", root, given=office.out.sent[-1].content)
    assert b"Hallo" in said


@pytest.mark.requirement("A29", "A65", "B20")
@pytest.mark.parametrize("key", [KeyChoice.RSA_3072, KeyChoice.P_256, KeyChoice.P_384])
def test_mail_that_openssl_encrypts_is_opened_in_the_token(
    office: Office, tmp_path: Path, key: KeyChoice
) -> None:
    made, _ = certified(office, key)
    header = ("-from", HUBER.address, "-to", str(EVA), "-subject", "Geheim")
    sealed = cms(
        tmp_path, "-encrypt", "-aes256", *header, pem(tmp_path, "eva", made), given=b"GEHEIMWORT\n"
    )
    office.receive(sealed.replace(b"\n", b"\r\n"), HUBER.address, str(EVA))
    assert b"GEHEIMWORT" in office.into.sent[-1].content


def test_what_is_wrong_with_a_padding_is_not_told(office: Office) -> None:
    """The substitute of a wrong padding is a content key that does not fit, as in software."""
    made, _ = certified(office, KeyChoice.RSA_2048)
    key = unsealed(keys.get(made.spki_sha256), office.site.vault)
    scheme, garbage = TransportScheme(TransportKind.RSA_PKCS1), bytes(255) + b"\x07"
    first, again = (key.decrypt(garbage, scheme) for _ in range(2))
    assert len(first) == len(again) == 32
    assert first != again


def test_a_token_that_is_gone_sends_nothing_and_loses_nothing(office: Office) -> None:
    made, _ = certified(office, KeyChoice.RSA_2048)
    there = office.site.vault.tokens
    office.site.vault.tokens = Tokens(soft_hsm().module, "gone", Secret(PIN))
    raw = mail(str(EVA), HUBER.address)
    with pytest.raises(KeyUnavailable) as trouble:
        office.send(raw, str(EVA), HUBER.address)
    assert for_error(trouble.value).code == 451
    assert office.out.sent == []
    certificate = recipient_spec(made)
    sealed = joined(encrypt(signed_by(HUBER, mail(HUBER.address, str(EVA))), [certificate]))
    with pytest.raises(KeyUnavailable):
        office.receive(sealed, HUBER.address, str(EVA))
    assert office.into.sent == []
    office.site.vault.tokens = there
    assert office.send(raw, str(EVA), HUBER.address).accepted
    assert office.receive(sealed, HUBER.address, str(EVA)).accepted
    assert b"Hallo" in office.into.sent[-1].content


def test_a_key_in_a_token_is_not_exported(office: Office) -> None:
    made, _ = certified(office, KeyChoice.P_256)
    secret = Secret("sehr langes Passwort 42!")
    with pytest.raises(KeyUnavailable, match="never leaves"):
        exporting.export_key(
            made.fingerprint,
            Flavour.MODERN,
            secret,
            secret,
            office.site.vault,
            by="test",
            at=office.at,
        )


def test_a_key_that_is_in_the_token_already_becomes_an_account_s(
    office: Office, token: Tokens
) -> None:
    label = fresh("alt")
    key = token.generate(KeyChoice.RSA_2048, label)
    outside = Outside(office)
    name = adopt(label, EVA, office.site.vault, by="test", at=office.at)
    made = making.issue_leaf(
        outside.issuer, key.public_key(), LeafProfile(), names.mailbox_name(EVA), [EVA],
        serial=5, at=office.at,
    )  # fmt: skip
    importing.import_file(made.der, None, None, by="test", at=office.at)
    chain = packed("pem", outside.issuing, outside.root)
    importing.import_file(chain, None, None, by="test", at=office.at)
    authorities.trust_root(outside.root, by="test", at=office.at)
    assert keys.accounts_of(name) == (EVA,)
    assert office.send(mail(str(EVA), HUBER.address), str(EVA), HUBER.address).accepted
    assert b"multipart/signed" in office.out.sent[-1].content


def test_without_a_token_in_the_configuration_nothing_is_made_there(office: Office) -> None:
    office.site.vault.tokens = NoTokens()
    with pytest.raises(KeyUnavailable, match="pkcs11"):
        authority_in_token(office, KeyChoice.P_256)
    assert authorities_store.all_rows() == ()


def test_a_new_key_file_seals_references_as_well(office: Office, token: Tokens) -> None:
    certified(office, KeyChoice.P_256)
    path = office.folder / "siegel.key"
    assert rotate_key_file(path, at=office.at) == 1
    office.site = replace(office.site, vault=open_vault(path, at=office.at, tokens=token))
    assert office.send(mail(str(EVA), HUBER.address), str(EVA), HUBER.address).accepted
    assert b"multipart/signed" in office.out.sent[-1].content
