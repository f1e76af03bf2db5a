"""The SMTP client against every kind of next hop: a true result for each recipient or none."""

import socket
import ssl
import threading
import time
from collections.abc import Mapping

import pytest

from siegel.base.errors import MalformedAddress, MalformedMessage, TransportFailure
from siegel.transport.envelope import Body, MailOptions, Notify, RecipientOptions, Ret
from siegel.transport.gateway import TlsFiles
from siegel.transport.smtp_dialogue import Patience
from siegel.transport.submission import NO_OPTIONS, Receipt, SmtpNextHop, StartTls
from tests.gateway.conftest import trusting
from tests.gateway.nexthop import ALL_EXTENSIONS, DROP, ENDLESS, SILENCE, RecordingNextHop

QUICK = Patience(connect=0.5, command=0.5, block=0.5, final=0.5)
THREE = ("a@x.example", "b@x.example", "c@x.example")
MESSAGE = b"Subject: x\r\n\r\nhello\r\n"


def submit(
    hop: RecordingNextHop,
    *,
    recipients: tuple[str, ...] = THREE,
    message: bytes = MESSAGE,
    sender: str = "alice@example.org",
    options: MailOptions = NO_OPTIONS,
    recipient_options: Mapping[str, RecipientOptions] | None = None,
    starttls: StartTls = StartTls.NONE,
    tls_context: ssl.SSLContext | None = None,
) -> Receipt:
    client = SmtpNextHop(
        hop.host,
        hop.port,
        local_hostname="gw.example.org",
        patience=QUICK,
        starttls=starttls,
        tls_context=tls_context,
    )
    return client.submit(
        sender,
        recipients,
        [message],
        options=options,
        recipient_options=recipient_options or {},
    )


def test_all_are_accepted() -> None:
    with RecordingNextHop() as hop:
        receipt = submit(hop)
    assert receipt == Receipt(accepted=THREE, refused={})
    assert hop.deliveries[0].greeting == "EHLO gw.example.org"
    assert hop.deliveries[0].recipients == THREE
    assert hop.commands[-1] == "QUIT"


def test_some_recipients_are_refused_and_the_others_served() -> None:
    answers = {
        "RCPT a@x.example": "550 5.1.1 no such user",
        "RCPT b@x.example": "452-4.2.2 the box\r\n452 4.2.2 is full",
    }
    with RecordingNextHop(answers=answers) as hop:
        receipt = submit(hop)
    assert receipt.accepted == ("c@x.example",)
    assert hop.deliveries[0].recipients == ("c@x.example",)
    gone, full = receipt.refused["a@x.example"], receipt.refused["b@x.example"]
    assert (gone.code, gone.enhanced, gone.text, gone.permanent) == (
        550,
        "5.1.1",
        "no such user",
        True,
    )
    assert (full.code, full.enhanced, full.permanent) == (452, "4.2.2", False)


@pytest.mark.parametrize(
    ("stage", "reply", "permanent", "enhanced"),
    [
        ("MAIL", "550 5.7.1 not you", True, "5.7.1"),
        ("MAIL", "451 later", False, "4.0.0"),
        ("RCPT", "550 5.1.1 nobody", True, "5.1.1"),
        ("RCPT", "450 4.2.0 greylisted", False, "4.2.0"),
        ("DATA", "554 5.5.1 no", True, "5.5.1"),
        ("DATA", "421 4.3.2 closing", False, "4.3.2"),
        ("DATA", "250 what", False, "4.5.0"),
        ("END", "554 5.6.0 spam", True, "5.6.0"),
        ("END", "452 4.3.1 disk full", False, "4.3.1"),
        ("END", "354 what", False, "4.5.0"),
        ("END", "550 4.9.9 mixed up", True, "5.0.0"),
    ],
)
def test_a_refusal_counts_for_every_recipient(
    stage: str, reply: str, permanent: bool, enhanced: str
) -> None:
    with RecordingNextHop(answers={stage: reply}) as hop:
        receipt = submit(hop)
    assert receipt.accepted == ()
    assert set(receipt.refused) == set(THREE)
    assert {(r.permanent, r.enhanced) for r in receipt.refused.values()} == {(permanent, enhanced)}
    assert hop.deliveries == [] or stage == "END"


