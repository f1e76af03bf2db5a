"""The gateway's SMTP (RFC 5321 and the extensions it offers), command by command."""

import logging

import pytest

from siegel.transport.envelope import Body, Envelope, Notify, Ret, Role
from siegel.transport.gateway import Gateway
from siegel.transport.listening import GatewayLimits
from siegel.transport.replies import Reply
from tests.gateway.conftest import Seen, StartGateway
from tests.gateway.lines import LineClient


def test_a_message_is_accepted_only_with_the_handlers_word(start: StartGateway, seen: Seen) -> None:
    with LineClient(start(seen).address) as client:
        client.begin()
        assert client.send(b"Subject: hi\r\n\r\nhello\r\n.\r\n").startswith("250 2.0.0 ")
        assert client.say("QUIT").startswith("221 ")
        assert client.is_closed()
    assert seen.messages == [b"Subject: hi\r\n\r\nhello\r\n"]


@pytest.mark.parametrize(
    "reply",
    [
        Reply(451, "4.3.0", "not now"),
        Reply(550, "5.7.1", "one\ntwo"),
        Reply(554, "5.4.6", "loop"),
    ],
    ids=lambda reply: str(reply.code),
)
def test_the_handlers_reply_reaches_the_client_as_it_is(start: StartGateway, reply: Reply) -> None:
    with LineClient(start(Seen(reply)).address) as client:
        client.begin()
        lines = client.send(b"x\r\n.\r\n").split("\n")
    assert [line[:3] for line in lines] == [str(reply.code)] * len(reply.text.splitlines())
    assert all(reply.enhanced in line for line in lines)


def test_what_is_offered(start: StartGateway, seen: Seen) -> None:
    with LineClient(start(seen).address) as client:
        client.reply()
        offers = {line[4:] for line in client.say("EHLO mta.example.org").split("\n")}
    assert offers == {
        "gw.example.org",
        f"SIZE {50 * 1024 * 1024}",
        "PIPELINING",
        "8BITMIME",
        "SMTPUTF8",
        "DSN",
        "ENHANCEDSTATUSCODES",
        "XFORWARD NAME ADDR PORT PROTO HELO IDENT SOURCE",
    }


@pytest.mark.parametrize(
    "command", ["AUTH PLAIN AHgAeA==", "BDAT 5", "EXPN x", "PROXY TCP4", "LHLO x", ""]
)
def test_what_is_not_offered_is_not_known(start: StartGateway, seen: Seen, command: str) -> None:
    with LineClient(start(seen).address) as client:
        client.reply()
        client.say("EHLO mta")
        assert client.say(command).startswith("500 5.5.1")


def test_smtputf8_is_not_offered_where_the_next_hop_cannot(start: StartGateway, seen: Seen) -> None:
    with LineClient(start(seen, smtputf8=False).address) as client:
        client.reply()
        assert "SMTPUTF8" not in client.say("EHLO mta")
        assert client.say("MAIL FROM:<a@b.example> SMTPUTF8").startswith("555 ")


def test_two_roles_are_two_ports(start: StartGateway) -> None:
    """The role comes from the port alone: sender and header say the opposite here."""
    outbound, inbound = Seen(), Seen()
    gateways = [(start(outbound, Role.OUTBOUND)), (start(inbound, Role.INBOUND))]
    for gateway in gateways:
        with LineClient(gateway.address) as client:
            client.begin(sender="x@outside.example", recipients=("alice@example.org",))
            client.send(b"X-Siegel-Role: outbound\r\n\r\n.\r\n")
    assert gateways[0].address != gateways[1].address
    assert [e.role for e in outbound.envelopes] == [Role.OUTBOUND]
    assert [e.role for e in inbound.envelopes] == [Role.INBOUND]


