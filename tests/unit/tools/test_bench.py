"""The bench still runs, and its page says what was measured; no figure is judged here."""

from contextlib import ExitStack
from functools import partial
from pathlib import Path

import pytest
from tools.bench import __main__ as bench
from tools.bench import engine, gateway, goals, messages
from tools.bench.measuring import Case, interleaved

from siegel.mime.parse import parse_message
from tests.peers.process import free_ports


def test_a_quick_run_writes_a_page_with_every_operation(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "page.md"
    bench.main(["--quick", "--engine-only", "--out", str(out)])
    page = out.read_text("utf-8")
    assert page in capsys.readouterr().out
    for operation in goals.AT_MOST_THE_FLOOR:
        assert page.count(f"| {operation} |") == 2  # time and memory
    assert "`from siegel import open_message`" in page
    assert "`import siegel.smime.open`" in page
    assert "| certificates, searched |" in page


def test_a_quick_run_leaves_the_committed_figures_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[Path] = []
    monkeypatch.setattr(bench, "measured", lambda *_, **__: None)
    monkeypatch.setattr(bench, "page", lambda _: "figures")
    monkeypatch.setattr(Path, "write_text", lambda path, *_: written.append(path))
    bench.main(["--quick"])
    bench.main(["--engine-only"])
    assert written == []
    bench.main([])
    assert written == [bench.PAGE]


@pytest.mark.parametrize("size", messages.SIZES.values(), ids=messages.SIZES)
def test_messages_have_the_size_they_are_named_by(size: int) -> None:
    raw = messages.message(size)
    assert abs(len(raw) - size) < size // 20
    text, pdf = parse_message(raw).root.children
    assert (text.media, pdf.media) == ("text/plain", "application/pdf")


def test_every_goal_is_about_an_operation_that_is_measured() -> None:
    people = engine.office()
    measured = engine.operations(people, engine.Inputs.of(messages.message(2000), people))
    for table in (goals.LIBRARY_AT_LEAST, goals.PROCESS_AT_LEAST, goals.MEMORY_AT_MOST):
        assert table.keys() == goals.AT_MOST_THE_FLOOR.keys() == measured.keys()


def test_cases_take_turns_and_the_first_round_is_not_counted() -> None:
    calls: list[str] = []
    cases = [Case(name, partial(calls.append, name)) for name in "ab"]
    assert interleaved(cases, 2, warm=False).keys() == {"a", "b"}
    assert "".join(calls) == "ababab"


def test_the_gateway_harness_sends_every_mail_through_the_relay(tmp_path: Path) -> None:
    sink_port, relay_port = free_ports(2)
    make = gateway.plain_mails("alice@office.example", "huber@school.example")
    with ExitStack() as running:
        running.enter_context(gateway.listening("sink", (sink_port,), tmp_path))
        relay = running.enter_context(gateway.listening("relay", (relay_port, sink_port), tmp_path))
        flow = gateway.flow_of(
            relay_port, relay, "alice@office.example", "huber@school.example", make
        )
        rate, cpu = gateway.sent(flow, [make(2000, number) for number in range(5)])
    assert rate > 0
    assert cpu >= 0


def test_a_mail_that_is_refused_fails_the_measurement(tmp_path: Path) -> None:
    """A gateway that answers "try again later" quickly must not count as quick."""
    relay_port, nobody = free_ports(2)
    make = gateway.plain_mails("alice@office.example", "huber@school.example")
    with gateway.listening("relay", (relay_port, nobody), tmp_path) as relay:
        flow = gateway.flow_of(
            relay_port, relay, "alice@office.example", "huber@school.example", make
        )
        with pytest.raises(AssertionError, match="451"):
            gateway.sent(flow, [make(2000, 1)])