@pytest.mark.parametrize("behaviour", [DROP, SILENCE, ENDLESS], ids=["drop", "silence", "endless"])
@pytest.mark.parametrize("stage", ["BANNER", "EHLO", "MAIL", "RCPT", "DATA", "END"])
def test_no_answer_is_a_temporary_failure(stage: str, behaviour: object) -> None:
    answers = {stage: behaviour, "HELO": behaviour}
    with RecordingNextHop(answers=answers) as hop, pytest.raises(TransportFailure) as failure:
        submit(hop)
    assert failure.value.temporary
    assert failure.value.params["unclear"] is (stage == "END")


@pytest.mark.parametrize(
    "garbage",
    [
        b"HTTP/1.1 400 Bad Request\r\n",
        b"\0\xff\xfe\r\n",
        b"2\r\n",
        b"999 no\r\n",
        b"250\xa0ok\r\n",
        b"\r\n",
        b"250 " + b"x" * 100_000 + b"\r\n",
        b"250-a\r\n" * 1000,
        b"250 no line end",
    ],
    ids=lambda octets: repr(octets[:12]),
)
@pytest.mark.parametrize("stage", ["BANNER", "MAIL", "END"])
def test_a_garbage_reply_is_a_temporary_failure(stage: str, garbage: bytes) -> None:
    with RecordingNextHop(answers={stage: garbage}) as hop:
        with pytest.raises(TransportFailure) as failure:
            submit(hop)
        assert failure.value.temporary


def test_a_long_reply_is_read_and_cut() -> None:
    reply = "\r\n".join([f"550-5.7.1 {'x' * 300}"] * 50 + ["550 5.7.1 end\x07"])
    with RecordingNextHop(answers={"MAIL": reply}) as hop:
        receipt = submit(hop)
    text = receipt.refused["a@x.example"].text
    assert len(text) <= 500
    assert text.isprintable()


@pytest.mark.parametrize("banner", ["554 5.7.1 no service", "421 4.3.2 closing", "250 odd"])
def test_a_server_that_does_not_serve_is_temporary(banner: str) -> None:
    with RecordingNextHop(answers={"BANNER": banner}) as hop:
        with pytest.raises(TransportFailure) as failure:
            submit(hop)
        assert failure.value.temporary


def test_nobody_listening_is_temporary() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(TransportFailure) as failure:
        SmtpNextHop("127.0.0.1", port, local_hostname="x").submit("", ("a@b.example",), [b""])
    assert failure.value.temporary


def test_a_server_that_goes_away_in_the_text_is_temporary() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.sendall(b"220 x\r\n250 x\r\n250 ok\r\n250 ok\r\n354 go on\r\n")
                connection.recv(65536)
                time.sleep(0.2)

        thread = threading.Thread(target=serve)
        thread.start()
        client = SmtpNextHop(
            "127.0.0.1", listener.getsockname()[1], local_hostname="x", patience=QUICK
        )
        with pytest.raises(TransportFailure) as failure:
            client.submit("", ("a@b.example",), [b"x" * 78 + b"\r\n"] * 200_000)
        thread.join()
    assert failure.value.temporary


def test_a_quit_that_is_never_answered_changes_nothing() -> None:
    with RecordingNextHop(answers={"QUIT": DROP}) as hop:
        assert submit(hop).accepted == THREE


def test_helo_is_tried_where_ehlo_is_not_known() -> None:
    with RecordingNextHop(answers={"EHLO": "502 what"}, extensions=()) as hop:
        assert submit(hop).accepted == THREE
    assert hop.deliveries[0].greeting == "HELO gw.example.org"
    assert hop.deliveries[0].mail_parameters == ()


