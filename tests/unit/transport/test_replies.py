"""What peers are told, and what not."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from siegel.base import errors
from siegel.base.errors import SiegelError
from siegel.transport import replies
from siegel.transport.envelope import Role
from siegel.transport.replies import Reply
from siegel.transport.submission import Refusal

LINE = re.compile(rb"[2-5][0-9][0-9][ -][\x20-\x7e]*\Z")


@given(st.text(max_size=3000), st.sampled_from(["", "5.7.1"]))
def test_a_reply_is_ascii_lines_within_512_octets(text: str, enhanced: str) -> None:
    lines = Reply(550, enhanced, text).lines()
    assert all(LINE.match(line) and len(line) <= 510 for line in lines)
    assert [line[3:4] for line in lines] == [b"-"] * (len(lines) - 1) + [b" "]
    assert all(line[4:].startswith(enhanced.encode()) for line in lines)


def test_a_long_line_loses_no_words() -> None:
    words = [f"word{number}" for number in range(500)]
    lines = Reply(550, "5.7.1", " ".join(words)).lines()
    assert b" ".join(line[10:] for line in lines).decode().split() == words


def test_the_writer_reads_why_for_each_recipient() -> None:
    reasons = {"bob@x.example": ["no certificate"], "eve@x.example": ["expired", "not trusted"]}
    lines = replies.refused_by_policy(Role.OUTBOUND, "J-17", reasons).lines()
    assert lines[0].startswith(b"550-5.7.1 ")
    assert b"J-17" in lines[0]
    assert lines[1:] == (
        b"550-5.7.1 bob@x.example: no certificate",
        b"550-5.7.1 eve@x.example: expired",
        b"550 5.7.1 eve@x.example: not trusted",
    )


def test_a_thousand_recipients_do_not_make_a_thousand_lines() -> None:
    reasons = {f"r{number}@x.example": ["no certificate"] for number in range(1000)}
    lines = replies.refused_by_policy(Role.OUTBOUND, "J-17", reasons).lines()
    assert len(lines) == replies.MAX_LINES
    assert b"942 more" in lines[-1]


def test_strangers_learn_nothing() -> None:
    reply = replies.refused_by_policy(Role.INBOUND, "J-17", {"bob@x.example": ["no key"]})
    assert reply.code == 550
    assert not re.search("J-17|bob|key", reply.text)


def test_what_time_may_heal_is_temporary() -> None:
    assert "J-17" in replies.held_by_policy(Role.OUTBOUND, "J-17").text
    assert "J-17" not in replies.held_by_policy(Role.INBOUND, "J-17").text
    assert replies.held_by_policy(Role.INBOUND, "J-17").code == 451


ALL_ERRORS = [
    e for e in vars(errors).values() if isinstance(e, type) and issubclass(e, SiegelError)
]


@pytest.mark.parametrize("error", ALL_ERRORS, ids=lambda error: str(error.code))
def test_every_error_has_a_harmless_reply(error: type[SiegelError]) -> None:
    reply = replies.for_error(error("secret words", detail="secret parameter"))
    assert "secret" not in reply.text
    assert reply.enhanced[0] == str(reply.code)[0]
    assert replies.for_error(error("x", temporary=True)).code == 451


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("malformed", 554),
        ("malformed_address", 553),
        ("limit_exceeded", 552),
        ("configuration", 451),
        ("decryption_failed", 451),
        ("wrong_passphrase", 451),
        ("key_unavailable", 451),
        ("transport", 451),
    ],
)
def test_only_the_senders_faults_are_final(code: str, expected: int) -> None:
    (error,) = [e for e in ALL_ERRORS if e.code == code]
    assert replies.for_error(error("x")).code == expected


def refusal(code: int, enhanced: str) -> Refusal:
    return Refusal(code=code, enhanced=enhanced, text="internal.host says", permanent=code >= 500)


@pytest.mark.parametrize(
    ("refusals", "code", "enhanced"),
    [
        ([refusal(550, "5.1.1")], 550, "5.1.1"),
        ([refusal(550, "5.1.1"), refusal(552, "5.2.2")], 550, "5.0.0"),
        ([refusal(550, "5.1.1"), refusal(452, "4.2.2")], 451, "4.4.0"),
        ([], 451, "4.4.0"),
    ],
    ids=["ok/one", "ok/mixed-final", "ok/one-temporary", "ok/none"],
)
def test_refusals_are_final_only_together(
    refusals: list[Refusal], code: int, enhanced: str
) -> None:
    reply = replies.for_refusals(refusals)
    assert (reply.code, reply.enhanced) == (code, enhanced)
    assert "internal.host" not in reply.text
