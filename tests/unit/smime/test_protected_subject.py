"""A subject outside that is not the protected one: somebody changed it on the way (RFC 9788)."""

import pytest

from siegel.base.findings import Finding
from siegel.policy.inbound import CryptographicSummary
from tests.unit.smime.mails import judged, opened
from tests.unit.smime.test_layers import encrypted
from tests.unit.smime.test_structure import cms, parts, signature

INSIDE = b"Content-Type: text/plain; charset=us-ascii; hp=%s\r\n%s\r\nEin Bescheid.\r\n"
FROM = b"From: alice@office.example\r\n"


def entity(fields: bytes, hp: bytes = b"clear") -> bytes:
    return INSIDE % (hp, FROM + fields)


def signed(inside: bytes, outside: bytes) -> bytes:
    whole = parts(inside, signature(cms(inside)))
    return FROM + outside + b"MIME-Version: 1.0\r\n" + whole


def differs(raw: bytes) -> bool:
    found = opened(raw, "huber")
    assert found.layers
    return Finding.PROTECTED_SUBJECT_DIFFERS in found.findings


SUBJECT = b"Subject: Bescheid 4711\r\n"


@pytest.mark.requirement("A82")
@pytest.mark.parametrize(
    ("outside", "expected"),
    [
        pytest.param(SUBJECT, False, id="same"),
        pytest.param(b"subject:  Bescheid\r\n  4711 \r\n", False, id="folded-anew"),
        pytest.param(b"Subject: =?utf-8?B?QmVzY2hlaWQgNDcxMQ==?=\r\n", False, id="encoded-anew"),
        pytest.param(b"Subject: Sofort ueberweisen!\r\n", True, id="changed"),
        pytest.param(b"Subject: [Liste] Bescheid 4711\r\n", True, id="tagged"),
        pytest.param(b"", True, id="taken-away"),
        pytest.param(SUBJECT * 2, True, id="twice"),
        pytest.param(SUBJECT + b"Subject: Sofort!\r\n", True, id="another-one-more"),
        pytest.param(b"Subject: [...]\r\n", True, id="obscured-though-only-signed"),
    ],
)
def test_of_signed_mail_the_subject_outside_is_compared(outside: bytes, expected: bool) -> None:
    raw = signed(entity(SUBJECT), outside)
    assert differs(raw) is expected
    assert judged(opened(raw)).summary is CryptographicSummary.VERIFIED


def test_a_subject_that_the_writer_did_not_write_differs() -> None:
    assert differs(signed(entity(b""), SUBJECT))
    assert not differs(signed(entity(b""), b""))


def test_without_header_protection_there_is_nothing_to_compare() -> None:
    inside = b"Content-Type: text/plain\r\nSubject: Anderes\r\n\r\nText\r\n"
    assert not differs(signed(inside, SUBJECT))


@pytest.mark.parametrize(
    ("copies", "outside", "expected"),
    [
        pytest.param(b"", b"Subject: [...]\r\n", False, id="obscured"),
        pytest.param(b"", SUBJECT, False, id="left-open"),
        pytest.param(b"", b"Subject: Sofort!\r\n", True, id="changed"),
        pytest.param(b"HP-Outer: Subject: [...]\r\n", b"Subject: [...]\r\n", False, id="as-copied"),
        pytest.param(b"HP-Outer: Subject: Post\r\n", b"Subject: Post\r\n", False, id="other-word"),
        pytest.param(b"HP-Outer: Subject: Post\r\n", SUBJECT, True, id="not-as-copied"),
        pytest.param(b"HP-Outer: Date: x\r\n", b"", False, id="left-out"),
        pytest.param(b"HP-Outer: Date: x\r\n", SUBJECT, True, id="added"),
    ],
)
def test_of_encrypted_mail_what_the_writer_put_outside_is_compared(
    copies: bytes, outside: bytes, expected: bool
) -> None:
    inside = entity(copies + SUBJECT, b"cipher")
    whole = encrypted(parts(inside, signature(cms(inside))))
    assert differs(FROM + outside + b"MIME-Version: 1.0\r\n" + whole) is expected
