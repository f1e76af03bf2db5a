"""The demo, run as a person runs it; what it left on disk is judged by OpenSSL, not by itself."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

from siegel.policy.message_state import MessageState
from tests.peers.process import Child, port_open
from tests.peers.programs import PeerError, must, program

pytestmark = pytest.mark.slow

ANNA, HUBER, UNKNOWN = "anna@office.example", "frau.huber@school.example", "herr.neu@verein.example"
SECONDS = 900  # a loaded machine; alone it takes ten


@dataclass(frozen=True)
class Ran:
    """A folder of the demo after its exchange."""

    folder: Path

    @cached_property
    def journal(self) -> list[dict[str, Any]]:
        """The whole journal, the oldest first."""
        said = siegel("--config", str(self.folder / "siegel.toml"), "journal", "--json")
        rows: list[dict[str, Any]] = json.loads(said.stdout)
        return rows[::-1]

    def mailbox(self, place: str, address: str) -> list[bytes]:
        """Messages in the order of their arrival."""
        files = (self.folder / "mail" / place / address).glob("new/*")
        return [f.read_bytes() for f in sorted(files, key=lambda f: f.stat().st_mtime_ns)]

    def entries(self, start: str) -> list[dict[str, Any]]:
        return [entry for entry in self.journal if entry["action"].startswith(start)]

    def verified(self, message: bytes, root: str) -> str:
        """The signed text, if OpenSSL accepts the signature below that root; and the signer."""
        signer = self.folder / "checked.pem"
        trust = ["-CAfile", str(self.folder / root / "authority.pem"), "-no-CApath", "-no-CAstore"]
        content = self._cms("-verify", message, *trust, "-signer", str(signer))
        names = must([program("openssl"), "x509", "-in", str(signer), "-noout", "-email"])
        return names.decode() + content.decode("utf-8", "replace")

    def decrypted(self, message: bytes) -> bytes:
        """With Frau Huber's key, which lies in her folder."""
        mine = self.folder / "partner"
        key = ["-recip", str(mine / "frau.huber.pem"), "-inkey", str(mine / "frau.huber.key")]
        return self._cms("-decrypt", message, *key)

    def _cms(self, verb: str, message: bytes, *options: str) -> bytes:
        given, out = self.folder / "given", self.folder / "out"
        given.write_bytes(message)
        must([program("openssl"), "cms", verb, "-in", str(given), "-out", str(out), *options])
        return out.read_bytes()


def siegel(
    *words: str, env: Mapping[str, str] | None = None
) -> "subprocess.CompletedProcess[bytes]":
    return subprocess.run(
        [sys.executable, "-m", "siegel", *words],
        capture_output=True,
        timeout=SECONDS,
        env={**os.environ, **(env or {})},
        check=False,
    )


def parsed(message: bytes) -> EmailMessage:
    found = message_from_bytes(message, policy=policy.default)
    assert isinstance(found, EmailMessage)
    return found


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    folder = tmp_path_factory.mktemp("demo") / "office"
    done = siegel("demo", "--dir", str(folder), "--stop-after-exchange")
    assert done.returncode == 0, done.stdout + done.stderr
    return Ran(folder)


@pytest.mark.requirement("A46", "A48", "A49", "A52", "A75")
def test_the_first_mail_leaves_signed_because_the_partner_has_no_certificate(ran: Ran) -> None:
    first = ran.mailbox("outside", HUBER)[0]
    assert parsed(first).get_content_type() == "multipart/signed"
    found = ran.verified(first, "office")
    assert found.startswith(ANNA)
    assert "18 Uhr" in found
    entry = ran.entries("outbound.")[0]
    assert entry["action"] == "outbound.sign"
    assert entry["reasons"] == ["recipient_without_certificate"]
    assert entry["detail"]["recipients"] == {HUBER: ["no_certificate"]}


