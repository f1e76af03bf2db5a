"""Which octets are signed: fine ones go in uncopied, and all are the same as with care."""

import itertools
from datetime import UTC, datetime

import pytest
from hypothesis import given

from siegel.base.buffers import Random, joined
from siegel.base.errors import SiegelError
from siegel.mime.canonical import canonical, is_mail_safe, signable
from siegel.mime.parse import parse_entity, parse_message
from siegel.smime.protect import payload_of, sign
from tests.unit.mime.samples import ENTITIES
from tests.unit.smime.mails import MAIL, OUTER, TEXT, identity

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def counting(start: int = 1) -> Random:
    numbers = itertools.count(start)
    return lambda size: next(numbers).to_bytes(16, "big")[-size:]


def with_care(raw: bytes) -> bytes:
    """Made canonical, parsed anew and made signable, whatever it is."""
    message = parse_message(raw)
    header = b"".join(f.raw for f in message.fields if f.lower.startswith("content-"))
    if message.get("Content-Type") is None:
        header = b"Content-Type: text/plain; charset=us-ascii\r\n" + header
    whole = canonical(joined([header, b"\r\n", message.root.body]))
    return signable(parse_entity(whole), rng=counting())


@given(ENTITIES)
def test_the_short_way_signs_the_same_octets(entity: bytes) -> None:
    raw = OUTER + entity
    try:
        expected = with_care(raw)
    except SiegelError:
        with pytest.raises(SiegelError):
            payload_of(parse_message(raw), rng=counting())
        return
    assert joined(payload_of(parse_message(raw), rng=counting())) == expected


def test_a_body_that_is_fine_is_not_copied() -> None:
    _, body = payload_of(parse_message(MAIL))
    assert isinstance(body, memoryview)
    assert body.obj is MAIL


@pytest.mark.parametrize(
    "body",
    [b"ein \xc3\xa4\r\n", b"bare\nline feed\r\n", b"blank \r\n", b"From here\r\n", b"x" * 999],
    ids=["8bit", "bare-lf", "trailing-blank", "from", "long-line"],
)
def test_a_body_that_servers_change_is_made_safe(body: bytes) -> None:
    header = b"Content-Type: text/plain; charset=utf-8\r\n\r\n"
    (encoded,) = payload_of(parse_message(OUTER + header + body))
    assert parse_entity(encoded).decoded() == bytes(canonical(body))
    assert is_mail_safe(encoded)


def test_the_boundary_does_not_occur_in_what_is_signed() -> None:
    first = "=_" + (1).to_bytes(16, "big").hex()
    raw = OUTER + TEXT + first.encode() + b"\r\n"
    chunks = sign(parse_message(raw), [identity("alice")], at=NOW, rng=counting()).chunks()
    signed = parse_message(joined(chunks)).root
    assert signed.content_type.params["boundary"] != first
    assert len(signed.children) == 2
