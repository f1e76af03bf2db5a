"""Keys from files, joined, and chosen for signing."""

from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
)

import siegel
from siegel import Keys, SoftwareKey, UnusableCertificate
from siegel.library.identities import identities_of, signing_identity
from siegel.smime.sign import SigningIdentity
from tests.unit.smime.mails import MAIL, NOW, certificate, key
from tests.world import WORLD

ALICE, HUBER = WORLD.person("alice"), WORLD.person("huber")


def keys_of(name: str) -> Keys:
    return siegel.open_pkcs12(WORLD.person(name).p12("geheim"), "geheim")


@pytest.mark.parametrize("passphrase", ["geheim", b"geheim", siegel.Secret("geheim")], ids=repr)
def test_a_passphrase_may_be_text_octets_or_a_secret(
    passphrase: str | bytes | siegel.Secret,
) -> None:
    keys = siegel.open_pkcs12(ALICE.p12("geheim"), passphrase)
    assert keys.keys[0].certificate == certificate("alice")
    assert keys.certificates[0] == certificate("alice")
    assert "geheim" not in repr(keys)


def test_a_wrong_passphrase_is_named_so() -> None:
    for opener in (siegel.open_pkcs12, siegel.open_key_file):
        with pytest.raises(siegel.WrongPassphrase):
            opener(ALICE.p12("geheim"), "falsch")


def test_a_bare_key_finds_its_certificate_in_the_file_or_beside_it() -> None:
    inside = siegel.open_key_file(HUBER.key_pem + HUBER.certificate_pem)
    beside = siegel.open_key_file(
        HUBER.key_pem, certificates=[certificate("alice"), certificate("huber")]
    )
    der = siegel.open_key_file(HUBER.pkcs8, certificates=[certificate("huber")])
    for keys in (inside, beside, der):
        assert [one.certificate for one in keys.keys] == [certificate("huber")]
    with pytest.raises(siegel.MalformedMessage, match="no certificate"):
        siegel.open_key_file(HUBER.key_pem, certificates=[certificate("alice")])


@pytest.mark.parametrize("encoding", [Encoding.PEM, Encoding.DER], ids=["ok/pem", "ok/der"])
def test_an_encrypted_key_needs_its_passphrase(encoding: Encoding) -> None:
    sealed = HUBER.private_key.private_bytes(
        encoding, PrivateFormat.PKCS8, BestAvailableEncryption(b"geheim")
    )
    keys = siegel.open_key_file(sealed, "geheim", certificates=[certificate("huber")])
    assert keys.keys[0].certificate == certificate("huber")
    for wrong in (None, "falsch"):
        with pytest.raises(siegel.WrongPassphrase):
            siegel.open_key_file(sealed, wrong, certificates=[certificate("huber")])


def test_joined_keys_open_what_each_of_them_opens() -> None:
    both = keys_of("alice") + keys_of("huber") + keys_of("alice")
    sealed = siegel.sign(MAIL, both, at=NOW).encrypt_to([certificate("huber")])
    assert siegel.open_message(sealed.chunks(), both).encrypted_layers[0].opened
    assert not siegel.open_message(sealed.chunks(), keys_of("alice")).encrypted_layers[0].opened
    assert not siegel.open_message(sealed.chunks()).encrypted_layers[0].opened
    assert len(both.certificates) == len({one.fingerprint for one in both.certificates})


def test_shared_keys_and_passphrases_stay_when_keys_are_joined() -> None:
    name, shared = b"winter", siegel.Secret(b"k" * 16)
    joined = keys_of("alice") + Keys(shared_keys={name: shared}, passphrases=["wort"])
    assert [one.reveal() for one in joined.shared_keys(name)] == [b"k" * 16]
    assert [one.reveal() for one in joined.passphrases()] == [b"wort"]
    assert not joined.shared_keys(b"sommer")


def chosen(keys: Keys, at: datetime = NOW, sender: str | None = None) -> siegel.Certificate:
    senders = [siegel.EmailAddress.parse(sender)] if sender else []
    (identity,) = identities_of(keys, at=at, senders=senders)
    assert isinstance(identity.key, SoftwareKey)
    return identity.key.certificate


def test_the_key_that_names_the_sender_signs() -> None:
    both = keys_of("alice") + keys_of("huber")
    for name in ("alice", "huber"):
        assert chosen(both, sender=WORLD.person(name).address) == certificate(name)
        reversed_order = keys_of("huber") + keys_of("alice")
        assert chosen(reversed_order, sender=WORLD.person(name).address) == certificate(name)


def test_of_several_the_newest_signs() -> None:
    old, new = certificate("alice"), certificate("alice_rekeyed")
    assert old.not_before < new.not_before
    for keys in ("alice", "alice_rekeyed"), ("alice_rekeyed", "alice"):
        assert chosen(Keys(map(key, keys)), sender=ALICE.address) == new


@pytest.mark.requirement("A8")
def test_a_key_out_of_time_never_signs() -> None:
    for at in (datetime(1990, 1, 1, tzinfo=UTC), datetime(2190, 1, 1, tzinfo=UTC)):
        with pytest.raises(siegel.UnusableCertificate, match="no key here may sign"):
            siegel.sign(MAIL, keys_of("alice"), at=at)


def test_nobody_signs_without_a_key() -> None:
    with pytest.raises(siegel.UnusableCertificate):
        siegel.sign(MAIL, Keys(), at=NOW)
    with pytest.raises(siegel.UnusableCertificate):
        siegel.sign(MAIL, [], at=NOW)


@pytest.mark.requirement("A20")
def test_the_chain_goes_along_without_the_root() -> None:
    alice = keys_of("alice") + Keys(
        certificates=[siegel.parse_certificate(WORLD.root.der), certificate("bob")]
    )
    identity = signing_identity(alice.keys[0], alice)
    assert identity.chain == (ALICE.certificate_der, *ALICE.chain)


@pytest.mark.requirement("A20")
def test_the_certificate_for_encryption_goes_along_where_it_is_another() -> None:
    carla = Keys([key("carla"), key("carla_encrypt")])
    (identity,) = identities_of(carla, at=NOW)
    assert not certificate("carla").may_encrypt
    assert identity.encryption_certificate == certificate("carla_encrypt")
    assert certificate("carla_encrypt").der in identity.chain


def test_an_identity_of_a_token_signs_as_it_is() -> None:
    token = SigningIdentity(
        key=key("huber"),
        scheme=siegel.signature_scheme(certificate("huber")),
        chain=(HUBER.certificate_der,),
    )
    opened = siegel.open_message(siegel.sign(MAIL, [token, keys_of("alice")], at=NOW).chunks())
    assert len(opened.signed_layers[0].signers) == 2


def test_no_identity_signs_out_of_date_unless_that_is_said() -> None:
    token = SigningIdentity(
        key=key("huber"),
        scheme=siegel.signature_scheme(certificate("huber")),
        chain=(HUBER.certificate_der,),
    )
    late = certificate("huber").not_after + timedelta(seconds=1)
    for signer in (token, keys_of("huber")):
        with pytest.raises(UnusableCertificate):
            siegel.sign(MAIL, signer, at=late)
        with pytest.raises(UnusableCertificate):
            siegel.sign_detached(b"x", signer, at=late)
        assert siegel.sign(MAIL, signer, at=late, out_of_date=True).chunks()
        assert siegel.sign_detached(b"x", signer, at=late, out_of_date=True).chunks()