@pytest.mark.requirement("A21", "A36", "A44", "A62", "A71", "A79")
def test_a_signature_below_an_unknown_authority_counts_only_after_somebody_trusted_it(
    ran: Ran,
) -> None:
    untrusted, trusted = ran.mailbox("inside", ANNA)[:2]
    for message in (untrusted, trusted):
        assert ran.verified(message, "partner").startswith(HUBER)  # delivered unbroken
    assert parsed(untrusted)["X-Siegel-Summary"] == "unprotected"
    assert "smime=policy" in parsed(untrusted)["Authentication-Results"]
    assert parsed(trusted)["X-Siegel-Summary"] == "verified"
    assert "smime=pass" in parsed(trusted)["Authentication-Results"]
    actions = [entry["action"] for entry in ran.journal]
    order = [
        "inbound.unprotected", "trust.trusted", "certificate.harvested", "message.judged_anew",
        "inbound.verified",
    ]  # fmt: skip
    after = actions[actions.index("inbound.unprotected") :]
    assert [action for action in after if action in order][: len(order)] == order
    assert ran.entries("certificate.harvested")[0]["about"] == HUBER


@pytest.mark.requirement("A14", "A15", "A80")
def test_the_answer_leaves_signed_and_encrypted_and_the_partner_can_read_it(ran: Ran) -> None:
    answer = ran.mailbox("outside", HUBER)[1]
    assert parsed(answer).get_content_type() == "application/pkcs7-mime"
    assert parsed(answer).get_param("smime-type") == "enveloped-data"
    assert b"Dora" not in answer
    inner = ran.decrypted(answer)
    found = ran.verified(inner, "office")
    assert found.startswith(ANNA)
    assert "Ada, Bruno, Cem, Dora" in found
    entry = ran.entries("outbound.sign_and_encrypt")[0]
    assert entry["reasons"] == ["every_recipient_has_a_certificate"]
    assert entry["recipients"] == [HUBER]


@pytest.mark.requirement("A65", "B20")
def test_an_encrypted_answer_arrives_opened_and_marked(ran: Ran) -> None:
    opened = parsed(ran.mailbox("inside", ANNA)[2])
    assert opened["Subject"] == "[Vertraulich] Re: Die Liste"
    assert "Das bleibt unter uns." in opened.get_content()
    assert opened["X-Siegel-Summary"] == "confidential"
    assert "smime=pass" in opened["Authentication-Results"]
    assert f"body.smime-identifier={HUBER}" in opened["Authentication-Results"]
    entry = ran.entries("inbound.confidential")[0]
    assert entry["reasons"] == ["encrypted", "signature_counts"]


@pytest.mark.requirement("A58", "C2")
def test_one_recipient_without_a_certificate_means_signed_for_both(ran: Ran) -> None:
    (unknown,) = ran.mailbox("outside", UNKNOWN)
    huber = ran.mailbox("outside", HUBER)[2]
    for message in (unknown, huber):
        assert parsed(message).get_content_type() == "multipart/signed"
        assert ran.verified(message, "office").startswith(ANNA)
    entry = ran.entries("outbound.")[2]
    assert entry["action"] == "outbound.sign"
    assert entry["detail"]["recipients"] == {HUBER: [], UNKNOWN: ["no_certificate"]}


@pytest.mark.requirement("B6", "C2")
def test_encryption_that_was_asked_for_and_is_impossible_is_refused(ran: Ran) -> None:
    entry = ran.entries("outbound.")[3]
    assert entry["action"] == "outbound.refused"
    assert entry["reasons"] == ["recipient_without_certificate", "wish_of_the_writer"]
    assert len(ran.mailbox("outside", UNKNOWN)) == 1  # of the fifth step; nothing came after it
    last = json.loads((ran.folder / "exchange.json").read_text("utf-8"))[-1]
    assert last["message_id"] == entry["message_id"]
    assert last["answer"][0].startswith("550 5.7.1 ")
    assert f"(journal {entry['number']})" in last["answer"][0]
    assert any(UNKNOWN in line for line in last["answer"])


