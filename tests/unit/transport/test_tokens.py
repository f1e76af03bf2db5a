"""Every call to a token, judged by cryptography; and what is said when it cannot, or is gone."""

import secrets
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from siegel.base.errors import Conflict, KeyUnavailable, NotFound, UnsupportedAlgorithm
from siegel.base.secret import Secret
from siegel.pki.key_generation import KeyChoice
from siegel.pki.token_reference import InToken, kept_form, opened, read_reference
from siegel.transport.token_keys import TokenEcKey, TokenRsaKey
from siegel.transport.tokens import Tokens
from tests.peers.softhsm import LABEL, PIN, soft_hsm

DIGESTS = [hashes.SHA256(), hashes.SHA384(), hashes.SHA512()]


@pytest.fixture(scope="module")
def token() -> Tokens:
    return Tokens(soft_hsm().module, LABEL, Secret(PIN))


def fresh() -> str:
    return f"key {secrets.token_hex(8)}"


@pytest.fixture(scope="module")
def rsa_key(token: Tokens) -> TokenRsaKey:
    made = token.generate(KeyChoice.RSA_2048, fresh())
    assert isinstance(made, TokenRsaKey)
    return made


@pytest.fixture(scope="module", params=[KeyChoice.P_256, KeyChoice.P_384])
def ec_key(token: Tokens, request: pytest.FixtureRequest) -> TokenEcKey:
    made = token.generate(request.param, fresh())
    assert isinstance(made, TokenEcKey)
    return made


@pytest.mark.parametrize("digest", DIGESTS, ids=lambda each: each.name)
def test_rsa_signatures_hold(rsa_key: TokenRsaKey, digest: hashes.HashAlgorithm) -> None:
    pss = padding.PSS(padding.MGF1(digest), padding.PSS.DIGEST_LENGTH)
    for how in (padding.PKCS1v15(), pss):
        signature = rsa_key.sign(b"text", how, digest)
        rsa_key.public_key().verify(signature, b"text", how, digest)
        with pytest.raises(InvalidSignature):
            rsa_key.public_key().verify(signature, b"other", how, digest)


@pytest.mark.parametrize("digest", DIGESTS, ids=lambda each: each.name)
def test_ecdsa_signatures_hold(ec_key: TokenEcKey, digest: hashes.HashAlgorithm) -> None:
    signature = ec_key.sign(b"text", ec.ECDSA(digest))
    ec_key.public_key().verify(signature, b"text", ec.ECDSA(digest))


def test_rsa_opens_what_was_sent_to_it(rsa_key: TokenRsaKey) -> None:
    sha1 = padding.OAEP(padding.MGF1(hashes.SHA1()), hashes.SHA1(), None)
    for how in (padding.PKCS1v15(), sha1):
        assert rsa_key.decrypt(rsa_key.public_key().encrypt(b"secret", how), how) == b"secret"


def test_what_does_not_open_is_no_trouble_of_the_token(rsa_key: TokenRsaKey) -> None:
    sha1 = padding.OAEP(padding.MGF1(hashes.SHA1()), hashes.SHA1(), None)
    for how in (padding.PKCS1v15(), sha1):
        for garbage in (bytes(256), b"\x01" * 256, secrets.token_bytes(256)):
            with pytest.raises(ValueError, match="does not open"):
                rsa_key.decrypt(garbage, how)


def test_a_padding_that_softhsm_does_not_know_is_said_to_be_so(rsa_key: TokenRsaKey) -> None:
    sha256 = padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), None)
    with pytest.raises(UnsupportedAlgorithm, match="this token cannot"):
        rsa_key.decrypt(rsa_key.public_key().encrypt(b"secret", sha256), sha256)
    labelled = padding.OAEP(padding.MGF1(hashes.SHA1()), hashes.SHA1(), b"label")
    with pytest.raises(UnsupportedAlgorithm, match="not opened in tokens"):
        rsa_key.decrypt(rsa_key.public_key().encrypt(b"secret", labelled), labelled)