def test_the_envelope_is_what_the_client_said(start: StartGateway, seen: Seen) -> None:
    with LineClient(start(seen).address) as client:
        client.reply()
        client.say("EHLO mta.example.org")
        client.say("XFORWARD NAME=mail.example.net ADDR=192.0.2.7 HELO=a+20b PROTO=ESMTP")
        client.say("XFORWARD SOURCE=REMOTE PORT=[UNAVAILABLE]")
        client.say("MAIL FROM:<Alice@Example.org> BODY=8BITMIME SIZE=9 RET=HDRS ENVID=QqX+2B1")
        client.say("RCPT TO:<Bob@example.com> NOTIFY=FAILURE,DELAY ORCPT=rfc822;Bob+40example.com")
        client.say("RCPT TO:<eve@example.com>")
        client.send(b"x\r\n.\r\n")
    (envelope,) = seen.envelopes
    assert envelope.sender == "Alice@Example.org"
    assert envelope.recipients == ("Bob@example.com", "eve@example.com")
    assert envelope.options.body is Body.EIGHT_BIT
    assert envelope.options.ret is Ret.HEADERS
    assert envelope.options.envid == "QqX+2B1"
    bob = envelope.recipient_options["Bob@example.com"]
    assert bob.notify == {Notify.FAILURE, Notify.DELAY}
    assert bob.orcpt == "rfc822;Bob+40example.com"
    assert envelope.recipient_options["eve@example.com"].notify == frozenset()
    assert envelope.client == "127.0.0.1"
    assert envelope.helo == "mta.example.org"
    assert envelope.protocol == "ESMTP"
    assert envelope.xforward == {
        "NAME": "mail.example.net",
        "ADDR": "192.0.2.7",
        "HELO": "a b",
        "PROTO": "ESMTP",
        "SOURCE": "REMOTE",
    }


def test_xforward_belongs_to_one_message_only(start: StartGateway, seen: Seen) -> None:
    with LineClient(start(seen).address) as client:
        client.reply()
        client.say("EHLO mta")
        client.say("XFORWARD ADDR=192.0.2.7")
        client.envelope()
        client.send(b"x\r\n.\r\n")
        client.envelope()
        client.send(b"x\r\n.\r\n")
    assert [e.xforward for e in seen.envelopes] == [{"ADDR": "192.0.2.7"}, {}]


def test_the_null_sender_is_accepted(start: StartGateway, seen: Seen) -> None:
    with LineClient(start(seen).address) as client:
        client.begin(sender="")
        assert client.send(b"x\r\n.\r\n").startswith("250")
    assert seen.envelopes[0].sender == ""


def test_international_addresses_need_smtputf8(start: StartGateway, seen: Seen) -> None:
    with LineClient(start(seen).address) as client:
        client.reply()
        client.say("EHLO mta")
        assert client.say("MAIL FROM:<jürgen@example.org>").startswith("553 5.6.7")
        assert client.say("MAIL FROM:<a@example.org>").startswith("250")
        assert client.say("RCPT TO:<jürgen@example.org>").startswith("553 5.6.7")
        client.say("RSET")
        client.envelope(
            sender="jürgen@bücher.example", recipients=("ü@x.example",), mail="SMTPUTF8"
        )
        client.send(b"x\r\n.\r\n")
    assert seen.envelopes[0].sender == "jürgen@bücher.example"
    assert seen.envelopes[0].protocol == "UTF8SMTP"


def test_helo_without_extensions_is_plain_smtp(start: StartGateway, seen: Seen) -> None:
    with LineClient(start(seen).address) as client:
        client.reply()
        assert client.say("HELO old.example").startswith("250 gw.example.org")
        client.envelope()
        client.send(b"x\r\n.\r\n")
    assert seen.envelopes[0].protocol == "SMTP"


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (["MAIL FROM:<a@b.example>"], "503"),
        (["EHLO x", "RCPT TO:<a@b.example>"], "503"),
        (["EHLO x", "DATA"], "503"),
        (["EHLO x", "MAIL FROM:<a@b.example>", "DATA"], "554"),
        (["EHLO x", "MAIL FROM:<a@b.example>", "MAIL FROM:<a@b.example>"], "503"),
        (["EHLO x", "MAIL FROM:<a@b.example>", "XFORWARD ADDR=1.2.3.4"], "503"),
        (["EHLO x", "MAIL FROM:<a@b.example>", "RSET", "RCPT TO:<a@b.example>"], "503"),
        (["EHLO x", "MAIL FROM:<a@b.example>", "EHLO x", "RCPT TO:<a@b.example>"], "503"),
        (["EHLO"], "501"),
        (["EHLO x", "STARTTLS"], "454"),
        (["EHLO x", "DATA now"], "503"),
        (["VRFY root"], "252"),
        (["noop"], "250"),
    ],
    ids=lambda value: value[-1] if isinstance(value, list) else value,
)
def test_commands_out_of_order_are_refused(
    start: StartGateway, seen: Seen, said: list[str], expected: str
) -> None:
    with LineClient(start(seen).address) as client:
        client.reply()
        assert [client.say(line) for line in said][-1].startswith(expected)


