"""What partners' programs announce, from their mail to ours: learned, used, explained."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from siegel.base import der, oids
from siegel.base.address import EmailAddress
from siegel.base.buffers import joined
from siegel.base.keys import EmptyKeyring
from siegel.base.secret import Secret
from siegel.cms.capabilities import parse_capabilities, write_capabilities
from siegel.flows import accounts
from siegel.flows.explaining import Explanation, explain
from siegel.mime.parse import parse_message
from siegel.pki.certificate import parse_certificate
from siegel.pki.softkeys import SoftwareKey, SoftwareKeyring
from siegel.smime.layers import EncryptedLayer
from siegel.smime.open import open_message
from siegel.smime.protect import sign
from siegel.smime.schemes import signature_scheme
from siegel.smime.sign import SigningIdentity
from siegel.store.queries import capabilities, journal, keys
from siegel.wording.words import Language
from tests.flows.office import ALICE, BOB, DANA, HUBER, Office, mail
from tests.world import WORLD, WORLD_NOW, Person

CARLA, CARLA_ENCRYPT = WORLD.person("carla"), WORLD.person("carla_encrypt")
STRANGER = WORLD.person("stranger")
GCM, CBC, CBC128, TRIPLE_DES = (
    der.algorithm(oid)
    for oid in (oids.AES256_GCM, oids.AES256_CBC, oids.AES128_CBC, oids.DES_EDE3_CBC)
)


def announcing(
    person: Person,
    *entries: bytes,
    at: datetime = WORLD_NOW,
    sender: Person | None = None,
    prefers: Person | None = None,
) -> bytes:
    """A mail to Alice, signed by that person's program, which says what it reads."""
    raw = mail((sender or person).address, ALICE.address, subject=f"{person.name} {at}")
    certificate = parse_certificate(person.certificate_der)
    other = parse_certificate(prefers.certificate_der) if prefers else None
    identity = SigningIdentity(
        key=SoftwareKey(person.private_key, [certificate]),
        scheme=signature_scheme(certificate),
        chain=(certificate.der, *person.chain, *([other.der] if other else [])),
        encryption_certificate=other,
        capabilities=der.sequence(*entries),
    )
    return joined(sign(parse_message(raw), [identity], at=at).chunks())


def receive(office: Office, raw: bytes) -> None:
    assert office.receive(raw, "x@partner.example", ALICE.address).code == 250


def sent(office: Office, *to: Person, **given: str) -> dict[tuple[str, ...], EncryptedLayer]:
    """What went out: the layer that its first recipient finds."""
    office.out.sent.clear()
    recipients = [person.address for person in to]
    raw = mail(ALICE.address, *recipients, subject="Antwort", **given)
    assert office.send(raw, ALICE.address, *recipients).code == 250
    return {one.recipients: encrypted(one.content, *to) for one in office.out.sent}


def encrypted(content: bytes, *readers: Person) -> EncryptedLayer:
    people = [*readers, *([CARLA_ENCRYPT] if CARLA in readers else [])]
    held = [
        SoftwareKey(one.private_key, [parse_certificate(one.certificate_der)]) for one in people
    ]
    opened = open_message(parse_message(content), SoftwareKeyring(held))
    layer = opened.encrypted_layers[0]
    assert layer.opened
    assert opened.signed_layers[0].signers[0].intact
    return layer


def cipher_for(office: Office, *to: Person) -> str | None:
    (layer,) = sent(office, *to).values()
    return layer.cipher


def known(person: Person) -> Any:
    spki = parse_certificate(person.certificate_der).spki_sha256
    row = capabilities.latest([spki]).get(spki)
    return None if row is None else parse_capabilities(row.der)


def test_an_answer_is_encrypted_as_the_partner_s_program_announced(office: Office) -> None:
    office.partner(HUBER)
    assert cipher_for(office, HUBER) == "aes256-cbc"
    receive(office, announcing(HUBER, CBC, GCM))
    assert cipher_for(office, HUBER) == "aes256-gcm"


def test_one_recipient_who_reads_less_decides_for_a_shared_copy(office: Office) -> None:
    receive(office, announcing(HUBER, GCM, CBC))
    office.key(BOB)  # nothing is known of what Bob's program reads
    assert cipher_for(office, HUBER, BOB) == "aes256-cbc"


def test_only_a_newer_mail_changes_what_is_known(office: Office) -> None:
    receive(office, announcing(HUBER, GCM, CBC))
    receive(office, announcing(HUBER, CBC128, at=WORLD_NOW - timedelta(days=30)))
    assert cipher_for(office, HUBER) == "aes256-gcm"
    receive(office, announcing(HUBER, CBC128, at=WORLD_NOW + timedelta(days=30)))
    assert cipher_for(office, HUBER) == "aes256-gcm"  # from the future
    office.later(hours=1)
    receive(office, announcing(HUBER, CBC, at=office.at))
    assert cipher_for(office, HUBER) == "aes256-cbc"


