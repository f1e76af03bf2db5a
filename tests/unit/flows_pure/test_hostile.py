"""Whatever is done to a message on its way: no exception, and never green for changed octets."""

from functools import cache, partial
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from siegel.base.errors import LimitExceeded, MalformedMessage
from siegel.base.findings import Finding
from siegel.policy.inbound import CryptographicSummary
from siegel.smime.layers import OpenedMessage
from tests.peers import mime
from tests.unit.smime import mails
from tests.unit.smime.mails import TEXT, judged, mail, opened
from tests.unit.smime.test_structure import parts, signature
from tests.work import costs_alike

GREEN = (CryptographicSummary.VERIFIED, CryptographicSummary.CONFIDENTIAL)
SHAPES = ("detached", "opaque", "sealed", "gcm", "triple", "two", "ecdsa", "ed25519")
NAMES = {"ecdsa": "dana", "ed25519": "carla"}
SENDERS = {"ecdsa": b"dana@partner.example", "ed25519": b"carla@partner.example"}


@cache
def message(shape: str) -> bytes:
    plain = mails.MAIL.replace(
        b"alice@office.example>", SENDERS.get(shape, b"alice@office.example") + b">"
    )
    match shape:
        case "sealed":
            return mails.sealed_mail("alice", "huber", mail=plain)
        case "gcm":
            return mails.sealed_mail("alice", "huber", "dana", mail=plain, cipher="aes256-gcm")
        case "triple":
            return mails.signed_mail("alice", mail=message("sealed"))
        case "two":
            return mails.signed_mail("dana", "alice", mail=plain)
    return mails.signed_mail(NAMES.get(shape, "alice"), mail=plain, opaque=shape == "opaque")


def is_same_text(found: OpenedMessage) -> bool:
    """Bare line feeds are what stores make of line ends: the same text."""
    return bytes(found.payload.exact).replace(b"\r\n", b"\n") == TEXT.replace(b"\r\n", b"\n")


def looked_at(raw: bytes) -> OpenedMessage | None:
    try:
        return opened(raw, "huber")
    except (MalformedMessage, LimitExceeded):
        return None  # said by the parser: no message, or too large to be looked at


@pytest.mark.parametrize("shape", SHAPES)
def test_unchanged_messages_are_green(shape: str) -> None:
    found = opened(message(shape), "huber")

    assert judged(found).summary in GREEN
    assert is_same_text(found)


edits = st.lists(st.tuples(st.integers(0, 20_000), st.binary(min_size=1, max_size=3)), max_size=4)
cuts = st.none() | st.tuples(st.integers(0, 20_000), st.integers(1, 400))


def changed(raw: bytes, edits: list[tuple[int, bytes]], cut: tuple[int, int] | None) -> bytes:
    octets = bytearray(raw)
    for position, new in edits:
        at = position % len(octets)
        octets[at : at + len(new)] = new
    if cut is not None:
        at = cut[0] % len(octets)
        del octets[at : at + cut[1]]
    return bytes(octets)


@pytest.mark.requirement("A4", "A6", "A19")
@settings(max_examples=1200, deadline=None)
@given(shape=st.sampled_from(SHAPES), edits=edits, cut=cuts)
def test_a_changed_message_is_never_green_for_another_text(
    shape: str, edits: list[tuple[int, bytes]], cut: tuple[int, int] | None
) -> None:
    found = looked_at(changed(message(shape), edits, cut))

    if found is not None and judged(found).summary in GREEN:
        assert is_same_text(found)


@pytest.mark.requirement("A6")
@settings(max_examples=300, deadline=None)
@given(
    first=st.sampled_from(SHAPES),
    second=st.sampled_from(SHAPES),
    at=st.integers(0, 20_000),
    to=st.integers(0, 20_000),
)
def test_two_messages_cut_together_are_never_green_for_another_text(
    first: str, second: str, at: int, to: int
) -> None:
    one, other = message(first), message(second)

    found = looked_at(one[: at % len(one)] + other[to % len(other) :])

    if found is not None and judged(found).summary in GREEN:
        assert is_same_text(found)


@settings(max_examples=400, deadline=None)
@given(
    text=st.binary(max_size=200),
    kind=st.sampled_from(["signed-data", "enveloped-data", "certs-only"]),
)
def test_arbitrary_octets_as_cms_are_a_finding(text: bytes, kind: mime.SmimeType) -> None:
    found = opened(mail(mime.pkcs7_mime(text, kind)), "huber")

    assert found.layers == ()
    assert {Finding.MALFORMED, Finding.UNSUPPORTED, Finding.TOO_COMPLEX} & set(found.findings)


@pytest.mark.requirement("A6")
def test_every_single_octet_of_the_signed_text_matters() -> None:
    raw = message("detached")
    start = raw.index(TEXT)

    green = [
        position
        for position in range(start, start + len(TEXT))
        if judged(opened(raw[:position] + bytes([raw[position] ^ 1]) + raw[position + 1 :])).summary
        in GREEN
    ]

    assert green == []


@pytest.mark.parametrize("shape", ["detached", "sealed"])
def test_a_message_cut_off_anywhere_is_never_green_for_another_text(shape: str) -> None:
    raw = message(shape)

    for length in range(0, len(raw), 37):
        found = looked_at(raw[:length])
        if found is not None and judged(found).summary in GREEN:
            assert is_same_text(found)


def _seeds(corpora: Path) -> list[Path]:
    found = [path for path in (corpora / "openssl" / "fuzz").rglob("*") if path.is_file()]
    return sorted(found)


def _summary(raw: bytes) -> CryptographicSummary:
    return judged(opened(raw, "huber")).summary


def _ordinary() -> None:
    assert _summary(message("detached")) in GREEN


SLOW = 500
"""Times the cost of an ordinary message. It is there to find what never ends, not to measure."""


def test_no_seed_of_openssl_s_fuzzers_is_too_much(corpora: Path) -> None:
    seeds = _seeds(corpora)
    slow, green = [], []
    for path in seeds:
        blob = path.read_bytes()
        for raw in (
            mail(mime.pkcs7_mime(blob, "signed-data")),
            mail(parts(TEXT, signature(blob))),
        ):
            if _summary(raw) in GREEN:
                green.append(path.name)
            if not costs_alike(partial(_summary, raw), _ordinary, factor=SLOW):
                slow.append(path.name)

    assert len(seeds) > 600
    assert green == []
    assert slow == []
