"""Addresses, identifiers, parameters and words of header fields."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from siegel.mime.fields import (
    addresses,
    decode_words,
    from_addresses,
    message_id,
    parse_content_type,
)
from siegel.mime.mailboxes import parse_mailboxes
from siegel.mime.message import Message
from siegel.mime.parse import parse_message
from tests.work import costs_alike


def message(header: bytes | str) -> Message:
    raw = header.encode("utf-8") if isinstance(header, str) else header
    return parse_message(b"X-First: 1\r\n" + raw + b"\r\n\r\nbody")


def senders(header: bytes | str) -> list[str]:
    return [str(address) for address in from_addresses(message(header))]


ONE_SENDER = {
    "bare": ("From: alice@example.org", "alice@example.org"),
    "angle": ("From: <alice@example.org>", "alice@example.org"),
    "name": ("From: Alice Example <alice@example.org>", "alice@example.org"),
    "quoted-name": ('From: "Example, Alice" <alice@example.org>', "alice@example.org"),
    "name-with-dots": ("From: John Q. Public <john@example.org>", "john@example.org"),
    "old-comment": ("From: root@example.org (Cron Daemon)", "root@example.org"),
    "case": ("From: ALICE@Example.ORG", "alice@example.org"),
    "folded": ("From: Alice\r\n <alice@example.org>", "alice@example.org"),
    "blank-before-colon": ("FROM : alice@example.org", "alice@example.org"),
    "empty-entries": ("From: , alice@example.org,", "alice@example.org"),
    "utf8-name": ("From: Jürgen Groß <juergen@example.org>", "juergen@example.org"),
    "utf8-address": ("From: jürgen@müller.example", "jürgen@xn--mller-kva.example"),
    "quoted-local-part": ('From: "a b"@example.org', '"a b"@example.org'),
    "quoted-needlessly": ('From: "alice"@example.org', "alice@example.org"),
    "name-is-the-address": ("From: a@example.org <A@example.org>", "a@example.org"),
    # the display name is what a person may fall for; the address is the one that counts
    "name-like-an-address": (
        'From: "ceo@bank.example" <mallory@evil.example>',
        "mallory@evil.example",
    ),
    "encoded-name-like-an-address": (
        "From: =?utf-8?q?ceo=40bank=2Eexample=3Cceo=40bank=2Eexample=3E?= <mallory@evil.example>",
        "mallory@evil.example",
    ),
    "quoted-angle": ('From: "<ceo@bank.example>" <mallory@evil.example>', "mallory@evil.example"),
    "escaped-quote": (
        r'From: "\"<ceo@bank.example>" <mallory@evil.example>',
        "mallory@evil.example",
    ),
}

NO_SENDER = {
    "none": "To: a@example.org",
    "empty": "From:",
    "no-address": "From: Alice",
    "one-of-two-unreadable": "From: a@example.org, nobody",
    "unquoted-comma": "From: Huber, Maria <maria@example.org>",
    "unquoted-address-as-name": "From: ceo@bank.example <mallory@evil.example>",
    "comment-like-an-address": "From: ceo@bank.example (mallory@evil.example)",
    "comment-before": "From: (mallory@evil.example) ceo@bank.example",
    "comment-inside": "From: ceo(x)@bank.example",
    "comment-in-the-domain": "From: <ceo@bank.example(.evil.example)>",
    "comment-that-never-ends": "From: ceo@bank.example (mallory",
    "group": "From: Board: ceo@bank.example, mallory@evil.example;",
    "group-of-one": "From: ceo@bank.example: mallory@evil.example;",
    "route": "From: <@bank.example:mallory@evil.example>",
    "two-angles": "From: <ceo@bank.example> <mallory@evil.example>",
    "after-the-angle": "From: <ceo@bank.example> mallory@evil.example",
    "nested-angles": "From: <<ceo@bank.example>>",
    "open-angle": "From: Ceo <ceo@bank.example",
    "open-quote": 'From: "Ceo <ceo@bank.example>',
    "two-at": "From: ceo@bank.example@evil.example",
    "quoted-local-part-with-at": 'From: "ceo@bank.example"@evil.example',
    "encoded-word-as-address": "From: =?utf-8?q?ceo=40bank=2Eexample?=",
    "encoded-word-as-local-part": "From: =?utf-8?q?ceo?=@bank.example",
    "encoded-word-in-angles": "From: <=?utf-8?q?ceo=40bank.example=00?=@evil.example>",
    "nul": "From: ceo@bank.example\0@evil.example",
    "nul-in-the-name": "From: ceo\0 <mallory@evil.example>",
    "bare-cr": "From: a@example.org\rFrom: ceo@bank.example",
    "hidden-behind-cr": "From: a@example.org\r\nX-A: b\rFrom: ceo@bank.example",
    "almost-a-from-line": "From: a@example.org\r\nFrom ceo@bank.example: x",
    "almost-a-from-field": "From: a@example.org\r\nFrom\x01: ceo@bank.example",
    "blank-before-at": "From: ceo @bank.example",
    "semicolons": "From: a@example.org; ceo@bank.example",
    "literal": "From: ceo@[127.0.0.1]",
    "right-to-left": "From: a\u202eb@example.org",
    "zero-width": "From: ceo\u200b@bank.example",
    "no-break-space": "From: ceo\u00a0x@bank.example",
    "second-from-unreadable": "From: a@example.org\r\nFrom: ceo",
    "second-from-empty": "From: a@example.org\r\nFrom:",
    "too-long": f"From: {'a' * 65}@example.org",
}


@pytest.mark.requirement("A5", "A18", "A69")
@pytest.mark.parametrize(
    ("header", "expected"), ONE_SENDER.values(), ids=[f"ok/{name}" for name in ONE_SENDER]
)
def test_the_sender_is_the_address_and_nothing_else(header: str, expected: str) -> None:
    assert senders(header) == [expected]


@pytest.mark.requirement("A5", "A18", "A69")
@pytest.mark.parametrize("header", NO_SENDER.values(), ids=[f"fail/{name}" for name in NO_SENDER])
def test_a_from_in_doubt_yields_no_sender(header: str) -> None:
    assert senders(header) == []


def test_all_addresses_of_all_from_fields_count() -> None:
    header = "From: a@example.org, B <b@example.org>\r\nfrom: c@example.org"
    assert senders(header) == ["a@example.org", "b@example.org", "c@example.org"]


def test_latin1_octets_are_good_for_a_name_but_not_for_an_address() -> None:
    assert senders(b"From: J\xfcrgen <juergen@example.org>") == ["juergen@example.org"]
    assert senders(b"From: j\xfcrgen@example.org") == []


def test_an_mbox_line_before_the_header_hides_nothing() -> None:
    raw = b"From a@example.org Mon Jan  1 00:00:00 2024\r\nFrom: a@example.org\r\n\r\n"
    assert [str(address) for address in from_addresses(parse_message(raw))] == ["a@example.org"]


def test_entries_without_address_keep_their_place_and_name() -> None:
    to = addresses(
        message("To: Team: a@example.org;, B <b@example.org>\r\nTo: undisclosed:;"), "to"
    )
    assert [(m.display, m.address and str(m.address), m.raw) for m in to] == [
        ("Team", None, "Team: a@example.org;"),
        ("B", "b@example.org", "B <b@example.org>"),
        ("undisclosed", None, "undisclosed:;"),
    ]


def test_display_names_are_decoded_for_showing() -> None:
    header = (
        "To: =?iso-8859-1?q?J=FCrgen?= =?utf-8?b?R3Jvw58=?= <a@example.org>,"
        ' "Groß, \\"J\\"" <b@example.org>'
    )
    assert [m.display for m in addresses(message(header), "to")] == ["JürgenGroß", 'Groß, "J"']


@given(st.text(alphabet=st.sampled_from('ab.@<>,:;()"\\[]=? \t\0é'), max_size=40))
def test_no_address_appears_that_is_not_written_there(value: str) -> None:
    for mailbox in parse_mailboxes(value):
        if mailbox.address is not None:
            assert mailbox.address.spelling in value
            assert mailbox.address.spelling in mailbox.raw


@pytest.mark.parametrize(
    "filling", ["(", ")", '"', "<", ",", "a@b,", ":", "\\", "[", "@", "a" * 99, '"\\']
)
def test_a_hostile_address_list_takes_no_longer_than_a_long_one(filling: str) -> None:
    long = "Alice Example <alice@example.org>, " * 3000
    hostile = filling * (250_000 // len(filling))

    assert costs_alike(lambda: parse_mailboxes(hostile), lambda: parse_mailboxes(long))


def test_a_hostile_parameter_list_takes_no_longer_than_a_long_one() -> None:
    long = "text/plain; " + 'name="a b c"; ' * 18_000
    hostile = "text/plain; " + '"\\' * 125_000

    assert costs_alike(lambda: parse_content_type(hostile), lambda: parse_content_type(long))


def test_a_list_beyond_all_measure_ends_without_an_address() -> None:
    found = parse_mailboxes("a@example.org, " * 100_000)
    assert found[-1].address is None
    assert len(found) < 20_000


@pytest.mark.parametrize(
    ("value", "media", "params"),
    [
        pytest.param("text/plain", "text/plain", {}, id="ok/bare"),
        pytest.param("TEXT/Html; Charset=UTF-8", "text/html", {"charset": "UTF-8"}, id="ok/case"),
        pytest.param('a/b; c="d;e\\"f" ; g=h', "a/b", {"c": 'd;e"f', "g": "h"}, id="ok/quoted"),
        pytest.param("a/b (note; x=1); c=d (e)", "a/b", {"c": "d"}, id="ok/comments"),
        pytest.param("a/b; name=two words.pdf", "a/b", {"name": "two words.pdf"}, id="ok/blanks"),
        pytest.param("a/b; c=1; c=2", "a/b", {"c": "1"}, id="ok/first-counts"),
        pytest.param("a/b; c*=utf-8'de'%C3%BC", "a/b", {"c": "ü"}, id="ok/rfc2231"),
        pytest.param("a/b; c*=iso-8859-1''%FC", "a/b", {"c": "ü"}, id="ok/rfc2231-latin"),
        pytest.param("a/b; c*1=de; c*0=abc", "a/b", {"c": "abcde"}, id="ok/segments"),
        pytest.param(
            "a/b; c*0*=utf-8''%C3; c*1*=%BC; c*2=%20", "a/b", {"c": "ü%20"}, id="ok/split"
        ),
        pytest.param("a/b; c=x; c*=utf-8''y", "a/b", {"c": "y"}, id="ok/extended-counts"),
        pytest.param("a/b; c*0=x; c*2=z", "a/b", {"c": "x"}, id="ok/gap"),
        pytest.param("a/b; c*=nowhere''%FC", "a/b", {"c": "ü"}, id="ok/unknown-charset"),
        pytest.param("a/b;;; =x; c; d=", "a/b", {"d": ""}, id="ok/empty-pieces"),
        pytest.param('a/b; c="open', "a/b", {"c": "open"}, id="ok/open-quote"),
        pytest.param("a/b c=d; e=f", "a/b", {"e": "f"}, id="ok/missing-semicolon"),
        pytest.param("text", "text/plain", {}, id="fail/no-subtype"),
        pytest.param("", "text/plain", {}, id="fail/empty"),
        pytest.param(
            "multipart/; boundary=x", "text/plain", {"boundary": "x"}, id="fail/empty-subtype"
        ),
    ],
)
def test_content_types_read_as_real_mail_writes_them(
    value: str, media: str, params: dict[str, str]
) -> None:
    parsed = parse_content_type(value)
    assert (parsed.media, dict(parsed.params)) == (media, params)


@pytest.mark.parametrize(
    ("value", "conflicts"),
    [
        ("a/b; c=1; c=2", {"c"}),
        ("a/b; c=1; c=1", set()),
        ("a/b; c=1; c*=utf-8''2", {"c"}),
        ("a/b; c=1; c*0=1", set()),
        ("a/b; c*0=1; c*0=2", {"c"}),
    ],
)
def test_parameters_that_contradict_each_other_are_noted(value: str, conflicts: set[str]) -> None:
    assert parse_content_type(value).conflicts == conflicts


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("plain", "plain", id="ok/plain"),
        pytest.param("=?utf-8?Q?Gr=C3=BC=C3=9Fe_an?= Bob", "Grüße an Bob", id="ok/q"),
        pytest.param("=?UTF-8?B?R3LDvMOfZQ==?=", "Grüße", id="ok/b"),
        pytest.param("=?utf-8?q?a?= \t =?utf-8?q?b?=  c", "ab  c", id="ok/neighbours"),
        pytest.param("=?utf-8?q?=C3?= =?utf-8?q?=BC?=", "ü", id="ok/split-character"),
        pytest.param("=?iso-8859-1*de?q?=FC?=", "ü", id="ok/language"),
        pytest.param("=?nowhere?q?x?=", "=?nowhere?q?x?=", id="fail/unknown-charset"),
        pytest.param("=?idna?q?xn--?=", "=?idna?q?xn--?=", id="fail/no-charset-of-mail"),
        pytest.param("=?utf-8?x?y?=", "=?utf-8?x?y?=", id="fail/unknown-encoding"),
        pytest.param("=?utf-8?q?a=0D=0ABcc:_b?=", "a  Bcc: b", id="ok/no-line-ends-come-out"),
        pytest.param("a\0b\r\nc", "a b  c", id="ok/no-control-characters"),
        pytest.param("=?utf-8?b?!!!?=", "", id="ok/empty"),
    ],
)
def test_encoded_words_decode_for_showing(text: str, expected: str) -> None:
    assert decode_words(text) == expected


@given(st.text(max_size=60))
def test_decoding_words_never_fails(text: str) -> None:
    for charset in ("utf-8", "utf-7", "utf-16", "iso-2022-jp", "x\0y"):
        shown = decode_words(f"=?{charset}?q?{text}?= =?{charset}?b?{text}?= {text}")
        assert "\n" not in shown
        shown.encode("utf-8")


def test_the_message_id_is_read_with_its_brackets() -> None:
    assert message_id(message("Message-ID: \r\n <a.b@example.org> (x)")) == "<a.b@example.org>"
    assert message_id(message("Message-ID: none")) is None
    assert message_id(message("X: 1")) is None


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ('Content-Disposition: attachment; filename="a b.pdf"', "a b.pdf"),
        ("Content-Disposition: attachment; filename*=utf-8''Pr%C3%BCfung.pdf", "Prüfung.pdf"),
        ('Content-Type: a/b; name="=?utf-8?q?Pr=C3=BCfung.pdf?="', "Prüfung.pdf"),
        ("Content-Type: a/b; name=x\r\nContent-Disposition: inline; filename=y", "y"),
        ("Content-Disposition: attachment; filename=../../etc/passwd", "passwd"),
        (r'Content-Disposition: attachment; filename="C:\\temp\\x.txt"', "x.txt"),
        ("Content-Disposition: attachment", None),
    ],
)
def test_a_file_name_is_a_name_and_never_a_path(header: str, expected: str | None) -> None:
    assert message(header).root.filename == expected


_VALUES = st.lists(
    st.sampled_from(
        [
            "text/plain",
            "multipart/mixed",
            ";",
            "; ",
            "boundary=",
            "Charset=",
            "name=",
            '"',
            "utf-8",
            "a b",
            "\\",
            "(c)",
            "*0",
            "*",
            "=",
            "\t",
            "\u00fc",
            "\u00a0",
            "\x0b",
        ]
    ),
    max_size=9,
).map("".join)


@given(_VALUES)
def test_the_usual_form_means_the_same_with_an_empty_comment(value: str) -> None:
    """A comment changes nothing, and what has one is read by other code."""
    assume("(" not in value and ")" not in value)
    assert parse_content_type(value) == parse_content_type(value + "()")