# What the next hop must offer


def without(*names: str) -> tuple[str, ...]:
    return tuple(e for e in ALL_EXTENSIONS if e.split()[0] not in names)


def test_8_bit_mail_is_never_sent_where_it_would_be_converted() -> None:
    with RecordingNextHop(extensions=without("8BITMIME")) as hop:
        receipt = submit(hop, message=b"\r\n\xe4\r\n")
    assert {(r.enhanced, r.permanent) for r in receipt.refused.values()} == {("5.6.3", True)}
    assert not any(command.startswith("MAIL") for command in hop.commands)


def test_8bitmime_is_asked_for_when_needed() -> None:
    with RecordingNextHop() as hop:
        submit(hop, message=b"\r\n\xe4\r\n")
        submit(hop, options=MailOptions(body=Body.EIGHT_BIT))
        submit(hop, options=MailOptions(body=Body.SEVEN_BIT))
        submit(hop)
    said = [{p for p in d.mail_parameters if "BODY" in p} for d in hop.deliveries]
    assert said == [{"BODY=8BITMIME"}, {"BODY=8BITMIME"}, {"BODY=7BIT"}, set()]


def test_smtputf8_is_asked_for_only_when_needed() -> None:
    """Dovecot's LMTP has none: a needless wish would bounce ordinary mail."""
    header = "Subject: ü\r\n\r\n".encode()
    with RecordingNextHop() as hop:
        submit(hop, options=MailOptions(smtputf8=True))
        submit(hop, message=header)
        submit(hop, message=header, options=MailOptions(smtputf8=True))
        submit(hop, sender="jürgen@example.org")
        submit(hop, recipients=("a@x.example", "ü@x.example"))
    assert ["SMTPUTF8" in d.mail_parameters for d in hop.deliveries] == [
        False,
        False,
        True,
        True,
        True,
    ]


@pytest.mark.parametrize(
    ("sender", "message", "smtputf8"),
    [("jürgen@example.org", MESSAGE, False), ("a@x.example", "Subject: ü\r\n".encode(), True)],
    ids=["sender", "header"],
)
def test_international_mail_is_refused_where_smtputf8_is_missing(
    sender: str, message: bytes, smtputf8: bool
) -> None:
    with RecordingNextHop(extensions=without("SMTPUTF8")) as hop:
        receipt = submit(
            hop, sender=sender, message=message, options=MailOptions(smtputf8=smtputf8)
        )
    assert {(r.enhanced, r.permanent) for r in receipt.refused.values()} == {("5.6.7", True)}


def test_an_international_recipient_alone_is_refused_where_smtputf8_is_missing() -> None:
    with RecordingNextHop(extensions=without("SMTPUTF8")) as hop:
        receipt = submit(hop, recipients=("a@x.example", "ü@x.example"))
    assert receipt.accepted == ("a@x.example",)
    assert receipt.refused["ü@x.example"].enhanced == "5.6.7"
    assert "SMTPUTF8" not in hop.deliveries[0].mail_parameters


def test_a_message_too_big_for_the_next_hop_is_not_sent() -> None:
    with RecordingNextHop(extensions=("SIZE 10",)) as hop:
        receipt = submit(hop)
    assert {r.enhanced for r in receipt.refused.values()} == {"5.3.4"}
    assert "DATA" not in hop.commands


