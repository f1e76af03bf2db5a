"""``siegel message protect``: what comes out is judged by OpenSSL."""

from pathlib import Path

import pytest

from tests.cli.command import quick, siegel
from tests.cli.desk import ALICE, BOB, HUBER, PASSPHRASE, Desk
from tests.peers.openssl import OpenSSL
from tests.peers.programs import PeerError
from tests.world import WORLD

DANA, BRUNO = WORLD.person("dana"), WORLD.person("bruno")


def protect(desk: Desk, *options: str, stdin: bytes = b"") -> bytes:
    said = quick(
        "message", "protect", desk.plain(), "--sign", desk.p12(ALICE),
        "--passphrase-file", desk.passphrase, *options, stdin=stdin,
    )  # fmt: skip
    assert (said.code, said.err) == (0, ""), said.err
    return said.out


@pytest.mark.requirement("A20", "A57", "A58")
@pytest.mark.parametrize(
    "options",
    [(), ("--opaque",), ("--rsa-signature", "pss"), ("--rsa-signature", "pkcs1", "--opaque")],
    ids=lambda given: "ok/" + ("-".join(given).replace("--", "") or "default"),
)
def test_openssl_verifies_what_was_signed(
    desk: Desk, openssl: OpenSSL, options: tuple[str, ...]
) -> None:
    written = protect(desk, *options)
    verified = openssl.verify(written, WORLD.root)
    assert verified.signers == (ALICE.certificate,)
    assert b"Bescheid" in verified.content
    assert (b"multipart/signed" in written) is ("--opaque" not in options)
    assert b"Subject: Nachricht\r\n" in written, "the header of the message stays"


@pytest.mark.requirement("A14", "A15")
@pytest.mark.parametrize(
    "options",
    [
        (),
        *(("--cipher", name) for name in ("aes128-cbc", "aes192-cbc", "aes128-gcm", "aes256-gcm")),
        ("--key-transport", "oaep"),
        ("--key-transport", "oaep", "--cipher", "aes256-cbc"),
    ],
    ids=lambda given: "ok/" + ("-".join(given).replace("--", "") or "default"),
)
def test_openssl_opens_what_was_encrypted_and_finds_a_signature(
    desk: Desk, openssl: OpenSSL, options: tuple[str, ...]
) -> None:
    readers = ("--recipient", desk.certificate(HUBER), "--recipient", desk.certificate(DANA))
    written = protect(desk, *readers, *options)
    assert b"Bescheid" not in written
    for reader in (HUBER, DANA):
        inside = openssl.decrypt(written, reader)
        assert openssl.verify(inside, WORLD.root).signers == (ALICE.certificate,)
    with pytest.raises(PeerError):
        openssl.decrypt(written, BOB)


def test_two_people_sign_one_message(desk: Desk, openssl: OpenSSL) -> None:
    written = protect(desk, "--sign", desk.p12(DANA))
    signers = openssl.verify(written, WORLD.root).signers
    assert set(signers) == {ALICE.certificate, DANA.certificate}


def test_a_pem_key_signs_with_its_certificate_and_chain(desk: Desk, openssl: OpenSSL) -> None:
    key = desk.file("bruno.pem", BRUNO.key_pem)
    said = quick(
        "message", "protect", desk.plain(), "--sign", key,
        "--intermediate", desk.certificate(BRUNO), "--intermediate", desk.issuing,
    )  # fmt: skip
    assert (said.code, said.err) == (0, "")
    assert openssl.verify(said.out, WORLD.root).signers == (BRUNO.certificate,)


def test_the_result_can_be_opened_again_from_pipe_to_pipe(desk: Desk) -> None:
    raw = Path(desk.plain()).read_bytes()
    key = ("--passphrase-file", desk.passphrase)
    written = siegel(
        "message", "protect", "-", "--sign", desk.p12(ALICE), *key,
        "--recipient", desk.certificate(HUBER), stdin=raw,
    )  # fmt: skip
    assert (written.code, written.err) == (0, "")
    opened = siegel("message", "open", "-", *desk.key(HUBER), *desk.trust, stdin=written.out)
    assert (opened.code, opened.err) == (0, "")


def test_the_output_file_is_written_whole(desk: Desk, openssl: OpenSSL) -> None:
    target = desk.folder / "out.eml"
    assert protect(desk, "-o", str(target)) == b""
    assert openssl.verify(target.read_bytes(), WORLD.root).signers == (ALICE.certificate,)
    assert not list(desk.folder.glob("*.part"))
    assert not list(desk.folder.glob(".*.part"))


def test_the_signing_time_is_the_moment_given(desk: Desk) -> None:
    written = desk.file("s.eml", protect(desk, "--at", "2026-01-02T03:04:05"))
    said = quick("message", "open", written, *desk.trust, "--json")
    assert said.json["layers"][0]["signers"][0]["signing_time"] == "2026-01-02T03:04:05+00:00"


@pytest.mark.requirement("A16")
def test_encryption_without_signature_cannot_be_asked_for(desk: Desk) -> None:
    said = quick("message", "protect", desk.plain(), "--recipient", desk.certificate(HUBER))
    assert said.code == 2
    assert "--sign" in said.err


@pytest.mark.parametrize(
    ("name", "words"),
    [("sina", "not a certificate for encryption"), ("emil", "not valid at")],
    ids=["fail/signs-only", "fail/expired"],
)
def test_nobody_is_encrypted_to_who_cannot_read_it(desk: Desk, name: str, words: str) -> None:
    said = quick(
        "message", "protect", desk.plain(), "--sign", desk.p12(ALICE),
        "--passphrase-file", desk.passphrase,
        "--recipient", desk.certificate(WORLD.person(name)),
    )  # fmt: skip
    assert (said.code, said.out) == (65, b"")
    assert words in said.err


def test_a_key_that_only_encrypts_signs_nothing(desk: Desk) -> None:
    said = quick(
        "message", "protect", desk.plain(), "--sign", desk.p12(WORLD.person("frieda_encrypt")),
        "--passphrase-file", desk.passphrase,
    )  # fmt: skip
    assert (said.code, said.out) == (65, b"")
    assert "no key among the files may sign mail" in said.err


@pytest.mark.requirement("A10")
def test_passphrases_are_given_one_for_each_key(desk: Desk, openssl: OpenSSL) -> None:
    phrases = desk.file("phrases", f"{PASSPHRASE}\r\nöäüß".encode())
    said = quick(
        "message", "protect", desk.plain(), "--sign", desk.p12(ALICE),
        "--sign", desk.p12(DANA, "öäüß"), "--passphrase-file", phrases,
    )  # fmt: skip
    assert (said.code, said.err) == (0, "")
    assert len(openssl.verify(said.out, WORLD.root).signers) == 2


@pytest.mark.requirement("A68")
@pytest.mark.parametrize("moment", ["2001-01-01T00:00:00", "2090-01-01T00:00:00"])
def test_nobody_signs_out_of_date_unless_that_is_said(desk: Desk, moment: str) -> None:
    arguments = [
        "message", "protect", desk.plain(), "--sign", desk.p12(ALICE),
        "--passphrase-file", desk.passphrase, "--at", moment,
    ]  # fmt: skip
    said = quick(*arguments)
    assert (said.code, said.out) == (65, b"")
    assert f"not valid at {moment[:4]}" in said.err
    assert quick(*arguments, "--out-of-date").code == 0
