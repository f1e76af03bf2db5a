"""Our delivery status notifications, read by the standard library; never a loop, never a body."""

import datetime
import email
import email.policy
from email.message import EmailMessage

import pytest

from siegel.transport.dsn import FailedRecipient, failure_report, may_be_reported
from siegel.transport.envelope import (
    Envelope,
    MailOptions,
    Notify,
    RecipientOptions,
    Role,
)

AT = datetime.datetime(2026, 11, 21, 12, 0, tzinfo=datetime.UTC)
HEADER = (
    b"From: alice@example.org\r\nTo: bob@example.com\r\nBcc: eve@example.com\r\n"
    b"Subject: hello\r\nMessage-ID: <1@example.org>\r\n"
)
BOB = FailedRecipient(address="bob@example.com", enhanced="5.1.1", text="no such user")


def envelope(
    sender: str = "alice@example.org",
    recipient_options: dict[str, RecipientOptions] | None = None,
    envid: str | None = None,
) -> Envelope:
    return Envelope(
        role=Role.OUTBOUND,
        sender=sender,
        recipients=("bob@example.com",),
        options=MailOptions(envid=envid),
        recipient_options=recipient_options or {},
    )


def report(
    about: Envelope,
    *failures: FailedRecipient,
    header: bytes = HEADER,
    introduction: str = "Not delivered.\r\n",
) -> EmailMessage | None:
    raw = failure_report(
        about,
        failures or (BOB,),
        header,
        hostname="gw.example.org",
        at=AT,
        rng=lambda size: bytes(range(size)),
        introduction=introduction,
    )
    if raw is None:
        return None
    assert raw.isascii()
    assert raw.count(b"\n") == raw.count(b"\r\n") == raw.count(b"\r")
    assert all(len(line) <= 998 for line in raw.split(b"\r\n"))
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    assert not message.defects
    return message


def parts(message: EmailMessage | None) -> list[EmailMessage]:
    assert message is not None
    found = [part for part in message.iter_parts() if isinstance(part, EmailMessage)]
    assert len(found) == 3
    return found


def test_a_report_is_a_multipart_report() -> None:
    message = report(envelope())
    assert message is not None
    assert message.get_content_type() == "multipart/report"
    assert message.get_param("report-type") == "delivery-status"
    assert message["To"] == "alice@example.org"
    assert message["Auto-Submitted"] == "auto-replied"
    assert message["Date"] == "Sat, 21 Nov 2026 12:00:00 +0000"
    text, status, header = parts(message)
    assert "bob@example.com: no such user" in text.get_content()
    assert status.get_content_type() == "message/delivery-status"
    about, bob = status.iter_parts()
    assert about["Reporting-MTA"] == "dns; gw.example.org"
    assert bob["Final-Recipient"] == "rfc822; bob@example.com"
    assert bob["Action"] == "failed"
    assert bob["Status"] == "5.1.1"
    assert "no such user" in bob["Diagnostic-Code"]
    assert header.get_content_type() == "text/rfc822-headers"


def test_only_the_header_is_returned_and_no_bcc() -> None:
    _, _, header = parts(report(envelope(), header=HEADER + b"\r\nsecret body\r\n"))
    returned = header.get_payload(decode=True)
    assert isinstance(returned, bytes)
    assert b"Message-ID: <1@example.org>" in returned
    assert b"secret" not in returned
    assert b"eve@" not in returned


@pytest.mark.parametrize(
    ("sender", "header", "allowed"),
    [
        ("alice@example.org", HEADER, True),
        ("", HEADER, False),
        ("alice@example.org", b"Auto-Submitted: auto-replied\r\n", False),
        ("alice@example.org", b"AUTO-SUBMITTED : auto-generated (x)\r\n", False),
        ("alice@example.org", b"Auto-Submitted: auto-notified; owner=x\r\n", False),
        ("alice@example.org", b"Auto-Submitted: (yes) No (really)\r\n", True),
    ],
    ids=["ok/person", "fail/null", "fail/replied", "fail/spelling", "fail/notified", "ok/no"],
)
def test_machines_are_not_answered(sender: str, header: bytes, allowed: bool) -> None:
    assert may_be_reported(envelope(sender), header) is allowed
    assert (report(envelope(sender), header=header) is not None) is allowed


def test_a_report_about_a_report_is_impossible() -> None:
    raw = failure_report(
        envelope(), [BOB], HEADER, hostname="gw.example.org", at=AT, rng=lambda size: bytes(size)
    )
    assert raw is not None
    assert report(envelope(""), header=raw) is None
    assert report(envelope("alice@example.org"), header=raw) is None


@pytest.mark.parametrize(
    ("notify", "reported"),
    [
        pytest.param((), True, id="ok/no-wish"),
        pytest.param((Notify.FAILURE,), True, id="ok/failure"),
        pytest.param((Notify.FAILURE, Notify.DELAY), True, id="ok/failure-and-delay"),
        pytest.param((Notify.NEVER,), False, id="fail/never"),
        pytest.param((Notify.SUCCESS,), False, id="fail/success"),
    ],
)
def test_notify_is_obeyed(notify: tuple[Notify, ...], reported: bool) -> None:
    wishes = RecipientOptions(notify=frozenset(notify))
    about = envelope(recipient_options={"bob@example.com": wishes})
    assert (report(about) is not None) is reported


def test_wishes_of_the_client_are_returned() -> None:
    options = {"bob@example.com": RecipientOptions(orcpt="rfc822;Bob+2Bx@example.com")}
    _, status, _ = parts(report(envelope(recipient_options=options, envid="Q+2Bq")))
    about, bob = status.iter_parts()
    assert about["Original-Envelope-Id"] == "Q+q"
    assert bob["Original-Recipient"] == "rfc822; Bob+x@example.com"


def test_hostile_words_stay_in_their_place() -> None:
    failure = FailedRecipient(
        address="bob@example.com", enhanced="5.1.1\r\nX: y", text="no\r\n\r\n--x\r\nStatus: 2.0.0"
    )
    options = {"bob@example.com": RecipientOptions(orcpt="rfc822;a+0D+0AStatus:+202.0.0")}
    _, status, _ = parts(report(envelope(recipient_options=options, envid="a+0D+0AX:y"), failure))
    about, bob = status.iter_parts()
    assert about.keys() == ["Reporting-MTA", "Original-Envelope-Id"]
    assert bob.get_all("Status") == ["5.1.1 X: y"]
    assert "X" not in bob


def test_international_mail_is_reported_in_seven_bits() -> None:
    failure = FailedRecipient(address="jürgen@bücher.example", enhanced="5.6.7", text="für später")
    text, status, header = parts(
        report(
            envelope("ü@example.org"),
            failure,
            header="Subject: Grüße\r\nFrom: ü@example.org\r\n".encode(),
            introduction="Nicht zugestellt – für später\r\n",
        )
    )
    assert "Nicht zugestellt – für später" in text.get_content()
    _, recipient = status.iter_parts()
    assert recipient["Final-Recipient"] == r"utf-8; j\x{FC}rgen@b\x{FC}cher.example"
    assert header.get_payload(decode=True) == "Subject: Grüße\r\nFrom: ü@example.org\r\n".encode()


def test_a_huge_header_is_cut() -> None:
    _, _, header = parts(report(envelope(), header=HEADER + b"X: y\r\n" * 100_000))
    returned = header.get_payload(decode=True)
    assert isinstance(returned, bytes)
    assert len(returned) <= 32 * 1024
