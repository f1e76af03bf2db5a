"""Whatever goes wrong: one line on stderr, a documented exit code, no traceback, no secret."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.command import Said, quick, siegel
from tests.cli.desk import ALICE, HUBER, PASSPHRASE, Desk
from tests.world import WORLD
from tests.world.cast import Role
from tests.world.issuing import create_certificate

SECRET = "hochgeheim-Wörtlich-4711"
GARBAGE = bytes(range(256)) * 8


def one_line(said: Said, code: int, *words: str) -> None:
    """The promise about errors: the code, one line, and what it says."""
    assert said.code == code, (said.code, said.err)
    assert said.out == b""
    assert said.err.startswith("siegel: ")
    assert said.err.count("\n") == 1
    assert said.err.endswith("\n")
    assert "Traceback" not in said.err
    for word in words:
        assert word in said.err


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("nonsense",), "nonsense"),
        (("message", "nonsense"), "nonsense"),
        (("message", "open"), "FILE"),
        (("message", "open", "x", "--nonsense"), "--nonsense"),
        (("message", "open", "x", "--at", "gestern"), "gestern"),
        (("message", "open", "x", "--require", "good"), "good"),
        (("message", "protect", "x"), "--sign"),
        (("message", "protect", "x", "--sign", "y", "--cipher", "rot13"), "rot13"),
        (("path", "check", "x", "--purpose", "fun"), "fun"),
        (("rules", "explain", "--from", "a@b.example"), "--to"),
        (("journal", "--limit", "0"), "--limit"),
        (("journal", "--number", "eins"), "eins"),
    ],
    ids=lambda given: "fail/" + "-".join(given) if isinstance(given, tuple) else None,
)
def test_wrong_usage_is_2_and_names_the_help(arguments: tuple[str, ...], word: str) -> None:
    one_line(quick(*arguments), 2, word, "--help")


@pytest.mark.parametrize("arguments", [(), ("message",), ("certificate",)], ids=str)
def test_a_group_alone_shows_its_help_and_is_2(arguments: tuple[str, ...]) -> None:
    said = quick(*arguments)
    assert (said.code, said.out) == (2, b"")
    assert said.err.startswith(" ".join(("Usage: siegel", *arguments)))
    assert "\nCommands:\n" in said.err


def test_an_interrupt_is_130(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("siegel.cli.message.parse_message", interrupted)
    said = quick("message", "open", desk.plain())
    assert (said.code, said.out, said.err.strip()) == (130, b"", "siegel: stopped")


@pytest.mark.parametrize(
    "option",
    ["--key", "--anchor", "--intermediate", "--crl", "--passphrase-file"],
)
def test_a_missing_file_is_66_and_named(desk: Desk, option: str) -> None:
    missing = str(desk.folder / "fehlt")
    more = ("--key", desk.p12(ALICE)) if option == "--passphrase-file" else ()
    one_line(quick("message", "open", desk.plain(), *more, option, missing), 66, "fehlt")


def test_a_missing_message_is_66(desk: Desk) -> None:
    one_line(siegel("message", "open", str(desk.folder / "no")), 66, "No such file")
    one_line(quick("path", "check", str(desk.folder / "no")), 66)
    one_line(
        quick("message", "protect", "no", "--sign", desk.p12(ALICE),
              "--passphrase-file", desk.passphrase), 66,
    )  # fmt: skip


@pytest.mark.parametrize("content", [b"", b"\0\1\2\3", GARBAGE], ids=["empty", "nul", "garbage"])
def test_what_is_no_message_is_65(desk: Desk, content: bytes) -> None:
    one_line(quick("message", "open", desk.file("x", content)), 65)


@pytest.mark.parametrize(
    "content",
    [b"", b"x", GARBAGE, b"\x30\x80", b"\x30\x82\xff\xff\x30"],
    ids=["empty", "letter", "garbage", "open", "cut"],
)
@pytest.mark.parametrize("option", ["--key", "--anchor", "--intermediate", "--crl"])
def test_garbage_for_every_kind_of_file_is_65_and_named(
    desk: Desk, option: str, content: bytes
) -> None:
    bad = desk.file("bad.bin", content)
    one_line(quick("message", "open", desk.plain(), option, bad), 65, "bad.bin")


def test_broken_pem_is_65_and_named(desk: Desk) -> None:
    for label in ("CERTIFICATE", "X509 CRL", "PRIVATE KEY", "ENCRYPTED PRIVATE KEY"):
        text = f"-----BEGIN {label}-----\nÖÖÖÖ====\n-----END {label}-----\n".encode()
        option = {"CERTIFICATE": "--anchor", "X509 CRL": "--crl"}.get(label, "--key")
        bad = desk.file("bad.pem", text)
        one_line(quick("message", "open", desk.plain(), option, bad), 65, "bad.pem")


def test_a_broken_certificate_file_is_65(desk: Desk) -> None:
    cut = desk.file("cut.cer", ALICE.certificate_der[:200])
    one_line(quick("path", "check", cut), 65, "cut.cer")


def test_a_p12_that_was_cut_off_is_65_or_77(desk: Desk) -> None:
    whole = ALICE.p12(PASSPHRASE)
    for size in range(0, len(whole), 97):
        cut = desk.file("cut.p12", whole[:size])
        given = ("--key", cut, "--passphrase-file", desk.passphrase)
        one_line(quick("message", "open", desk.plain(), *given), 65, "cut.p12")


@pytest.mark.requirement("A10")
@pytest.mark.parametrize("phrase", ["", "falsch", SECRET], ids=["none", "wrong", "secret"])
def test_a_wrong_passphrase_is_77_and_is_not_repeated(desk: Desk, phrase: str) -> None:
    wrong = desk.file("wrong", phrase.encode())
    given = ("--key", desk.p12(ALICE), "--passphrase-file", wrong)
    said = siegel("message", "open", desk.plain(), *given)
    one_line(said, 77, "alice.p12")
    assert phrase == "" or phrase not in said.err
    protect = ("--sign", desk.p12(ALICE), "--passphrase-file", wrong)
    one_line(quick("message", "protect", desk.plain(), *protect), 77)


def test_a_p12_without_a_private_key_says_so(desk: Desk) -> None:
    from cryptography.hazmat.primitives.serialization import NoEncryption, pkcs12

    bare = pkcs12.serialize_key_and_certificates(
        None, None, ALICE.certificate, None, NoEncryption()
    )
    one_line(
        quick("message", "open", desk.plain(), "--key", desk.file("bare.p12", bare)),
        65,
        "bare.p12: no private key",
    )


def test_an_output_that_cannot_be_written_is_69(desk: Desk) -> None:
    nowhere = str(desk.folder / "missing" / "out")
    sign = ("--sign", desk.p12(ALICE), "--passphrase-file", desk.passphrase)
    one_line(quick("message", "protect", desk.plain(), *sign, "-o", nowhere), 69, "cannot write")


def test_a_full_disk_behind_standard_output_is_69(desk: Desk) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "siegel", "message", "open", desk.plain(), "--json"],
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert done.returncode == 69
    assert done.stderr.decode() == "siegel: cannot read or write: No space left on device\n"


def test_a_bug_is_70_and_says_where_but_not_what(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ValueError(f"cannot digest {SECRET}")

    monkeypatch.setattr("siegel.cli.message.parse_message", broken)
    said = quick("message", "open", desk.plain())
    one_line(said, 70, "ValueError at test_errors.py:", "report")
    assert SECRET not in said.err


@pytest.mark.parametrize(
    "verb",
    [
        ("account", "list"),
        ("admin", "create", "a@b.example"),
        ("certificate", "list"),
        ("config", "check"),
        ("journal",),
        ("key", "create"),
        ("message", "redeliver", "--account", "a@b.example"),
        ("rules", "show"),
        ("serve",),
        ("store", "migrate"),
        ("trust", "list"),
    ],
    ids=lambda verb: "-".join(verb[:2]),
)
def test_verbs_with_a_store_want_a_configuration(
    verb: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SIEGEL_CONFIG", raising=False)
    one_line(quick(*verb), 78, "--config", "SIEGEL_CONFIG")


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (None, "No such file"),
        (b"[[[", "not TOML"),
        (b"\xff\xfe", "not UTF-8"),
        (b"[stroe]\n", "did you mean store?"),
        (b'[gateway.outbound]\nlisten = "nowhere"\n', "gateway.outbound.listen"),
    ],
    ids=["missing", "not-toml", "not-text", "unknown-key", "bad-value"],
)
def test_a_wrong_configuration_is_78_and_names_the_place(
    desk: Desk, content: bytes | None, word: str
) -> None:
    file = desk.folder / "siegel.toml"
    if content is not None:
        file.write_bytes(content)
    for verb in (("account", "list"), ("config", "check"), ("serve",)):
        one_line(quick("--config", str(file), *verb), 78, word, "siegel.toml")


@pytest.mark.parametrize("damage", ["folder", "file"])
def test_a_store_that_cannot_be_opened_is_78(desk: Desk, damage: str) -> None:
    database = desk.folder / ("no/siegel.db" if damage == "folder" else "siegel.db")
    if damage == "file":
        database.write_bytes(b"this is no database " * 500)
    text = f'[store]\nurl = "sqlite:///{database}"\ndata_dir = "{desk.folder}"\n'
    config = desk.file("siegel.toml", text.encode())
    said = siegel("--config", config, "account", "list")
    one_line(said, 78, "the store cannot be opened")


# what no terminal may ever see: escape, CSI in one octet, a bell, a turned direction
HOSTILE = "\x1b[31m\x9b2J\x07\u202egnp\u2028"


def assert_harmless(said: Said) -> None:
    for text in (said.text, said.err):
        assert all(c.isprintable() or c == "\n" for c in text), ascii(text)


@pytest.mark.parametrize("json", [True, False], ids=["json", "text"])
def test_hostile_names_never_reach_the_terminal(desk: Desk, json: bool) -> None:
    role = Role(
        name="evil",
        address="evil@partner.example",
        subject=f"Evil{HOSTILE}Name",
        utf8_sans=("e\u202evil\u009b@partner.example",),
        key="huber",
    )
    certificate = create_certificate(role, WORLD.authority("issuing"))
    pem = desk.file("evil.pem", HUBER.key_pem + _pem(certificate))
    protect = quick("message", "protect", desk.plain(sender="evil@partner.example"), "--sign", pem)
    assert (protect.code, protect.err) == (0, "")
    written = desk.file("evil.eml", protect.out)
    flag = ["--json"] if json else []
    opened = quick("message", "open", written, *desk.trust, *flag)
    assert "Evil" in opened.text
    assert_harmless(opened)
    assert_harmless(quick("path", "check", pem, *desk.trust, *flag))


def test_hostile_headers_never_reach_the_terminal(desk: Desk) -> None:
    raw = (
        f"From: <e{HOSTILE.translate({0x1B: None, 7: None, 0x2028: None})}@partner.example>\r\n"
        f"To: x{HOSTILE}\r\nSubject: {HOSTILE}\r\nContent-Type: text/{HOSTILE}\r\n\r\nx\r\n"
    ).encode()
    for flag in ([], ["--json"]):
        assert_harmless(quick("message", "open", desk.file("evil.eml", raw), *flag))


def test_hostile_file_names_and_arguments_never_reach_the_terminal(desk: Desk) -> None:
    for arguments in (
        ("message", "open", f"x{HOSTILE}"),
        ("message", "open", "x", f"--{HOSTILE}"),
        (HOSTILE,),
        ("--config", f"x{HOSTILE}", "account", "list"),
    ):
        said = quick(*arguments)
        assert said.code in (2, 66, 78)
        assert_harmless(said)
        assert said.err.count("\n") == 1


def test_a_reader_that_goes_away_is_no_error(desk: Desk) -> None:
    roots = desk.file("roots.pem", WORLD.root.pem)
    writer = subprocess.Popen(
        [sys.executable, "-m", "siegel", "message", "open", desk.signed(), "--json",
         "--anchor", roots],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )  # fmt: skip
    assert writer.stdout is not None
    assert writer.stderr is not None
    writer.stdout.close()
    said = writer.stderr.read()
    writer.stderr.close()
    assert (writer.wait(60), said) == (141, b"")


def test_a_terminal_without_umlauts_gets_question_marks(desk: Desk) -> None:
    said = siegel(
        "message", "open", desk.signed(), *desk.trust,
        env={"PYTHONIOENCODING": "latin-1", "PYTHONUTF8": "0"},
    )  # fmt: skip
    assert (said.code, said.err) == (0, "")
    assert b"? from alice@office.example" in said.out


def _pem(certificate: object) -> bytes:
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import Encoding

    assert isinstance(certificate, x509.Certificate)
    return certificate.public_bytes(Encoding.PEM)
