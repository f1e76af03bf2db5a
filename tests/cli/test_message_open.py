"""``siegel message open``: verdict, exit code and JSON, for messages that OpenSSL wrote."""

import hashlib
import zlib
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization as form
from cryptography.hazmat.primitives.serialization import Encoding

from siegel.base import der, oids
from tests.cli.command import quick, siegel
from tests.cli.desk import ALICE, AT, BOB, ENTITY, HUBER, PASSPHRASE, Desk, letter
from tests.cli.shapes import MESSAGE, fault
from tests.peers.mime import pkcs7_mime
from tests.world import WORLD


@pytest.mark.requirement("A17", "A59", "A62", "A67")
def test_a_good_signature_is_verified_and_exits_with_0(desk: Desk) -> None:
    said = quick("message", "open", desk.signed(), *desk.trust, "--json")
    assert (said.code, said.err) == (0, "")
    assert fault(said.json, MESSAGE) is None
    assert (said.json["summary"], said.json["from"]) == ("verified", ALICE.address)
    signer = said.json["layers"][0]["signers"][0]
    assert signer["addresses"] == [ALICE.address]
    assert signer["certificate_sha256"] == hashlib.sha256(ALICE.certificate_der).hexdigest()
    assert (signer["intact"], signer["signature_valid"], signer["path"]) == (True, True, "valid")
    assert signer["trusted"] is signer["bound_to_from"] is True
    assert signer["revocation"] == "not_checked"
    assert len(signer["chain"]) == 3
    assert said.json["payload_sha256"] == hashlib.sha256(ENTITY).hexdigest()


@pytest.mark.requirement("A16", "A17", "A18")
def test_an_encrypted_and_signed_message_is_opened_with_the_key(desk: Desk) -> None:
    said = quick("message", "open", desk.encrypted(HUBER), *desk.key(HUBER), *desk.trust, "--json")
    assert said.code == 0
    assert fault(said.json, MESSAGE) is None
    assert said.json["summary"] == "confidential"
    encrypted, signed = said.json["layers"]
    assert (encrypted["opened"], encrypted["key_found"]) == (True, True)
    assert encrypted["cipher"] == "aes256-cbc"
    assert [one["matched"] for one in encrypted["recipients"]] == [True]
    serial = f"{HUBER.certificate.serial_number:x}"
    assert encrypted["recipients"][0]["identifier"]["serial"] == serial
    assert signed["signers"][0]["signature_valid"] is True


CASES = {
    "no anchor": ((), {"path": "indeterminate", "trusted": False}),
    "another root": (("--anchor", "stranger"), {"path": "indeterminate", "trusted": False}),
}


@pytest.mark.parametrize("case", CASES, ids=[f"fail/{name}" for name in CASES])
def test_without_the_right_anchor_the_path_is_indeterminate(desk: Desk, case: str) -> None:
    options, expected = CASES[case]
    stranger = desk.file("stranger.pem", WORLD.authority("stranger_root").pem)
    given = [stranger if one == "stranger" else one for one in options]
    said = quick(
        "message", "open", desk.signed(), *given, "--intermediate", desk.issuing,
        "--at", AT, "--json",
    )  # fmt: skip
    signer = said.json["layers"][0]["signers"][0]
    assert said.code == 1
    assert {key: signer[key] for key in expected} == expected
    assert said.json["summary"] == "unprotected"


@pytest.mark.requirement("A61")
def test_a_signature_of_somebody_else_exits_with_1(desk: Desk) -> None:
    said = quick(
        "message", "open", desk.signed(sender="chef@office.example"), *desk.trust, "--json"
    )
    assert said.code == 1
    assert said.json["layers"][0]["signers"][0]["bound_to_from"] is False


@pytest.mark.requirement("A62")
def test_a_changed_message_exits_with_1_and_says_so(desk: Desk) -> None:
    raw = Path(desk.signed()).read_bytes().replace(b"Bescheid f", b"Bescheit f", 1)
    changed = desk.file("changed.eml", raw)
    said = quick("message", "open", changed, *desk.trust, "--json")
    assert said.code == 1
    assert said.json["layers"][0]["signers"][0]["intact"] is False
    assert "digest_mismatch" in said.json["findings"]


def test_an_unprotected_message_exits_with_1_and_has_no_payload(desk: Desk) -> None:
    said = quick("message", "open", desk.plain(), "--json")
    assert said.code == 1
    assert fault(said.json, MESSAGE) is None
    assert (said.json["summary"], said.json["payload_sha256"]) == ("unprotected", None)
    assert said.json["layers"] == said.json["certificates"] == said.json["errant"] == []


def test_without_the_key_the_message_stays_closed(desk: Desk) -> None:
    said = quick("message", "open", desk.encrypted(HUBER), *desk.key(BOB), *desk.trust, "--json")
    assert said.code == 1
    assert fault(said.json, MESSAGE) is None
    assert said.json["findings"][0] == "no_decryption_key"
    assert said.json["payload_sha256"] is None
    assert said.json["layers"][0]["opened"] is False


