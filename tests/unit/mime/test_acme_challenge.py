"""Challenge mails are read strictly, and the answer is what RFC 8823 says."""

import pytest

from siegel.base.errors import MalformedMessage
from siegel.mime.acme_challenge import (
    answer_text,
    calls_itself_challenge,
    key_authorization_digest,
    read_challenge,
)
from siegel.mime.parse import parse_message

TOKEN = "LgYemJLy3F1LDkiJrdIGbEzyFJyOyf6vBdyZ1TG3sME"


def written(subject: str = f"ACME: {TOKEN}", extra: str = "", to: str = "alice@a.example") -> bytes:
    return (
        "Auto-Submitted: auto-generated; type=acme\r\nFrom: acme-gen@ca.example\r\n"
        f"To: {to}\r\nSubject: {subject}\r\nMessage-ID: <A2299BB@ca.example>\r\n{extra}\r\nText\r\n"
    ).encode()


def test_a_challenge_says_who_asks_whom_and_with_which_token() -> None:
    found = read_challenge(parse_message(written()))
    assert str(found.sender) == str(found.answer_to) == "acme-gen@ca.example"
    assert [str(each) for each in found.recipients] == ["alice@a.example"]
    assert (found.token, found.message_id) == (TOKEN, "<A2299BB@ca.example>")


def test_the_answer_goes_where_reply_to_leads() -> None:
    found = read_challenge(parse_message(written(extra="Reply-To: an@ca.example\r\n")))
    assert str(found.answer_to) == "an@ca.example"


@pytest.mark.parametrize(
    "subject",
    [
        f"ACME: {TOKEN[:20]}\r\n {TOKEN[20:]}",
        f"ACME:\r\n {TOKEN}",
        f"=?utf-8?q?ACME:_{TOKEN}?=",
        f"=?US-ASCII?Q?ACME:_{TOKEN[:20]}?=\r\n =?us-ascii?q?{TOKEN[20:]}?=",
    ],
)
def test_folding_and_encoded_words_do_not_matter(subject: str) -> None:
    assert read_challenge(parse_message(written(subject))).token == TOKEN


@pytest.mark.parametrize(
    "subject",
    [
        f"Re: ACME: {TOKEN}",
        f"acme: {TOKEN}",
        f"ACME:{TOKEN}",
        "ACME: ",
        f"ACME: {TOKEN[:20]}",
        f"ACME: {TOKEN}==",
        f"ACME: {TOKEN}+/",
        f"ACME: {'A' * 501}",
        f"=?iso-8859-1?q?ACME:_{TOKEN}?=",
        "Hallo",
    ],
)
def test_a_subject_without_a_proper_token_is_no_challenge(subject: str) -> None:
    with pytest.raises(MalformedMessage):
        read_challenge(parse_message(written(subject)))


@pytest.mark.parametrize(
    "extra",
    [
        "From: other@ca.example\r\n",
        "To: other@a.example\r\n",
        "Subject: ACME: other\r\n",
        "Message-ID: <other@ca.example>\r\n",
        "Auto-Submitted: auto-generated; type=acme\r\n",
        "Reply-To: a@ca.example, b@ca.example\r\n",
        "Reply-To: nobody\r\n",
        "Cc: nobody\r\n",
    ],
)
def test_a_header_that_can_be_read_in_two_ways_is_no_challenge(extra: str) -> None:
    with pytest.raises(MalformedMessage):
        read_challenge(parse_message(written(extra=extra)))


def test_who_gets_a_copy_is_a_recipient_as_well() -> None:
    found = read_challenge(parse_message(written(extra="Cc: bob@a.example\r\n")))
    assert [str(each) for each in found.recipients] == ["alice@a.example", "bob@a.example"]


@pytest.mark.parametrize(
    ("value", "is_one"),
    [
        ("auto-generated; type=acme", True),
        ("Auto-Generated; TYPE=ACME; x=y", True),
        ('auto-generated; type="acme"', True),
        ("auto-generated", False),
        ("auto-replied; type=acme", False),
        ("no", False),
        ("", False),
    ],
)
def test_only_what_calls_itself_challenge_is_looked_at(value: str, is_one: bool) -> None:
    message = parse_message(f"Auto-Submitted: {value}\r\nFrom: a@ca.example\r\n\r\n".encode())
    assert calls_itself_challenge(message) is is_one


def test_the_answer_is_the_digest_of_both_tokens_and_the_key() -> None:
    digest = key_authorization_digest("LgYemJLy3F1LDkiJ", "DGyRejmCefe7v4N", "kKmTb8cLnQ")
    # printf 'LgYemJLy3F1LDkiJDGyRejmCefe7v4N.kKmTb8cLnQ' | openssl dgst -sha256 -binary | base64
    assert digest == "l9n0xKKL4kyXItBN29YVVYn5qEa1Gcru7rIItx6_gyQ"
    assert answer_text(digest).splitlines() == [
        b"-----BEGIN ACME RESPONSE-----",
        digest.encode(),
        b"-----END ACME RESPONSE-----",
    ]
