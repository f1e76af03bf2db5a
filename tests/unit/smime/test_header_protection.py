"""Header protection (RFC 9788), read side: at the root of a protected payload, nowhere else."""

import pytest

from siegel.mime.parse import parse_entity
from siegel.policy.inbound import CryptographicSummary
from siegel.smime.header_protection import protected_fields
from tests.unit.smime.mails import judged, mail, opened
from tests.unit.smime.test_layers import encrypted, mixed, opaque

PLAIN = b"Content-Type: text/plain; charset=us-ascii; hp=%s\r\n"
FIELDS = (
    b"From: alice@office.example\r\nSubject: Der wahre\r\n Betreff\r\nX-Twice: 1\r\nX-Twice: 2\r\n"
)
EXPECTED = (
    ("From", "alice@office.example"),
    ("Subject", "Der wahre Betreff"),
    ("X-Twice", "1"),
    ("X-Twice", "2"),
)


def entity(hp: bytes = b"clear", fields: bytes = FIELDS) -> bytes:
    return fields + b"MIME-Version: 1.0\r\n" + PLAIN % hp + b"\r\nHallo\r\n"


HP = [
    pytest.param(b"clear", True, id="ok/clear"),
    pytest.param(b"cipher", True, id="ok/cipher"),
    pytest.param(b'"clear"', True, id="ok/quoted"),
    pytest.param(b"CLEAR", True, id="ok/upper-case"),
    pytest.param(b"", False, id="fail/empty"),
    pytest.param(b"yes", False, id="fail/unknown"),
    pytest.param(b"clear; hp=cipher2", True, id="ok/the-first-counts"),
]


@pytest.mark.parametrize(("hp", "counts"), HP)
def test_the_parameter_at_the_root_of_the_payload_decides(hp: bytes, counts: bool) -> None:
    found = opened(mail(opaque(entity(hp))))

    assert found.protected_fields == (EXPECTED if counts else ())


def test_structure_and_copies_of_outer_fields_are_no_protected_fields() -> None:
    fields = FIELDS + b"HP-Outer: Subject: [...]\r\nContent-Language: de\r\n"

    assert opened(mail(opaque(entity(fields=fields)))).protected_fields == EXPECTED


def test_without_the_parameter_fields_inside_say_nothing() -> None:
    inside = FIELDS + b"Content-Type: text/plain\r\n\r\nHallo\r\n"

    assert opened(mail(opaque(inside))).protected_fields == ()


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(mail(entity(fields=b"Subject: x\r\n")), id="fail/unprotected"),
        pytest.param(mail(opaque(mixed(entity()))), id="fail/in-a-part"),
        pytest.param(
            mail(opaque(b"Content-Type: message/rfc822\r\n\r\n" + entity())), id="fail/in-a-message"
        ),
        pytest.param(mail(mixed(opaque(entity()))), id="fail/in-an-errant-layer"),
    ],
)  # fmt: skip
def test_elsewhere_the_parameter_means_nothing(raw: bytes) -> None:
    assert opened(raw).protected_fields == ()


def test_a_parameter_on_a_layer_itself_is_not_at_the_root_of_the_payload() -> None:
    layer = b"Subject: Falsch\r\n" + opaque(entity()).replace(
        b"smime-type", b"hp=clear; smime-type"
    )

    assert opened(mail(opaque(layer))).protected_fields == EXPECTED


def test_a_closed_message_protects_no_field() -> None:
    assert opened(mail(encrypted(entity(b"cipher")))).protected_fields == ()
    assert opened(mail(encrypted(entity(b"cipher"))), "huber").protected_fields == EXPECTED


def test_another_from_inside_is_not_the_one_that_is_shown() -> None:
    stranger = FIELDS.replace(b"alice@office.example", b"huber@school.example")

    same = judged(opened(mail(opaque(entity()))))
    other = judged(opened(mail(opaque(entity(fields=stranger)))))

    assert same.summary is CryptographicSummary.VERIFIED
    assert other.summary is CryptographicSummary.UNPROTECTED


def test_order_and_names_are_kept() -> None:
    payload = parse_entity(b"z-Last: 1\r\nA-First:2\r\n" + PLAIN % b"clear" + b"\r\n")

    assert protected_fields(payload) == (("z-Last", "1"), ("A-First", "2"))
