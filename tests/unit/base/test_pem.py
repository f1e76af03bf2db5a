"""Blocks of a PEM text are found in one pass, however often one begins."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

import siegel
from siegel.base.pem import blocks
from tests.work import Run, grows_in_proportion

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def test_blocks_come_in_their_order_with_label_body_and_lines() -> None:
    text = b"x\n-----BEGIN A-----\none\n-----END A-----\n-----BEGIN B C-----two-----END B C-----"
    for octets in (text, bytearray(text), memoryview(text)):
        found = list(blocks(octets))
        assert [block.label for block in found] == [b"A", b"B C"]
        assert [block.body for block in found] == [b"\none\n", b"two"]
        assert b"\n".join(block.whole for block in found) == text[2:]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(b"-----BEGIN A-----one", id="fail/never-closed"),
        pytest.param(b"-----BEGIN A-----one-----END B-----", id="fail/another-label"),
        pytest.param(b"one-----END A-----", id="fail/never-begun"),
        pytest.param(b"-----BEGIN A-----one-----BEGIN B-----two-----END A-----", id="fail/crossed"),
    ],
)
def test_what_is_no_block_is_passed_over(text: bytes) -> None:
    after = b"-----BEGIN C-----three-----END C-----"
    assert [block.body for block in blocks(text + after)] == [b"three"]


def _verify(data: bytes) -> object:
    return siegel.verify_detached(data, b"", anchors=(), at=NOW)


@pytest.mark.parametrize(
    ("reader", "label"),
    [
        pytest.param(_verify, b"A", id="fail/signature"),
        pytest.param(siegel.open_key_file, b"PRIVATE KEY", id="fail/key"),
        pytest.param(lambda data: siegel.open_pkcs12(data, "x"), b"PKCS12", id="fail/pkcs12"),
        pytest.param(siegel.parse_certificates, b"CERTIFICATE", id="fail/certificates"),
    ],
)
def test_blocks_that_never_end_take_linear_time(
    reader: Callable[[bytes], object], label: bytes
) -> None:
    begin = b"-----BEGIN %s-----" % label

    def made(size: int) -> Run:
        return lambda: _refused(reader, begin * (size // len(begin)))

    assert grows_in_proportion(made, 100_000)


def _refused(reader: Callable[[bytes], object], data: bytes) -> None:
    with pytest.raises(siegel.MalformedMessage):
        reader(data)
