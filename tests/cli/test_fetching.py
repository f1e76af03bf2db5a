"""Evidence fetched or imported by hand: ``path check --fetch``, ``trust fetch``, ``import-crl``."""

import json
from collections.abc import Iterator

import pytest

from tests.cli.command import Office, Said, quick, siegel
from tests.cli.desk import Desk
from tests.cli.shapes import PATH, fault
from tests.flows.authority import Ca, Places
from tests.flows.web import Web, serving
from tests.peers.process import Child
from tests.world import WORLD, WORLD_NOW
from tests.world.cast import NOT_AFTER, NOT_BEFORE

AT = ("--at", WORLD_NOW.isoformat())
ROOT = Ca("Root")


@pytest.fixture
def web() -> Iterator[Web]:
    with serving() as one:
        yield one


def test_path_check_fetches_issuers_and_lists(desk: Desk, web: Web) -> None:
    issuing = Ca("Issuing", ROOT, places=Places(crl=(web.answer("/root.crl", ROOT.crl()),)))
    web.answer("/issuing.cer", issuing.der)
    places = Places(issuer=(web.url("/issuing.cer"),), crl=(web.url("/issuing.crl"),))
    leaf = issuing.leaf(places=places)
    web.answer("/issuing.crl", issuing.crl(leaf))
    file, root = desk.file("leaf.cer", leaf.der), desk.file("root.cer", ROOT.der)
    asked = ("path", "check", file, "--anchor", root, *AT, "--json")
    assert quick(*asked).json["status"] == "indeterminate"
    assert web.asked == []
    refused = quick(*asked, "--fetch")
    assert refused.json["status"] == "indeterminate"
    assert refused.err == f"refused_address: {web.url('/issuing.cer')}\n"
    said = quick(*asked, "--fetch", "--private-host", web.host)
    assert fault(said.json, PATH) is None
    assert (said.code, said.json["revocation"]) == (1, "revoked")
    assert said.err == "".join(
        f"fetched: {web.url(path)}\n" for path in ("/issuing.cer", "/issuing.crl")
    )


def apart(office: Office, *arguments: str) -> Said:
    """In a process of its own, which reads the configuration as it is now."""
    return siegel("--config", str(office.config), *arguments)


def good(office: Office, *arguments: str) -> str:
    said = apart(office, *arguments)
    assert said.code == 0, said.err
    return said.text


def trusted(office: Office, one: Ca) -> None:
    file = office.folder / "root.cer"
    file.write_bytes(one.der)
    good(office, "certificate", "import", str(file))
    name = one.certificate.fingerprint
    good(office, "trust", "add", name, "--fingerprint", name, "--channel", "Telefon")


def test_trust_fetch_brings_what_the_store_needs(office: Office, web: Web) -> None:
    with office.config.open("a", encoding="utf-8") as config:
        config.write(f"\n[revocation]\nprivate_hosts = {json.dumps([web.host])}\n")
    trusted(office, ROOT)
    leaf = ROOT.leaf(places=Places(crl=(web.url("/a.crl"),)))
    web.answer("/a.crl", ROOT.crl(leaf, this_update=NOT_BEFORE, next_update=NOT_AFTER))
    file = office.folder / "leaf.cer"
    file.write_bytes(leaf.der)
    good(office, "certificate", "import", str(file))
    said = good(office, "trust", "fetch")
    assert said.splitlines() == [
        f"fetched: {web.url('/a.crl')}",
        "1 certificates: 1 lists, 0 answers, 0 issuers fetched",
    ]
    shown = json.loads(good(office, "certificate", "show", leaf.fingerprint, "--json"))
    assert "revoked" in json.dumps(shown)
    again = good(office, "trust", "fetch")
    assert again == "1 certificates: 0 lists, 0 answers, 0 issuers fetched\n"


def test_the_worker_fetches_what_is_due_and_ends_when_asked(office: Office, web: Web) -> None:
    with office.config.open("a", encoding="utf-8") as config:
        config.write(f"\n[revocation]\nprivate_hosts = {json.dumps([web.host])}\n")
    trusted(office, ROOT)
    leaf = ROOT.leaf(places=Places(crl=(web.url("/a.crl"),)))
    web.answer("/a.crl", ROOT.crl(leaf, this_update=NOT_BEFORE, next_update=NOT_AFTER))
    file = office.folder / "leaf.cer"
    file.write_bytes(leaf.der)
    good(office, "certificate", "import", str(file))
    log = office.folder / "worker.log"
    command = ("--config", str(office.config), "serve", "--only", "worker")
    with Child.siegel(*command, log=log) as worker:
        worker.wait_for_words("fetched attempts=1 lists=1 answers=0 issuers=0")
        assert worker.terminate() == 0
    shown = json.loads(good(office, "certificate", "show", leaf.fingerprint, "--json"))
    assert "revoked" in json.dumps(shown)


def test_trust_fetch_obeys_the_configuration(office: Office) -> None:
    with office.config.open("a", encoding="utf-8") as config:
        config.write("\n[revocation]\nfetch = false\n")
    said = apart(office, "trust", "fetch")
    assert said.code != 0
    assert "revocation.fetch is false" in said.err


def test_lists_are_imported_by_hand(office: Office) -> None:
    office.trust_root()
    file = office.folder / "root.crl"
    file.write_bytes(WORLD.crl("root", this_update=NOT_BEFORE, next_update=NOT_AFTER))
    first = office.siegel("trust", "import-crl", str(file))
    assert first.startswith("new: ")
    assert office.siegel("trust", "import-crl", str(file)).startswith("not newer")
    strange = office.folder / "strange.crl"
    strange.write_bytes(ROOT.crl())
    said = office.ask("trust", "import-crl", str(strange))
    assert said.code != 0
    assert "no trusted authority" in said.err
    strange.write_bytes(b"garbage")
    assert office.ask("trust", "import-crl", str(strange)).code != 0
