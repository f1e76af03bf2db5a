"""A key comes later than the mail: what was kept is opened and delivered again, once.

Two installations: the office writes, the school receives – first without Huber's key.
"""

import smtplib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.command import Office
from tests.cli.desk import ALICE, HUBER, Desk
from tests.peers.mime import mail, text_entity

LETTER = mail(text_entity("Der Bescheid ist da.\r\n"), subject="Bescheid")
DANA = "dana@school.example"


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """What Alice's office sent to Huber: signed and encrypted."""
    with Office(tmp_path_factory.mktemp("office")) as office:
        office.trust_root()
        office.add_person(ALICE)
        office.add_certificate(HUBER)
        with office.running():
            hand_over(office.hops.outbound_port, LETTER, ALICE.address, HUBER.address)
        (message,) = delivered(office.folder / "outside", HUBER.address)
    assert b"Bescheid ist da" not in message
    return message.partition(b"\r\n")[2]  # without Return-Path


@pytest.fixture
def school(tmp_path: Path, sent: bytes) -> Iterator[Office]:
    """Huber and Dana have accounts and no key; the same letter went to both."""
    with Office(tmp_path) as school:
        school.trust_root()
        for address in (HUBER.address, DANA):
            school.siegel("account", "add", address)
        with school.running():
            hand_over(school.hops.inbound_port, sent, ALICE.address, HUBER.address, DANA)
        yield school


def hand_over(port: int, message: bytes, sender: str, *recipients: str) -> None:
    with smtplib.SMTP("127.0.0.1", port, timeout=60) as client:
        assert client.sendmail(sender, recipients, message) == {}


def delivered(folder: Path, address: str) -> list[bytes]:
    """All messages of a maildir, in the order of their arrival."""
    files = sorted((folder / address / "new").iterdir(), key=lambda file: file.stat().st_mtime_ns)
    return [file.read_bytes() for file in files]


def import_key(school: Office) -> str:
    desk = Desk(school.folder)
    return school.siegel(
        "certificate", "import", desk.p12(HUBER), "--passphrase-file", desk.passphrase
    )


@pytest.mark.requirement("A17", "A18", "A19")
def test_older_mail_is_opened_after_the_key_came_and_delivered_once(school: Office) -> None:
    inside = school.folder / "inside"
    (closed,) = delivered(inside, HUBER.address)
    assert b"application/pkcs7-mime" in closed
    assert b"X-Siegel-Summary: encrypted_unverified" in closed

    nothing = school.siegel("message", "redeliver", "--account", HUBER.address)
    assert nothing == "0 delivered, 1 still closed, 0 failed\n"

    said = import_key(school)
    command = f"siegel message redeliver --account {HUBER.address}"
    assert f"1 older messages can now be opened: {command}\n" in said

    done = school.siegel("message", "redeliver", "--account", HUBER.address)
    assert done == "1 delivered, 0 still closed, 0 failed\n"
    first, again = delivered(inside, HUBER.address)
    assert first == closed
    assert b"Der Bescheid ist da." in again
    assert b"X-Siegel-Summary: confidential\r\n" in again
    assert b"smime=pass" in again
    assert again.startswith(b"Return-Path: <>\r\n")
    assert again.count(b"Message-ID: <1@office.example>") == 1

    once = school.siegel("message", "redeliver", "--account", HUBER.address)
    assert once == "0 delivered, 0 still closed, 0 failed\n"
    assert len(delivered(inside, HUBER.address)) == 2
    assert "older messages" not in import_key(school)

    (entry,) = school.json("journal", "--action", "message.reopened")
    assert entry["recipients"] == [HUBER.address]
    assert entry["message_id"] == "<1@office.example>"
    assert entry["detail"]["summary"] == "confidential"


def test_nobody_else_gets_what_another_can_open(school: Office) -> None:
    """Decision 2: Dana received the same ciphertext; Huber's key does not open it for her."""
    import_key(school)
    closed = school.siegel("message", "redeliver", "--account", DANA)
    assert closed == "0 delivered, 1 still closed, 0 failed\n"
    assert len(delivered(school.folder / "inside", DANA)) == 1
    school.siegel("message", "redeliver", "--account", HUBER.address)
    still = school.siegel("message", "redeliver", "--account", DANA)
    assert still == "0 delivered, 1 still closed, 0 failed\n", "his judgement is not hers"


def test_the_opened_letter_teaches_the_partners_certificate(school: Office) -> None:
    import_key(school)
    school.siegel("message", "redeliver", "--account", HUBER.address)
    (row,) = school.json("certificate", "list", "--address", ALICE.address)
    assert row["source"] == "harvested"


def test_a_mailbox_that_cannot_be_written_is_75_and_nothing_is_lost(school: Office) -> None:
    import_key(school)
    mailbox = school.folder / "inside" / HUBER.address
    aside = mailbox.with_name("aside")
    mailbox.rename(aside)
    mailbox.write_bytes(b"in the way")
    failed = school.ask("message", "redeliver", "--account", HUBER.address)
    assert failed.code == 75
    assert failed.text.startswith("0 delivered, 0 still closed, 1 failed\n")
    mailbox.unlink()
    aside.rename(mailbox)
    done = school.siegel("message", "redeliver", "--account", HUBER.address)
    assert done == "1 delivered, 0 still closed, 0 failed\n"


def test_an_unknown_account_is_66(school: Office) -> None:
    said = school.ask("message", "redeliver", "--account", "x@school.example")
    assert (said.code, said.err) == (66, "siegel: no account x@school.example\n")


@pytest.mark.requirement("A83")
def test_a_backup_restored_on_an_empty_machine_opens_mail_again(
    school: Office, sent: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Database, messages and – from its own copy – the key file: more is not needed."""
    import_key(school)
    copy = tmp_path_factory.mktemp("backup") / "copy"
    said = school.siegel("store", "backup", str(copy))
    assert said == f"copied database and 1 messages to {copy}\n"
    assert not list(copy.rglob("*.key")), "the key file is never part of a backup"

    with Office(tmp_path_factory.mktemp("new machine")) as new:
        for file in new.folder.glob("siegel.db*"):
            file.unlink()
        new.close()  # the process of the old store
        (new.folder / "siegel.key").write_bytes((school.folder / "siegel.key").read_bytes())
        restored = new.siegel("store", "restore", str(copy))
        assert restored == "restored 1 messages; now: siegel config check\n"
        new.close()
        done = new.siegel("message", "redeliver", "--account", HUBER.address)
        assert done == "1 delivered, 0 still closed, 0 failed\n"
        with new.running():
            another = b"Comments: another copy\r\n" + sent
            hand_over(new.hops.inbound_port, another, ALICE.address, HUBER.address)
        opened = delivered(new.folder / "inside", HUBER.address)
        assert [b"Der Bescheid ist da." in each for each in opened] == [True, True]
