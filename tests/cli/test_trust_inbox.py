"""``siegel trust inbox`` and ``preview``; after a decision kept mail is judged anew."""

from pathlib import Path

import pytest

from siegel.pki.certificate import parse_certificate
from tests.cli.command import Office
from tests.cli.desk import ALICE
from tests.cli.test_redeliver import hand_over
from tests.flows.office import mail, signed_bytes
from tests.peers.process import Child
from tests.world import WORLD

URSULA = WORLD.person("ursula")
ROOT = parse_certificate(WORLD.unknown_root.der)
LETTER = signed_bytes(URSULA, mail(URSULA.address, ALICE.address))


def imported(office: Office, der: bytes) -> str:
    file = office.folder / "a.cer"
    file.write_bytes(der)
    return office.siegel("certificate", "import", str(file))


def received(office: Office) -> None:
    """A letter of Ursula's, and her root in the store, which nobody has judged."""
    office.trust_root()
    office.add_person(ALICE)
    imported(office, ROOT.der)
    with office.running():
        hand_over(office.hops.inbound_port, LETTER, URSULA.address, ALICE.address)


@pytest.mark.requirement("C3", "A71")
def test_from_the_inbox_over_the_preview_to_the_decision(office: Office) -> None:
    received(office)
    (row,) = office.json("trust", "inbox")
    assert (row["sha256"], row["name"], row["times"]) == (ROOT.fingerprint, ROOT.subject, 1)
    assert row["senders"] == [URSULA.address]
    assert f"{ROOT.fingerprint[:16]}  {ROOT.subject}" in office.siegel("trust", "inbox")

    said = office.siegel("trust", "preview", ROOT.fingerprint, "--as", "trusted")
    assert f"waiting certificate would become valid, would be used: {URSULA.address}\n" in said
    assert f"from {URSULA.address}\n" in said
    elsewhere = ("--as", "trusted", "--domain", "school.example")
    assert "nothing would change\n" in office.siegel(
        "trust", "preview", ROOT.fingerprint, *elsewhere
    )
    found = office.json("trust", "preview", ROOT.fingerprint, "--as", "trusted")
    assert [one["address"] for one in found["waiting"]] == [URSULA.address]
    assert office.json("trust", "list") != [], "a preview decides nothing"
    assert office.json("trust", "inbox") == [row]

    given = ("--fingerprint", ROOT.fingerprint, "--channel", "Telefon")
    said = office.siegel("trust", "add", ROOT.fingerprint, *given)
    assert said.endswith("judged anew: 1 messages looked at, 1 changed, 0 certificates linked\n")
    assert office.json("trust", "inbox") == []
    (entry,) = office.json("journal", "--action", "message.judged_anew")
    assert (entry["detail"]["before"], entry["detail"]["summary"]) == ("unprotected", "verified")

    said = office.siegel("trust", "distrust", ROOT.fingerprint)
    assert "1 changed" in said


def test_domains_go_with_trust_alone(office: Office) -> None:
    imported(office, ROOT.der)
    said = office.ask(
        "trust", "preview", ROOT.fingerprint, "--as", "distrusted", "--domain", "a.example"
    )
    assert said.code == 2
    assert "goes with --as trusted" in said.err


def test_the_worker_judges_anew_what_a_command_left(office: Office) -> None:
    """Killed between its decision and the work, the command leaves both to the worker."""
    received(office)
    _decide_only(office.config)
    log = office.folder / "worker.log"
    command = ("--config", str(office.config), "serve", "--only", "worker")
    with Child.siegel(*command, log=log) as worker:
        worker.wait_for_words("judged anew messages=1 changed=1")
        assert worker.terminate() == 0
    assert len(office.json("journal", "--action", "message.judged_anew")) == 1


def _decide_only(config: Path) -> None:
    import subprocess
    import sys

    program = f"""
from siegel.cli.settings import now, ready
ready({str(config)!r})
from siegel.flows.deciding import trust_by_hand
mark = {ROOT.fingerprint!r}
trust_by_hand(mark, mark, channel="Telefon", why="", domains=(), by="test", at=now())
"""
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)
