"""Delivery into maildirs, read back by the standard library's mailbox module."""

import mailbox
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from siegel.base.address import EmailAddress
from siegel.base.errors import MalformedAddress, TransportFailure
from siegel.transport.maildir import MaildirNextHop, folder_name

MESSAGE = b"Subject: hi\r\n\r\nbody \xe4\0\r\n"


def test_each_recipient_has_a_maildir(tmp_path: Path) -> None:
    hop = MaildirNextHop(tmp_path)
    receipt = hop.submit(
        "alice@example.org", ("Bob@Example.com", "eve@example.com"), [MESSAGE[:9], MESSAGE[9:]]
    )
    assert receipt.accepted == ("Bob@Example.com", "eve@example.com")
    for address in ("bob@example.com", "eve@example.com"):
        box = mailbox.Maildir(tmp_path / address, create=False)
        (stored,) = [box.get_bytes(key) for key in box.iterkeys()]
        assert stored.startswith(b"Return-Path: <alice@example.org>\r\n")
        (file,) = (tmp_path / address / "new").iterdir()
        assert file.read_bytes() == b"Return-Path: <alice@example.org>\r\n" + MESSAGE
        assert not list((tmp_path / address / "tmp").iterdir())
        box.close()


def test_the_null_sender_is_an_empty_return_path(tmp_path: Path) -> None:
    MaildirNextHop(tmp_path).submit("", ("bob@example.com",), [MESSAGE])
    (file,) = (tmp_path / "bob@example.com" / "new").iterdir()
    assert file.read_bytes().startswith(b"Return-Path: <>\r\n")


def test_many_messages_never_share_a_name(tmp_path: Path) -> None:
    hop = MaildirNextHop(tmp_path)
    for _ in range(50):
        hop.submit("", ("bob@example.com",), [MESSAGE])
    assert len(list((tmp_path / "bob@example.com" / "new").iterdir())) == 50


def test_an_unknown_mailbox_is_refused_alone(tmp_path: Path) -> None:
    bob = EmailAddress.parse("bob@example.com")
    hop = MaildirNextHop(tmp_path, known=lambda address: address == bob)
    receipt = hop.submit("", ("BOB@example.com", "eve@example.com", "no address"), [MESSAGE])
    assert receipt.accepted == ("BOB@example.com",)
    assert receipt.refused["eve@example.com"].enhanced == "5.1.1"
    assert receipt.refused["no address"].enhanced == "5.1.3"
    assert all(r.permanent for r in receipt.refused.values())
    assert [path.name for path in tmp_path.iterdir()] == ["bob@example.com"]


def test_a_mailbox_that_cannot_be_written_is_temporary(tmp_path: Path) -> None:
    (tmp_path / "bob@example.com").write_text("in the way")
    hop = MaildirNextHop(tmp_path)
    receipt = hop.submit("", ("bob@example.com", "eve@example.com"), [MESSAGE])
    assert receipt.accepted == ("eve@example.com",)
    assert not receipt.refused["bob@example.com"].permanent
    with pytest.raises(TransportFailure) as failure:
        hop.submit("", ("bob@example.com",), [MESSAGE])
    assert failure.value.temporary


def test_a_failure_leaves_nothing_half_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(TransportFailure):
        MaildirNextHop(tmp_path).submit("", ("bob@example.com",), [MESSAGE])
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize(
    "address",
    [
        '"../../etc/passwd"@x.example',
        '"..//.."@x.example',
        "/etc/passwd@x.example",
        '"."@x.example',
        '"a\\\\b"@x.example',
        "ü@bücher.example",
        "a" * 64 + "@" + "b" * 60 + ".example",
        '"' + " " * 62 + '"@x.example',
    ],
    ids=ascii,
)
def test_no_address_leads_out_of_the_folder(tmp_path: Path, address: str) -> None:
    receipt = MaildirNextHop(tmp_path / "boxes").submit("", (address,), [MESSAGE])
    assert receipt.accepted == (address,)
    (box,) = (tmp_path / "boxes").iterdir()
    assert sorted(path.name for path in box.iterdir()) == ["cur", "new", "tmp"]
    assert [path.name for path in tmp_path.iterdir()] == ["boxes"]


@given(st.text(max_size=70), st.text(max_size=70))
def test_folder_names_are_safe_and_never_shared(one: str, other: str) -> None:
    addresses = []
    for local in (one, other):
        try:
            addresses.append(EmailAddress.parse(f'"{local}"@x.example'))
        except MalformedAddress:
            return
    names = [folder_name(address) for address in addresses]
    assert (names[0] == names[1]) == (addresses[0] == addresses[1])
    for name in names:
        assert "/" not in name
        assert not name.startswith(".")
        assert len(name.encode()) <= 255
