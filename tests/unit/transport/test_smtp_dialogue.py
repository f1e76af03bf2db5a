"""What is written to the next hop: profile and dot-stuffing, chunk by chunk."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from siegel.transport.data_reader import DataReader
from siegel.transport.smtp_dialogue import profile, stuffed

pieces = st.lists(
    st.sampled_from([b"\r\n", b".", b"x", b"\r\n.", b"\xe4", b"", b"\r\n\r\n", b":"]), max_size=30
)
canonical = st.lists(st.sampled_from([b"", b".", b"..", b".x", b"x\xe4\0"]), max_size=30)


@given(canonical, st.lists(st.integers(0, 200), max_size=8))
def test_the_receiver_gets_the_same_octets(lines: list[bytes], cuts: list[int]) -> None:
    message = b"".join(line + b"\r\n" for line in lines)
    edges = sorted({0, len(message), *(cut % (len(message) + 1) for cut in cuts)})
    chunks = [message[a:b] for a, b in itertools.pairwise(edges)]
    wire = b"".join(stuffed(chunks))
    reader = DataReader(10**6)
    assert reader.feed(wire) == b""
    assert reader.message() == message


@given(pieces)
def test_the_profile_does_not_depend_on_the_chunks(chunks: list[bytes]) -> None:
    whole = b"".join(chunks)
    found = profile(chunks)
    assert found == profile([whole])
    assert found.size == len(whole)
    assert found.eight_bit == (b"\xe4" in whole)
    header = whole.partition(b"\r\n\r\n")[0] if not whole.startswith(b"\r\n") else b""
    assert found.eight_bit_header == (b"\xe4" in header)
    assert found.canonical


@given(st.lists(st.sampled_from([b"\r", b"\n", b"x"]), max_size=12))
def test_a_bare_cr_or_lf_is_seen_across_chunks(chunks: list[bytes]) -> None:
    assert profile(chunks).canonical == (
        not set(b"\r\n") & set(b"".join(chunks).replace(b"\r\n", b""))
    )


def test_views_are_chunks_too() -> None:
    message = bytearray(b"Subject: x\r\n\r\n.\r\n" * 100_000)
    view = memoryview(message)
    assert b"".join(stuffed([view[:5], view[5:]])) == b"".join(stuffed([bytes(message)]))