def test_dsn_wishes_are_passed_on_where_offered_and_dropped_elsewhere() -> None:
    options = MailOptions(ret=Ret.HEADERS, envid="Qq+2B")
    bob = RecipientOptions(
        notify=frozenset({Notify.FAILURE, Notify.SUCCESS}), orcpt="rfc822;b+2Bb@x.example"
    )
    with RecordingNextHop() as hop, RecordingNextHop(extensions=without("DSN")) as plain:
        for server in (hop, plain):
            submit(server, options=options, recipient_options={"b@x.example": bob})
    (delivery,) = hop.deliveries
    assert {"RET=HDRS", "ENVID=Qq+2B"} <= set(delivery.mail_parameters)
    assert delivery.rcpt_parameters["b@x.example"] == (
        "NOTIFY=SUCCESS,FAILURE",
        "ORCPT=rfc822;b+2Bb@x.example",
    )
    assert delivery.rcpt_parameters["a@x.example"] == ()
    assert not any("=" in p and "SIZE" not in p for p in plain.deliveries[0].mail_parameters)
    assert set(plain.deliveries[0].rcpt_parameters.values()) == {()}


# What is never sent


@pytest.mark.parametrize("message", [b"a\nb\r\n", b"a\rb\r\n", b"\r\n\n.\n", b"x\r"], ids=repr)
def test_a_bare_cr_or_lf_is_never_passed_on(message: bytes) -> None:
    with RecordingNextHop() as hop, pytest.raises(MalformedMessage):
        submit(hop, message=message)
    assert hop.connections == 0


@pytest.mark.parametrize(
    "address",
    [
        "a@b.example>\r\nDATA",
        "a@b.example> SIZE=1",
        "a b@c.example",
        "a@b@c.example",
        "",
        "a@b.example\0",
        "\ud800@x.example",
        "x" * 400 + "@x.example",
        "a",
    ],
    ids=lambda address: ascii(address[:20]),
)
def test_an_address_cannot_carry_a_command(address: str) -> None:
    with RecordingNextHop() as hop, pytest.raises(MalformedAddress):
        submit(hop, recipients=("a@b.example", address))
    assert hop.connections == 0


def test_a_missing_last_line_end_is_added() -> None:
    with RecordingNextHop() as hop:
        submit(hop, message=b"\r\nno end")
    assert hop.contents == [b"\r\nno end\r\n"]


def test_a_recipient_named_twice_is_asked_for_once() -> None:
    with RecordingNextHop() as hop:
        receipt = submit(hop, recipients=("a@x.example", "a@x.example"))
    assert receipt.accepted == ("a@x.example",)
    assert hop.deliveries[0].recipients == ("a@x.example",)


# TLS


def test_required_tls_is_verified_and_used(server_tls: ssl.SSLContext, tls_files: TlsFiles) -> None:
    with RecordingNextHop(tls=server_tls) as hop:
        submit(hop, starttls=StartTls.REQUIRED, tls_context=trusting(tls_files.certificate))
        with pytest.raises(TransportFailure):
            submit(hop, starttls=StartTls.REQUIRED)
    assert [delivery.tls for delivery in hop.deliveries] == [True]


def test_required_tls_that_is_not_offered_sends_nothing() -> None:
    with RecordingNextHop() as hop:
        with pytest.raises(TransportFailure) as failure:
            submit(hop, starttls=StartTls.REQUIRED)
        assert failure.value.temporary
    assert not any(command.startswith("MAIL") for command in hop.commands)


def test_required_tls_that_is_refused_sends_nothing(server_tls: ssl.SSLContext) -> None:
    refusing = RecordingNextHop(tls=server_tls, answers={"STARTTLS": "454 4.7.0 not now"})
    with refusing as hop, pytest.raises(TransportFailure):
        submit(hop, starttls=StartTls.REQUIRED)
    assert not any(command.startswith("MAIL") for command in hop.commands)


def test_opportunistic_tls_takes_what_there_is(server_tls: ssl.SSLContext) -> None:
    with RecordingNextHop(tls=server_tls) as hop, RecordingNextHop() as plain:
        submit(hop, starttls=StartTls.OPPORTUNISTIC)
        submit(plain, starttls=StartTls.OPPORTUNISTIC)
    assert hop.deliveries[0].tls
    assert not plain.deliveries[0].tls