def test_encryption_without_signature_opens_and_is_not_confidential(desk: Desk) -> None:
    said = quick(
        "message", "open", desk.only_encrypted(HUBER), *desk.key(HUBER), *desk.trust, "--json"
    )
    assert said.json["summary"] == "encrypted_unverified"
    assert said.code == 0, "one layer, all opened, no signature that fails (decision 21)"


@pytest.mark.parametrize(
    ("required", "code"),
    [("verified", 0), ("confidential", 1), ("unprotected", 1), ("encrypted_unverified", 1)],
)
def test_require_makes_the_summary_the_exit_code(desk: Desk, required: str, code: int) -> None:
    said = quick("message", "open", desk.signed(), *desk.trust, "--require", required)
    assert said.code == code


def test_require_can_ask_for_an_unprotected_message(desk: Desk) -> None:
    assert quick("message", "open", desk.plain(), "--require", "unprotected").code == 0


def test_the_payload_is_written_exactly_as_it_was_protected(desk: Desk) -> None:
    target = desk.folder / "payload"
    said = quick(
        "message", "open", desk.encrypted(HUBER), *desk.key(HUBER), *desk.trust, "--json",
        "--payload", str(target),
    )  # fmt: skip
    assert target.read_bytes() == ENTITY
    assert hashlib.sha256(ENTITY).hexdigest() == said.json["payload_sha256"]


@pytest.mark.requirement("A64")
def test_a_revoked_signer_does_not_count(desk: Desk) -> None:
    rita = WORLD.person("rita")
    said = quick("message", "open", desk.signed(rita), *desk.trust, "--crl", desk.crl(), "--json")
    signer = said.json["layers"][0]["signers"][0]
    assert (said.code, signer["revocation"], signer["trusted"]) == (1, "revoked", False)
    pem = x509.load_der_x509_crl(Path(desk.crl()).read_bytes()).public_bytes(Encoding.PEM)
    listed = desk.file("lists.pem", pem + pem)
    again = quick("message", "open", desk.signed(rita), *desk.trust, "--crl", listed, "--json")
    assert again.json["layers"][0]["signers"][0]["revocation"] == "revoked"
    without = quick("message", "open", desk.signed(rita), *desk.trust, "--json")
    assert without.code == 0, "decision 12: unknown revocation is allowed by default"


def test_the_moment_decides_about_expired_certificates(desk: Desk) -> None:
    emil, anchors = WORLD.person("emil"), desk.trust[:4]
    message = desk.signed(emil)
    assert quick("message", "open", message, *anchors, "--at", AT).code == 1
    assert quick("message", "open", message, *anchors, "--at", "2025-01-01").code == 0
    offset = "2025-01-01T00:00:00+01:00"
    said = quick("message", "open", message, *anchors, "--at", offset, "--json")
    assert said.json["at"] == "2024-12-31T23:00:00+00:00"


def test_standard_input_is_read_for_a_dash(desk: Desk) -> None:
    raw = Path(desk.signed()).read_bytes()
    said = siegel("message", "open", "-", *desk.trust, "--json", stdin=raw)
    assert (said.code, said.json["summary"], said.err) == (0, "verified", "")


@pytest.mark.parametrize("lines", [1, 2], ids=["ok/one-for-all", "ok/one-for-each"])
def test_several_keys_take_one_passphrase_file(desk: Desk, lines: int) -> None:
    second = PASSPHRASE if lines == 1 else "zweites"
    file = desk.file("both", f"{PASSPHRASE}\n{second}\n".encode() if lines == 2 else b"")
    said = quick(
        "message", "open", desk.encrypted(HUBER), *desk.trust, "--json",
        "--key", desk.p12(BOB), "--key", desk.p12(HUBER, second),
        "--passphrase-file", file if lines == 2 else desk.passphrase,
    )  # fmt: skip
    assert (said.code, said.json["summary"]) == (0, "confidential")


def test_too_few_passphrases_are_an_error(desk: Desk) -> None:
    keys = [word for p in (ALICE, BOB, HUBER) for word in ("--key", desk.p12(p))]
    file = desk.file("two", b"a\nb\n")
    said = quick("message", "open", desk.plain(), *keys, "--passphrase-file", file)
    assert said.code == 77
    assert "3 key files, but 2 passphrases" in said.err


@pytest.mark.parametrize(
    "written",
    [
        PASSPHRASE.encode(),
        f"{PASSPHRASE}\n".encode(),
        f"{PASSPHRASE}\r\n".encode(),
        f"{PASSPHRASE}\r\n\r\n".encode(),
        b"\xef\xbb\xbf" + f"{PASSPHRASE}\r\n".encode(),
    ],
    ids=["ok/no-line-end", "ok/lf", "ok/crlf", "ok/blank-line-behind", "ok/byte-order-mark"],
)
@pytest.mark.requirement("A10")
def test_umlauts_in_passphrases_and_any_line_end_are_understood(desk: Desk, written: bytes) -> None:
    said = quick(
        "message", "open", desk.encrypted(HUBER), *desk.trust,
        "--key", desk.p12(HUBER), "--passphrase-file", desk.file("phrase", written),
    )  # fmt: skip
    assert (said.code, said.err) == (0, "")


