"""``siegel acme`` and keys in a token, as an administrator uses them."""

import json
from pathlib import Path

import pytest

from tests.cli.command import Said, siegel
from tests.peers.installation import Hops, Installation
from tests.peers.programs import program, run
from tests.peers.softhsm import LABEL, PIN, soft_hsm

EVA = "eva.ernst@office.example"
ACME = '[acme]\ndirectory = "https://acme.ca.example/directory"\n'


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    hsm, folder = soft_hsm(), tmp_path_factory.mktemp("office")
    made = Installation(folder, Hops.maildirs(folder))
    pin = folder / "token.pin"
    pin.write_text(f"{PIN}\n")
    pin.chmod(0o600)
    token = f'[pkcs11]\nmodule = "{hsm.module}"\ntoken = "{LABEL}"\npin_file = "{pin}"\n'
    made.config.write_text(f"{made.config.read_text()}\n{ACME}{token}")
    made.siegel("account", "add", EVA)
    return made


def refused(office: Installation, *arguments: str) -> Said:
    return siegel("--config", str(office.config), *arguments)


@pytest.mark.requirement("C7")
def test_an_order_is_placed_once_and_listed(office: Installation) -> None:
    said = office.siegel("acme", "order", EVA, "--key", "p-256")
    assert "ordered; see how it goes on with: siegel acme list" in said
    again = refused(office, "acme", "order", EVA)
    assert again.code == 65
    assert "open already" in again.err
    (row,) = json.loads(office.siegel("acme", "list", "--json"))
    assert (row["account"], row["state"], row["ended_at"]) == (EVA, "to_be_placed", None)
    assert "to_be_placed" in office.siegel("acme", "list")


@pytest.mark.requirement("A29", "B34")
def test_an_authority_in_the_token_certifies_an_account(
    office: Installation, tmp_path: Path
) -> None:
    label = f"Amt {tmp_path.name}"
    said = office.siegel(
        "authority", "create", label, "--publish-at", "http://pki.office.example", "--token",
        "--organisation", "Landratsamt", "--key", "p-256", "--trust",
    )  # fmt: skip
    assert f"root: CN={label} Root" in said
    assert office.siegel("authority", "enrol", EVA, "--key", "p-256").startswith("issued: ")
    assert f"{label} Issuing" in soft_hsm().tool("--list-objects", "--type", "privkey").decode()


@pytest.mark.requirement("A29")
def test_a_request_for_a_key_in_the_token_is_good(office: Installation, tmp_path: Path) -> None:
    file = tmp_path / "request.csr"
    office.siegel("request", "create", EVA, "--out", str(file), "--key", "rsa-2048", "--token")
    done = run([program("openssl"), "req", "-in", str(file), "-noout", "-verify"])
    assert b"verify OK" in done.stderr + done.stdout


@pytest.mark.requirement("A29")
def test_a_key_of_the_token_becomes_an_account_s(office: Installation, tmp_path: Path) -> None:
    label = f"alt {tmp_path.name}"
    soft_hsm().tool("--keypairgen", "--key-type", "rsa:2048", "--label", label, "--id", "77")
    assert "stays in the token" in office.siegel("key", "import-token", label, EVA)
    missing = refused(office, "key", "import-token", "nobody's", EVA)
    assert missing.code == 66
    assert "no private key" in missing.err
