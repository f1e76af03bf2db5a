"""SMTP smuggling: only CRLF "." CRLF ends a message, and no bare CR or LF passes.

CVE-2023-51764 (Postfix), CVE-2023-51765 (sendmail), CVE-2023-51766 (Exim), CVE-2024-27305
(aiosmtpd): a second message hidden in the first, behind an end that only one of two servers sees.
"""

import pytest

from tests.gateway.conftest import Seen, StartGateway
from tests.gateway.lines import LineClient

HIDDEN = b"MAIL FROM:<admin@example.org>\r\nRCPT TO:<eve@example.com>\r\nDATA\r\nforged\r\n.\r\n"

FALSE_ENDS = {
    "LF.LF": b"\n.\n",
    "LF.CRLF": b"\n.\r\n",
    "CRLF.LF": b"\r\n.\n",
    "CR.CR": b"\r.\r",
    "CR.CRLF": b"\r.\r\n",
    "CRLF.CR": b"\r\n.\r",
    "LF.CR": b"\n.\r",
    "CR.LF": b"\r.\n",
    "LFCR.LFCR": b"\n\r.\n\r",
    "CRCRLF.CRCRLF": b"\r\r\n.\r\r\n",
    "NUL-within": b"\r\n\0.\r\n",
    "dot-NUL": b"\r\n.\0\r\n",
    "dot-blank": b"\r\n. \r\n",
    "blank-dot": b"\r\n .\r\n",
    "CRLF..CRLF": b"\r\n..\r\n",
    "NEL": b"\xc2\x85.\xc2\x85",
    "LINE-SEPARATOR": "\u2028.\u2028".encode(),
}
HARMLESS = {
    "NUL-within",
    "dot-NUL",
    "dot-blank",
    "blank-dot",
    "CRLF..CRLF",
    "NEL",
    "LINE-SEPARATOR",
}


@pytest.mark.parametrize("split", [False, True], ids=["at-once", "octet-by-octet"])
@pytest.mark.parametrize("name", FALSE_ENDS)
def test_no_false_end_hides_a_second_message(
    start: StartGateway, seen: Seen, name: str, split: bool
) -> None:
    text = b"Subject: x\r\n\r\nfirst" + FALSE_ENDS[name] + HIDDEN
    with LineClient(start(seen).address) as client:
        client.begin()
        assert client.say("DATA").startswith("354")
        for octets in [text[i : i + 1] for i in range(len(text))] if split else [text]:
            client.raw(octets)
        reply = client.reply()
        assert client.say("NOOP").startswith("250")
    if name in HARMLESS:
        assert reply.startswith("250")
        (message,) = seen.messages
        assert message.endswith(b"DATA\r\nforged\r\n")
    else:
        assert reply.startswith("550 5.5.2")
        assert seen.messages == []
    assert all(e.sender != "admin@example.org" for e in seen.envelopes)


@pytest.mark.parametrize(
    "message",
    [b"a\nb\r\n", b"a\rb\r\n", b"\nx\r\n", b"x\r\r\n", b"\r\n\n\r\n", b"a\r\n.\rb\r\n"],
    ids=repr,
)
def test_a_bare_cr_or_lf_is_refused(start: StartGateway, seen: Seen, message: bytes) -> None:
    with LineClient(start(seen).address) as client:
        client.begin()
        assert client.send(message + b".\r\n").startswith("550 5.5.2")
        client.envelope()
        assert client.send(b"fine\r\n.\r\n").startswith("250")
    assert seen.messages == [b"fine\r\n"]


@pytest.mark.parametrize("command", [b"NOOP\nNOOP\r\n", b"NOOP\n", b"NOOP x\rNOOP\r\n"], ids=repr)
def test_a_bare_cr_or_lf_ends_no_command(start: StartGateway, seen: Seen, command: bytes) -> None:
    with LineClient(start(seen).address) as client:
        client.reply()
        client.raw(command)
        assert client.reply().startswith("500 5.5.2")
        assert client.is_closed()


def test_what_follows_the_real_end_is_the_next_command(start: StartGateway, seen: Seen) -> None:
    with LineClient(start(seen).address) as client:
        client.begin()
        client.say("DATA")
        client.raw(b"first\r\n.\r\n" + HIDDEN + b"QUIT\r\n")
        codes = [client.reply()[:3] for _ in range(6)]
    assert codes == ["250", "250", "250", "354", "250", "221"]
    assert [e.sender for e in seen.envelopes] == ["alice@example.org", "admin@example.org"]