@pytest.mark.parametrize("beside", [True, False], ids=["ok/intermediate", "ok/same-file"])
@pytest.mark.parametrize("protected", [True, False], ids=["ok/encrypted", "ok/bare"])
def test_a_pem_key_works_with_its_certificate(desk: Desk, beside: bool, protected: bool) -> None:
    lock = form.BestAvailableEncryption(PASSPHRASE.encode()) if protected else form.NoEncryption()
    pem = HUBER.private_key.private_bytes(form.Encoding.PEM, form.PrivateFormat.PKCS8, lock)
    key = desk.file("key.pem", pem + (b"" if beside else HUBER.certificate_pem))
    certificate = ["--intermediate", desk.certificate(HUBER)] if beside else []
    said = quick(
        "message", "open", desk.encrypted(HUBER), *desk.trust, *certificate,
        "--key", key, "--passphrase-file", desk.passphrase,
    )  # fmt: skip
    assert (said.code, said.err) == (0, "")


def test_a_key_without_its_certificate_says_what_to_do(desk: Desk) -> None:
    key = desk.file("key.pem", HUBER.key_pem)
    said = quick("message", "open", desk.plain(), "--key", key)
    assert said.code == 65
    assert "key.pem: no certificate for this key; give it with --intermediate" in said.err


def test_a_compressed_layer_is_named(desk: Desk) -> None:
    content = der.context(0, der.octet_string(zlib.compress(ENTITY)))
    inside = der.sequence(
        der.integer(0),
        der.algorithm("1.2.840.113549.1.9.16.3.8"),
        der.sequence(der.oid(oids.DATA), content),
    )
    whole = der.sequence(der.oid(oids.COMPRESSED_DATA), der.context(0, inside))
    entity = b"MIME-Version: 1.0\r\n" + pkcs7_mime(whole, "certs-only")
    named = entity.replace(b"certs-only", b"compressed-data")
    said = quick("message", "open", desk.file("c.eml", letter(named, ALICE)), "--json")
    assert fault(said.json, MESSAGE) is None
    assert said.json["layers"][0]["kind"] == "compressed"
    assert said.code == 1, "compression protects nothing"


def test_people_read_sentences(desk: Desk) -> None:
    said = quick("message", "open", desk.encrypted(HUBER), *desk.key(HUBER), *desk.trust)
    assert said.text.startswith("Confidential")
    assert "layer: encrypted, aes256-cbc, opened" in said.text
    assert "CN=Alice Adler" in said.text


@pytest.mark.requirement("A5", "A6", "A18", "A26")
def test_the_three_answers_and_the_identity_are_said_to_people_and_programs(desk: Desk) -> None:
    said = quick("message", "open", desk.signed(), *desk.trust)
    assert "intact? Unchanged" in said.text
    assert "trusted for this From? Sender fits" in said.text
    assert "Not said what was checked" in said.text
    judged = quick("message", "open", desk.signed(), *desk.trust, "--json").json
    good = {"intact": "yes", "valid": "yes", "trusted_for_from": "yes"}
    signer = judged["layers"][0]["signers"][0]
    assert judged["answers"] == signer["answers"] == good
    assert signer["bound_by"] == "certificate"
    identity = signer["identity"]
    assert (identity["class"], identity["person"]) == ("unstated", None)
    assert identity["stated_organisation"] == "Siegel Test World"
    assert quick("message", "open", desk.plain(), "--json").json["answers"] is None


def test_a_signed_part_beside_others_is_shown_apart_with_its_own_verdict(desk: Desk) -> None:
    whole = Path(desk.signed()).read_bytes()
    header, _, rest = whole.partition(b"MIME-Version: 1.0\r\n")
    part = b"--m\r\n" + rest + b"\r\n--m\r\n\r\n-- \r\nListe\r\n--m--\r\n"
    mixed = b"MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=m\r\n\r\n"
    file = desk.file("list.eml", header + b"List-Id: <l.example>\r\n" + mixed + part)
    said = quick("message", "open", file, *desk.trust, "--json")
    assert (said.code, said.json["summary"], said.json["answers"]) == (1, "unprotected", None)
    assert fault(said.json, MESSAGE) is None
    (errant,) = said.json["errant"]
    assert errant["signers"][0]["reasons"] == ["signs_only_a_part"]
    assert "list_footer" in said.json["findings"]
    text = quick("message", "open", file, *desk.trust).text
    assert "part 1: signed, its signature holds for this part alone" in text
    assert "note: A list added text" in text