def test_ec_keys_agree(ec_key: TokenEcKey) -> None:
    peer = ec.generate_private_key(ec_key.curve)
    agreed = ec_key.exchange(ec.ECDH(), peer.public_key())
    assert agreed == peer.exchange(ec.ECDH(), ec_key.public_key())
    other = ec.generate_private_key(ec.BrainpoolP256R1())
    with pytest.raises(ValueError, match="another curve"):
        ec_key.exchange(ec.ECDH(), other.public_key())


def test_certificates_are_signed_like_with_any_key(rsa_key: TokenRsaKey) -> None:
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Token")])
    builder = x509.CertificateSigningRequestBuilder().subject_name(name)
    assert builder.sign(rsa_key, hashes.SHA256()).is_signature_valid


def test_a_key_is_found_by_its_label_and_kept_as_a_reference(token: Tokens) -> None:
    label = fresh()
    made = token.generate(KeyChoice.P_256, label)
    found = token.named(label)
    assert found.public_key() == made.public_key()
    kept = kept_form(found)
    assert kept.reveal().startswith(b"pkcs11:token=siegel;object=key%20")
    again = opened(kept, token)
    assert isinstance(again, InToken)
    assert again.reference == made.reference == read_reference(kept.reveal())


def test_a_label_names_one_key(token: Tokens) -> None:
    label = fresh()
    token.generate(KeyChoice.P_256, label)
    with pytest.raises(Conflict, match="already"):
        token.generate(KeyChoice.P_256, label)
    with pytest.raises(NotFound):
        token.named("nobody's")


def test_kinds_that_tokens_do_not_make_are_refused(token: Tokens) -> None:
    for choice in (KeyChoice.ED25519, KeyChoice.BRAINPOOL_P256, KeyChoice.X25519):
        with pytest.raises(UnsupportedAlgorithm):
            token.generate(choice, fresh())


def test_a_key_never_leaves_its_token(rsa_key: TokenRsaKey, ec_key: TokenEcKey) -> None:
    for key in (rsa_key, ec_key):
        with pytest.raises(KeyUnavailable) as refused:
            key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        assert not refused.value.temporary
        with pytest.raises(KeyUnavailable):
            key.private_numbers()


def test_a_token_that_is_not_there_may_come_back(token: Tokens, tmp_path: Path) -> None:
    module = soft_hsm().module
    for gone in (
        Tokens(tmp_path / "no-module.so", LABEL, Secret(PIN)),
        Tokens(module, "another token", Secret(PIN)),
    ):
        key = gone.private_key(token.generate(KeyChoice.P_256, fresh()).reference)
        with pytest.raises(KeyUnavailable) as trouble:
            key.sign(b"text", ec.ECDSA(hashes.SHA256()))  # type: ignore[call-arg]
        assert trouble.value.temporary
        with pytest.raises(KeyUnavailable):
            gone.look()


@pytest.mark.filterwarnings(  # the library looks back at the search of the session that is closed
    "ignore:Exception ignored in. 'pkcs11:pytest.PytestUnraisableExceptionWarning"
)
def test_a_session_that_ended_is_opened_anew(token: Tokens, ec_key: TokenEcKey) -> None:
    token.look()
    token._session.close()
    signature = ec_key.sign(b"text", ec.ECDSA(hashes.SHA256()))
    ec_key.public_key().verify(signature, b"text", ec.ECDSA(hashes.SHA256()))


def test_a_key_that_was_deleted_in_its_token_is_missed(token: Tokens) -> None:
    key = token.generate(KeyChoice.P_256, fresh())
    assert isinstance(key, TokenEcKey)
    soft_hsm().tool("--delete-object", "--type", "privkey", "--id", key.reference.key_id.hex())
    with pytest.raises(KeyUnavailable, match="no key"):
        key.sign(b"text", ec.ECDSA(hashes.SHA256()))


def test_a_key_of_pkcs11_tool_is_found(token: Tokens) -> None:
    label = fresh()
    soft_hsm().tool(
        "--keypairgen", "--key-type", "rsa:2048", "--label", label, "--id", secrets.token_hex(8)
    )
    key = token.named(label)
    assert isinstance(key, TokenRsaKey)
    assert isinstance(key.public_key(), rsa.RSAPublicKey)
    key.public_key().verify(
        key.sign(b"text", padding.PKCS1v15(), hashes.SHA256()),
        b"text", padding.PKCS1v15(), hashes.SHA256(),
    )  # fmt: skip
