"""``siegel authority`` and ``siegel request``: the way to certificates of the house."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from siegel.pki.request import parse_request
from tests.cli.command import Office
from tests.peers.programs import program, run

EVA = "Eva.Ernst@office.example"
CREATE = (
    "authority", "create", "Amt", "--publish-at", "http://pki.office.example",
    "--organisation", "Landratsamt", "--key", "p-256",
)  # fmt: skip


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with Office(tmp_path_factory.mktemp("office")) as made:
        made.siegel("account", "add", "eva.ernst@office.example")
        said = made.siegel(*CREATE)
        assert "root: CN=Amt Root,O=Landratsamt,C=DE  sha256 " in said
        assert "not trusted yet: siegel authority trust 'Amt Root'" in said
        assert "trusted: root: CN=Amt Root" in made.siegel("authority", "trust", "Amt Root")
        yield made


def certificates(office: Office, name: str) -> list[dict[str, str]]:
    shown = json.loads(office.siegel("authority", "show", name, "--json"))
    found: list[dict[str, str]] = shown["certificates"]
    return found


@pytest.mark.requirement("B34", "B11", "A23")
def test_from_nothing_to_a_certificate_that_works(office: Office) -> None:
    said = office.siegel("authority", "enrol", EVA, "--key", "p-256")
    assert said.startswith(f"issued: CN={EVA}, until ")
    assert office.siegel("authority", "enrol", EVA).startswith("there already: ")
    listed = json.loads(office.siegel("certificate", "list", "--address", EVA, "--json"))
    assert [one["signing_obstacles"] for one in listed] == [[]]
    renewed = office.siegel("authority", "renew", EVA, "--key", "p-384")
    assert renewed.startswith(f"renewed: CN={EVA}, until ")
    rows = json.loads(office.siegel("authority", "list", "--json"))
    assert [(row["name"], row["kind"]) for row in rows] == [
        ("Amt Root", "root"),
        ("Amt Issuing", "issuing"),
    ]
    assert rows[1]["domains"] == ["office.example"]
    assert "Amt Issuing" in office.siegel("authority", "list")
    assert "profile" in office.siegel("authority", "show", "Issuing")


def test_mistakes_are_one_line(office: Office) -> None:
    for arguments, code, words in (
        ((*CREATE[:2], "Amt", *CREATE[3:]), 65, "there is an authority Amt Root already"),
        ((*CREATE, "--country", "Germany"), 65, "not a country"),
        (("authority", "enrol", "a@elsewhere.example"), 65, "proved control"),
        (("authority", "enrol", "nobody@office.example"), 66, "no account"),
        (("authority", "enrol", EVA, "--surname", "Ernst"), 65, "a person has both"),
        (("authority", "enrol", EVA, "--authority", "Amt Root"), 65, "is a root"),
        (("authority", "enrol", EVA, "--days", "900"), 65, "825"),
        (("authority", "renew", "nobody@office.example"), 65, "enrol it"),
        (("authority", "crl", "--out", "x"), 2, "--out needs --authority"),
    ):
        said = office.ask(*arguments)
        assert (said.code, said.out) == (code, b""), (arguments, said)
        assert words in said.err
        assert said.err.count("\n") == 1


def test_a_table_of_people_with_a_report(office: Office, tmp_path: Path) -> None:
    table, report = tmp_path / "staff.csv", tmp_path / "report.csv"
    lines = "address;given_name;surname\nhanna@office.example;Hanna;Huth\nkaputt;;\n"
    table.write_text(lines, "utf-8")
    arguments = (
        "authority", "enrol-many", str(table), "--create-accounts", "--key", "p-256",
        "--report", str(report),
    )  # fmt: skip
    said = office.siegel(*arguments, status=1)
    assert "1/2 line 2: hanna@office.example: issued: " in said
    assert "2/2 line 3: -: failed: not an e-mail address" in said
    assert said.endswith("1 of 2 have their certificate, 1 failed\n")
    assert report.read_text("utf-8-sig").splitlines()[0] == "line,address,result,detail"
    assert "there already" in office.siegel(*arguments, status=1)


def test_revoked_means_listed_and_answered(office: Office, tmp_path: Path) -> None:
    office.siegel("account", "add", "weg@office.example")
    office.siegel("authority", "enrol", "weg@office.example", "--key", "p-256")
    serial = certificates(office, "Amt Issuing")[0]["serial"]
    said = office.siegel("authority", "revoke", serial, "--reason", "keyCompromise", "--yes")
    assert f"serial {serial}" in said
    out, asked, answer = (tmp_path / name for name in ("now.crl", "asked.der", "answer.der"))
    office.siegel("authority", "crl", "--authority", "Amt Issuing", "--out", str(out))
    found = x509.load_der_x509_crl(out.read_bytes())
    assert [f"{one.serial_number:x}" for one in found] == [serial]
    for name, mark in (("Amt Root", "root"), ("Amt Issuing", "issuing")):
        rows = json.loads(office.siegel("authority", "list", "--json"))
        mark_of = next(row["sha256"] for row in rows if row["name"] == name)
        said = office.siegel("certificate", "export", mark_of, "--format", "pem")
        (tmp_path / f"{mark}.pem").write_text(said, "utf-8")
    issuing, root = str(tmp_path / "issuing.pem"), str(tmp_path / "root.pem")
    openssl = program("openssl")
    run([openssl, "ocsp", "-issuer", issuing, "-serial", f"0x{serial}", "-reqout", str(asked)])
    office.siegel(
        "authority", "ocsp-respond", str(asked), "--authority", "Amt Issuing", "--out", str(answer)
    )
    done = run(
        [openssl, "ocsp", "-issuer", issuing, "-serial", f"0x{serial}", "-respin", str(answer),
         "-CAfile", root, "-verify_other", issuing, "-no_nonce"]
    )  # fmt: skip
    assert b"Response verify OK" in done.stderr + done.stdout
    assert b": revoked" in done.stdout


def test_the_authority_itself_is_renewed(office: Office) -> None:
    said = office.siegel("authority", "recertify", "Amt Issuing")
    assert said.startswith("renewed: CN=Amt Issuing,O=Landratsamt,C=DE, until ")
    assert office.siegel("authority", "crl") == "no list is due\n"


@pytest.mark.requirement("B21")
def test_a_request_goes_out_and_waits(office: Office, tmp_path: Path) -> None:
    out = tmp_path / "eva.csr"
    said = office.siegel("request", "create", EVA, "--out", str(out), "--key", "p-256")
    assert "answer it with: siegel request answer FILE" in said
    asked = parse_request(out.read_bytes())
    assert [one.spelling for one in asked.addresses] == [EVA]
    assert run([program("openssl"), "req", "-verify", "-noout", "-in", str(out)]).returncode == 0
    (row,) = json.loads(office.siegel("request", "list", "--json"))
    assert (row["account"], row["answered_at"]) == ("eva.ernst@office.example", None)
    assert "CN=" in office.siegel("request", "list", "--all")
    again = office.siegel("request", "show", str(row["number"]))
    assert again.encode() == out.read_bytes()
    nothing = tmp_path / "nothing.pem"
    root = json.loads(office.siegel("authority", "list", "--json"))[0]["sha256"]
    nothing.write_text(office.siegel("certificate", "export", root, "--format", "pem"), "utf-8")
    refused = office.ask("request", "answer", str(nothing))
    assert refused.code == 65
    assert "no key here waits" in refused.err


def test_an_authority_below_one_outside_asks_for_its_certificate(
    office: Office, tmp_path: Path
) -> None:
    out = tmp_path / "sub.csr"
    said = office.siegel(
        "authority", "create", "Unter", "--publish-at", "http://pki.office.example",
        "--organisation", "Landratsamt", "--key", "p-256", "--request", str(out),
    )  # fmt: skip
    assert said == "issuing: Unter, waits for its certificate\n"
    asked = x509.load_pem_x509_csr(out.read_bytes())
    assert asked.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    assert asked.public_bytes(Encoding.PEM) == out.read_bytes()


def test_domains_of_others_are_an_option_of_their_own(office: Office, tmp_path: Path) -> None:
    out = tmp_path / "schulamt.csr"
    office.siegel(
        "authority", "create", "Schulamt", "--publish-at", "http://pki.office.example",
        "--key", "p-256", "--further-domain", "schule.example", "--request", str(out),
    )  # fmt: skip
    rows = json.loads(office.siegel("authority", "list", "--json"))
    (found,) = (row for row in rows if row["name"] == "Schulamt")
    assert "schule.example" in found["domains"]
    said = office.ask(*CREATE[:2], "Land", *CREATE[3:], "--further-domain", "de")
    assert (said.code, said.out) == (65, b"")
    assert "not the domain of one organisation" in said.err