def test_an_announcement_is_forgotten_after_two_years(office: Office) -> None:
    receive(office, announcing(HUBER, GCM, CBC))
    office.later(days=729)
    assert cipher_for(office, HUBER) == "aes256-gcm"
    office.later(days=2)
    assert cipher_for(office, HUBER) == "aes256-cbc"


@pytest.mark.requirement("A43")
@pytest.mark.parametrize("sender", [None, HUBER], ids=["own name", "another's name"])
def test_a_stranger_s_mail_lowers_nothing(office: Office, sender: Person | None) -> None:
    receive(office, announcing(HUBER, GCM, CBC))
    office.later(hours=1)
    receive(office, announcing(STRANGER, TRIPLE_DES, at=office.at, sender=sender))
    assert known(STRANGER) is None  # nobody trusts its authority
    assert cipher_for(office, HUBER) == "aes256-gcm"


def test_a_partner_in_another_s_name_lowers_nothing(office: Office) -> None:
    receive(office, announcing(HUBER, GCM, CBC))
    office.later(hours=1)
    receive(office, announcing(DANA, TRIPLE_DES, at=office.at, sender=HUBER))
    assert known(DANA) is None
    assert cipher_for(office, HUBER) == "aes256-gcm"


def test_who_announces_only_weak_ciphers_gets_no_weak_and_no_open_mail(office: Office) -> None:
    receive(office, announcing(HUBER, TRIPLE_DES))
    reply = office.send(mail(ALICE.address, HUBER.address), ALICE.address, HUBER.address)
    assert reply.code == 550
    assert "nicht gesendet" in reply.text
    assert office.out.sent == []


def test_a_list_that_cannot_be_read_is_not_kept(office: Office) -> None:
    receive(office, announcing(HUBER, der.integer(5)))
    assert known(HUBER) is None
    assert cipher_for(office, HUBER) == "aes256-cbc"


@pytest.mark.requirement("A79")
def test_answers_go_to_the_certificate_that_the_signature_names_for_them(office: Office) -> None:
    receive(office, announcing(CARLA, GCM, CBC, prefers=CARLA_ENCRYPT))
    (layer,) = sent(office, CARLA).values()
    assert (layer.cipher, layer.opened) == ("aes256-gcm", True)
    named = parse_certificate(CARLA_ENCRYPT.certificate_der).issuer_and_serial
    assert named in [recipient.identifier for recipient in layer.recipients]


def test_kinds_of_keys_get_their_own_copies_with_the_same_signature(office: Office) -> None:
    office.partner(HUBER)
    office.partner(DANA)
    layers = sent(office, HUBER, DANA)
    assert set(layers) == {(HUBER.address,), (DANA.address,)}
    kinds = {to[0]: {r.kind for r in layer.recipients} for to, layer in layers.items()}
    # Alice's own key is RSA, which everybody knows
    assert kinds == {HUBER.address: {"ktri"}, DANA.address: {"ktri", "kari"}}


def test_oaep_and_derived_keys_are_written_to_those_who_announced_them(office: Office) -> None:
    office.partner(HUBER)
    receive(office, announcing(HUBER, GCM, der.algorithm(oids.CEK_HKDF_SHA256), *_oaep()))
    layer = sent(office, HUBER)[(HUBER.address,)]
    assert layer.opened
    (copy,) = journal.read(action="outbound.sign_and_encrypt")[0].detail["copies"]
    assert copy["content_key_derived"] is True
    assert copy["key_transport"] == ["rsa_oaep", "rsa_pkcs1"]  # Huber's, and Alice's own
    assert der.oid(oids.CEK_HKDF_SHA256) in _cms(office)


def _oaep() -> list[bytes]:
    digest = der.algorithm(oids.SHA256)
    mask = der.algorithm(oids.MGF1, digest)
    fields = der.sequence(der.context(0, digest), der.context(1, mask))
    return [der.algorithm(oids.RSA_OAEP, fields)]


def _cms(office: Office) -> bytes:
    return parse_message(office.out.sent[0].content).root.decoded(office.site.limits)


# --- post-quantum --------------------------------------------------------------------------------

QUENTIN, QUENTIN_ENCRYPT = WORLD.person("quentin"), WORLD.person("quentin_encrypt")


def test_ml_kem_is_written_when_the_rule_says_so_and_opened_by_its_owner(office: Office) -> None:
    office.partner(QUENTIN_ENCRYPT)
    office.send(mail(ALICE.address, QUENTIN.address), ALICE.address, QUENTIN.address)
    assert b"multipart/signed" in office.out.sent[0].content
    office.rule("post_quantum", "prefer")
    (layer,) = sent(office, QUENTIN_ENCRYPT).values()
    assert (layer.cipher, {r.kind for r in layer.recipients}) == ("aes256-gcm", {"kemri", "ktri"})
    assert any(
        "not all keys of the mail withstand quantum computers" in x for x in english_of(QUENTIN)
    )


