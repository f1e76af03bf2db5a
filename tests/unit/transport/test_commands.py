"""Arguments of MAIL, RCPT and XFORWARD."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from siegel.transport import commands
from siegel.transport.commands import Refused
from siegel.transport.envelope import MAX_ADDRESS, Body, MailOptions, Notify, Ret, fits_in_a_path


@pytest.mark.parametrize(
    ("argument", "sender"),
    [
        (b"FROM:<a@b.example>", "a@b.example"),
        (b"from: <a@b.example>", "a@b.example"),
        (b"FROM:<>", ""),
        (b"FROM:<@relay.example,@x.example:a@b.example>", "a@b.example"),
        (b'FROM:<"a b > \\" c"@b.example>', '"a b > \\" c"@b.example'),
        (b"FROM:<a..b.@b.example>", "a..b.@b.example"),
        (b"FROM:<a@[192.0.2.1]>", "a@[192.0.2.1]"),
        (b"FROM:<a@[IPv6:2001:db8::1]>", "a@[IPv6:2001:db8::1]"),
        (b"FROM:<!#$%&'*+-/=?^_`{|}~@b.example>", "!#$%&'*+-/=?^_`{|}~@b.example"),
        (b"FROM:<A@B.example>", "A@B.example"),
    ],
    ids=lambda value: "ok/" + repr(value)[:40],
)
def test_the_sender_is_taken_as_it_is_spelled(argument: bytes, sender: str) -> None:
    assert commands.mail(argument) == (sender, MailOptions())


@pytest.mark.parametrize(
    ("argument", "code"),
    [
        (b"", 501),
        (b"<a@b.example>", 501),
        (b"FROM:a@b.example", 501),
        (b"FROM:<a@b.example", 501),
        (b"FROM:<a@b.example>x", 501),
        (b"FROM:<<a@b.example>>", 501),
        (b"FROM:<\xff@b.example>", 501),
        (b"FROM:<a>", 553),
        (b"FROM:<a@b@c.example>", 553),
        (b"FROM:<a b@c.example>", 553),
        (b"FROM:<a\0@b.example>", 553),
        (b"FROM:<a,b@c.example>", 553),
        (b"FROM:<" + b"a" * MAX_ADDRESS + b"@b.example>", 553),
        ("FROM:<ü@b.example>".encode(), 553),
        (b"FROM:<a@b.example> SIZE", 501),
        (b"FROM:<a@b.example> SIZE=-1", 501),
        (b"FROM:<a@b.example> SIZE=1x", 501),
        ("FROM:<a@b.example> SIZE=١".encode(), 501),
        (b"FROM:<a@b.example> SIZE=" + b"1" * 21, 501),
        (b"FROM:<a@b.example> SIZE=1 SIZE=1", 501),
        (b"FROM:<a@b.example> BODY=BINARYMIME", 501),
        (b"FROM:<a@b.example> SMTPUTF8=yes", 501),
        (b"FROM:<a@b.example> RET=ALL", 501),
        (b"FROM:<a@b.example> ENVID=a+b", 501),
        (b"FROM:<a@b.example> ENVID=" + b"x" * 101, 501),
        (b"FROM:<a@b.example> AUTH=<>", 555),
        (b"FROM:<a@b.example> REQUIRETLS", 555),
        (b"FROM:<a@b.example> =x", 501),
    ],
    ids=lambda value: "fail/" + repr(value)[-40:],
)
def test_what_cannot_be_read_is_refused(argument: bytes, code: int) -> None:
    with pytest.raises(Refused) as refused:
        commands.mail(argument)
    assert refused.value.reply.code == code


def test_the_parameters_of_mail() -> None:
    argument = b"FROM:<a@b.example> body=8bitmime SIZE=7 smtputf8 RET=full ENVID=Ab+2Bc"
    options = commands.mail(argument)[1]
    assert options == MailOptions(
        body=Body.EIGHT_BIT, smtputf8=True, size=7, ret=Ret.FULL, envid="Ab+2Bc"
    )


@pytest.mark.parametrize(
    ("parameters", "good"),
    [
        (b"NOTIFY=NEVER", True),
        (b"NOTIFY=success,Failure,DELAY", True),
        (b"NOTIFY=NEVER,FAILURE", False),
        (b"NOTIFY=SOMETIMES", False),
        (b"NOTIFY=", False),
        (b"NOTIFY", False),
        (b"ORCPT=rfc822;a+40b", True),
        (b"ORCPT=rfc822", False),
        (b"ORCPT=;a", False),
        (b"ORCPT=rfc822;a+4", False),
        (b"ORCPT=rfc822;" + b"x" * 500, False),
        (b"SIZE=1", False),
    ],
    ids=repr,
)
def test_the_parameters_of_rcpt(parameters: bytes, good: bool) -> None:
    argument = b"TO:<a@b.example> " + parameters
    if good:
        assert commands.rcpt(argument, smtputf8=False)[0] == "a@b.example"
    else:
        with pytest.raises(Refused):
            commands.rcpt(argument, smtputf8=False)


def test_notify_is_read_as_a_set() -> None:
    _, options = commands.rcpt(b"TO:<a@b.example> NOTIFY=delay,FAILURE", smtputf8=False)
    assert options.notify == {Notify.DELAY, Notify.FAILURE}


@pytest.mark.parametrize("address", [b"postmaster", b"Postmaster"])
def test_postmaster_needs_no_domain(address: bytes) -> None:
    assert commands.rcpt(b"TO:<" + address + b">", smtputf8=False)[0] == address.decode()


@pytest.mark.parametrize("argument", [b"TO:<>", b"TO:<root>", b"FROM:<a@b.example>"], ids=repr)
def test_no_recipient_is_no_recipient(argument: bytes) -> None:
    with pytest.raises(Refused):
        commands.rcpt(argument, smtputf8=True)


def test_an_international_original_recipient_needs_smtputf8() -> None:
    argument = "TO:<a@b.example> ORCPT=utf-8;ü@b.example".encode()
    assert commands.rcpt(argument, smtputf8=True)[1].orcpt == "utf-8;ü@b.example"
    with pytest.raises(Refused):
        commands.rcpt(argument, smtputf8=False)


@pytest.mark.parametrize("argument", [b"ADDR", b"SECRET=1", b"ADDR=1 ADDR=2", b"=", b"\xff"])
def test_strange_xforward_is_refused(argument: bytes) -> None:
    with pytest.raises(Refused):
        commands.xforward(argument)


def refusal_or_address(read: Callable[[], tuple[str, object]]) -> int | str:
    try:
        return read()[0]
    except Refused as refused:
        return refused.reply.code


@given(st.binary(max_size=200), st.sampled_from([b"FROM:", b"TO:", b"FROM:<a@b.example> ", b""]))
def test_any_octets_are_read_or_refused(octets: bytes, start: bytes) -> None:
    argument = start + octets
    for result in (
        refusal_or_address(lambda: commands.mail(argument)),
        refusal_or_address(lambda: commands.rcpt(argument, smtputf8=True)),
    ):
        if isinstance(result, int):
            assert result in (501, 553, 555)
        else:
            assert not result or fits_in_a_path(result)


@given(st.binary(max_size=200))
def test_any_xforward_is_read_or_refused(octets: bytes) -> None:
    refusal_or_address(lambda: ("", commands.xforward(b"ADDR=" + octets)))


@given(st.text(max_size=50))
def test_an_address_in_a_path_can_end_neither_path_nor_line(text: str) -> None:
    if fits_in_a_path(text):
        assert not set("\r\n\0") & set(text)
        assert text.startswith('"') or not set("<> ") & set(text)