def test_pipelined_commands_are_answered_in_order(start: StartGateway, seen: Seen) -> None:
    with LineClient(start(seen).address) as client:
        client.reply()
        client.raw(
            b"EHLO mta\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<c@d.example>\r\n"
            b"RCPT TO:<no address>\r\nDATA\r\n"
        )
        codes = [client.reply()[:3] for _ in range(5)]
        client.raw(b"one\r\n.\r\nMAIL FROM:<e@f.example>\r\nQUIT\r\n")
        codes += [client.reply()[:3] for _ in range(3)]
    assert codes == ["250", "250", "250", "553", "354", "250", "250", "221"]
    assert seen.envelopes[0].recipients == ("c@d.example",)


def test_a_client_that_half_closes_still_hears_the_answer(start: StartGateway, seen: Seen) -> None:
    with LineClient(start(seen).address) as client:
        client.begin()
        assert client.say("DATA").startswith("354")
        client.raw(b"x\r\n.\r\nQUIT\r\n")
        client.half_close()
        assert client.reply().startswith("250")
        assert client.reply().startswith("221")


def test_the_recipients_have_a_limit(start: StartGateway, seen: Seen) -> None:
    gateway = start(seen, limits=GatewayLimits(recipients=3))
    with LineClient(gateway.address) as client:
        client.begin(recipients=("1@x.example", "2@x.example", "3@x.example"))
        assert client.say("RCPT TO:<4@x.example>").startswith("452 4.5.3")
        assert client.send(b"x\r\n.\r\n").startswith("250")
    assert len(seen.envelopes[0].recipients) == 3


def test_a_thousand_recipients_are_taken(start: StartGateway, seen: Seen) -> None:
    recipients = tuple(f"r{number}@x.example" for number in range(1000))
    with LineClient(start(seen).address) as client:
        client.begin(recipients=recipients)
        client.send(b"x\r\n.\r\n")
    assert seen.envelopes[0].recipients == recipients


@pytest.mark.parametrize("error", [ValueError, OSError, SystemExit, KeyboardInterrupt])
def test_an_exception_in_the_handler_is_451_and_never_500(
    start: StartGateway, seen: Seen, error: type[BaseException], caplog: pytest.LogCaptureFixture
) -> None:
    """aiosmtpd answers 500 by itself, and Postfix bounces the mail."""

    def handler(envelope: Envelope, message: bytes) -> Reply:
        if message.startswith(b"bad"):
            raise error("secret-parameter")
        return seen(envelope, message)

    with LineClient(start(handler).address) as client:
        client.begin()
        with caplog.at_level(logging.ERROR, "siegel.transport.gateway"):
            reply = client.send(b"bad\r\n.\r\n")
        assert reply.startswith("451 4.3.0")
        assert "secret" not in reply
        client.envelope()
        assert client.send(b"good\r\n.\r\n").startswith("250")
    assert any("handler failed" in record.message for record in caplog.records)


def test_a_fault_of_the_session_itself_is_451(
    start: StartGateway, seen: Seen, monkeypatch: pytest.MonkeyPatch
) -> None:
    gateway = start(seen)

    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(Gateway, "handle", broken)
    with LineClient(gateway.address) as client:
        client.begin()
        assert client.send(b"x\r\n.\r\n").startswith("451 4.3.0")
        assert client.is_closed()