def test_ml_dsa_signs_when_the_rule_says_so_and_then_announces_it(office: Office) -> None:
    own_with_ml_dsa(office)
    unknown = "niemand@nirgends.example"
    raw = mail(QUENTIN.address, unknown)
    assert office.send(raw, QUENTIN.address, unknown).code == 250
    assert b"multipart/signed" not in office.out.sent[0].content
    office.rule("post_quantum_signature", "prefer")
    assert office.send(raw, QUENTIN.address, unknown).code == 250
    opened = open_message(parse_message(office.out.sent[1].content), EmptyKeyring())
    signer = opened.signed_layers[0].signers[0]
    assert signer.signature_valid
    assert signer.capabilities is not None
    assert der.oid(oids.ML_DSA_65) in signer.capabilities


def own_with_ml_dsa(office: Office) -> None:
    """Quentin moves in; no .p12 of other programs holds such a key yet."""
    address = EmailAddress.parse(QUENTIN.address)
    accounts.create(address, "", by="test", at=office.at)
    office.partner(QUENTIN)
    spki = parse_certificate(QUENTIN.certificate_der).spki_sha256
    sealed = office.site.vault.seal(Secret(QUENTIN.pkcs8), spki)
    keys.add(spki, sealed, by="test", at=office.at)
    keys.bind_linked(address, by="test", at=office.at)


# --- said to people ------------------------------------------------------------------------------


def explained(*to: Person, wish: str = "none") -> Explanation:
    return explain(ALICE.address, [one.address for one in to], wish, at=WORLD_NOW)


def test_the_choice_is_explained_in_both_languages(office: Office) -> None:
    office.partner(HUBER)
    found = explained(HUBER)
    german, english = found.lines(Language.DE), found.lines(Language.EN)
    assert (
        "  Kopie für huber@school.example: AES-256-CBC, weil nicht bekannt ist, was das Programm"
        " von huber@school.example liest"
    ) in german
    assert (
        "  copy for huber@school.example: AES-256-CBC, because it is not known what the program"
        " of huber@school.example reads"
    ) in english
    receive(office, announcing(HUBER, GCM))
    assert any("because every recipient's program reads it" in x for x in english_of(HUBER))


def english_of(*to: Person) -> list[str]:
    return explained(*to).lines(Language.EN)


def test_the_journal_and_the_explanation_hold_the_same_copies(office: Office) -> None:
    office.partner(HUBER)
    office.partner(DANA)
    sent(office, HUBER, DANA)
    entry = journal.read(action="outbound.sign_and_encrypt")[0]
    told = explained(HUBER, DANA).to_json()["copies"]
    assert entry.detail["copies"] == told
    assert told == [
        {
            "recipients": [DANA.address],
            "cipher": "aes256-cbc",
            "content_key_derived": False,
            "key_transport": ["rsa_pkcs1"],
            "to_sender": True,
            "why": [
                {"reason": "cipher_for_unknown_program", "addresses": [DANA.address]},
                {"reason": "separate_by_key", "addresses": []},
            ],
        },
        {
            "recipients": [HUBER.address],
            "cipher": "aes256-cbc",
            "content_key_derived": False,
            "key_transport": ["rsa_pkcs1"],
            "to_sender": True,
            "why": [
                {"reason": "cipher_for_unknown_program", "addresses": [HUBER.address]},
                {"reason": "separate_by_key", "addresses": []},
            ],
        },
    ]


# --- what we say ourselves -----------------------------------------------------------------------


def test_our_mail_announces_what_we_read(office: Office) -> None:
    unknown = "niemand@nirgends.example"
    office.send(mail(ALICE.address, unknown), ALICE.address, unknown)
    opened = open_message(parse_message(office.out.sent[0].content), EmptyKeyring())
    assert opened.signed_layers[0].signers[0].capabilities == write_capabilities()


def test_many_recipients_are_looked_up_with_one_query(office: Office) -> None:
    def queries(count: int) -> int:
        recipients = [f"r{number}@partner.example" for number in range(count)]
        raw = mail(ALICE.address, HUBER.address, *recipients)
        with CaptureQueriesContext(connection) as captured:
            office.send(raw, ALICE.address, HUBER.address, *recipients)
        asked = [q for q in captured.captured_queries if "store_capability" in q["sql"]]
        assert len(asked) == 1
        return len(captured)

    office.partner(HUBER)
    office.send(mail(ALICE.address, HUBER.address), ALICE.address, HUBER.address)
    assert queries(1) == queries(30)