def test_whoever_changes_a_delivered_mail_breaks_its_signature(ran: Ran) -> None:
    """The checks above can fail: the same files, with one word changed, do."""
    first = ran.mailbox("outside", HUBER)[0]
    with pytest.raises(PeerError):
        ran.verified(first.replace(b"18 Uhr", b"19 Uhr"), "office")
    with pytest.raises(PeerError):
        ran.verified(first, "partner")


@pytest.mark.requirement("A57", "A79")
def test_the_inbox_on_the_pages_has_mail_of_every_state(ran: Ran) -> None:
    with closing(sqlite3.connect(ran.folder / "data" / "siegel.db")) as store:
        rows = store.execute("select state, outgoing from store_mailitem").fetchall()
    assert {state for state, _ in rows} == {each.value for each in MessageState}
    assert all(not outgoing or state == "confidential" for state, outgoing in rows)


def test_nothing_of_the_pages_mail_is_handed_on(ran: Ran) -> None:
    """Mailboxes that lie here get no second copy in a folder."""
    assert {folder.name for folder in (ran.folder / "mail" / "inside").iterdir()} == {
        ANNA,
        "ben@office.example",
    }


def test_a_second_run_goes_on_with_the_folder_and_sends_nothing_again(ran: Ran) -> None:
    before = len(ran.mailbox("outside", HUBER))
    again = siegel("demo", "--dir", str(ran.folder), "--stop-after-exchange")
    assert again.returncode == 0, again.stderr
    assert b"--fresh" in again.stdout
    assert len(ran.mailbox("outside", HUBER)) == before


def test_a_folder_that_is_not_the_demos_is_not_touched(tmp_path: Path) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text("mine")
    for how in ("--keep", "--fresh"):
        refused = siegel("demo", "--dir", str(tmp_path), "--stop-after-exchange", how)
        assert refused.returncode == 78
        assert list(tmp_path.iterdir()) == [letter]


def test_without_openssl_the_engine_plays_the_partner_and_the_demo_runs_until_it_is_asked_to_end(
    tmp_path: Path,
) -> None:
    folder, nothing = tmp_path / "office", tmp_path / "nothing"
    nothing.mkdir()
    child = Child.siegel(
        "demo", "--dir", str(folder), log=tmp_path / "log", env={"PATH": str(nothing)}
    )
    with child:
        child.wait_for_words("until you press Ctrl-C", patience=SECONDS)
        assert "the engine of siegel itself" in child.said
        ports = [
            int(line.rpartition(":")[2].rstrip('"'))
            for line in (folder / "siegel.toml").read_text("utf-8").splitlines()
            if line.startswith("listen")
        ]
        assert all(port_open(port) for port in ports)
        os.kill(child.pid, signal.SIGINT)
        assert child.wait() == 0, child.said
    assert not any(port_open(port) for port in ports)
    assert "Traceback" not in (folder / "siegel.log").read_text("utf-8")


def test_the_pages_say_what_they_are_and_somebody_can_sign_in(ran: Ran) -> None:
    configuration = str(ran.folder / "siegel.toml")
    people = siegel("--config", configuration, "admin", "list", "--json")
    assert [one["email"] for one in json.loads(people.stdout)] == [
        "helga@office.example",
        "kim@office.example",
    ]
    assert "demo = true" in Path(configuration).read_text("utf-8")
    assert (ran.folder / "office" / "password.txt").read_text("utf-8").strip()


def test_the_tour_has_a_file_of_an_authority_that_nobody_here_knows(ran: Ran) -> None:
    tour = json.loads((ran.folder / "data" / "tour" / "tour.json").read_text("utf-8"))
    file = ran.folder / "data" / "tour" / tour["file"]
    shown = must([program("openssl"), "pkcs12", "-in", str(file), "-passin",
                  f"pass:{tour['passphrase']}", "-nokeys", "-cacerts"])  # fmt: skip
    assert b"Landkreis Musterthal" in shown
    accounts = siegel("--config", str(ran.folder / "siegel.toml"), "account", "list", "--json")
    assert tour["sender"] in [one["address"] for one in json.loads(accounts.stdout)]
