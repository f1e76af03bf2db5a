"""The text of DATA, compared with RFC 5321 §4.5.2 applied line by line."""

from hypothesis import given
from hypothesis import strategies as st

from siegel.transport.data_reader import DataReader

octets = st.lists(
    st.sampled_from([b"\r\n", b".", b"x", b"\r\n.", b"..", b"\0", b"\xff", b"\r", b"\n"]),
    max_size=40,
).map(b"".join)
lines = st.lists(st.sampled_from([b"", b".", b"..", b".x", b"x", b"\xe4\0", b" "]), max_size=30)


def read(wire: bytes, cuts: list[int], limit: int = 10**6) -> tuple[DataReader, bytes | None]:
    reader = DataReader(limit)
    start = 0
    for cut in [*sorted(cut % (len(wire) + 1) for cut in cuts), len(wire)]:
        block, start = wire[start:cut], cut
        rest = reader.feed(block)
        if rest is not None:
            return reader, rest + wire[start:]
    return reader, None


@given(lines, st.lists(st.integers(0, 1000), max_size=8), st.sampled_from([b"", b"QUIT\r\n"]))
def test_stuffed_lines_come_back_however_they_are_cut(
    message: list[bytes], cuts: list[int], behind: bytes
) -> None:
    wire = b"".join((b"." if x.startswith(b".") else b"") + x + b"\r\n" for x in message)
    reader, rest = read(wire + b".\r\n" + behind, cuts)
    assert rest == behind
    assert not reader.bare_line_end
    assert reader.message() == b"".join(x + b"\r\n" for x in message)


@given(octets, st.lists(st.integers(0, 200), max_size=6))
def test_only_the_real_end_ends_and_every_bare_line_end_is_seen(
    text: bytes, cuts: list[int]
) -> None:
    wire = text + b"\r\n.\r\n"
    end = (b"\r\n" + wire).index(b"\r\n.\r\n")
    reader, rest = read(wire, cuts)
    assert rest == wire[end + 3 :]
    taken = wire[:end]
    assert reader.bare_line_end == bool(taken.replace(b"\r\n", b"").strip(b"\0.x\xff"))


@given(st.integers(0, 60), st.integers(0, 60))
def test_the_limit_is_exact(size: int, limit: int) -> None:
    reader, rest = read(b"y" * size + b"\r\n.\r\n", [], limit)
    assert rest == b""
    assert reader.too_big == (size + 2 > limit)


def test_nothing_is_kept_of_a_refused_message() -> None:
    reader = DataReader(100)
    for _ in range(10):
        reader.feed(b"z" * 1000)
    assert reader.size == 0
    assert reader.received == 10_000
