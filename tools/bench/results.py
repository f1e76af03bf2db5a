"""Run everything: the engine by size, its memory, the gateway, the imports."""

import tempfile
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from tools.bench import (
    bouncycastle,
    engine,
    floor,
    gateway,
    imports,
    machine,
    memory,
    messages,
    pages,
)
from tools.bench.bouncycastle import BouncyCastle
from tools.bench.measuring import Case, Timing, interleaved
from tools.bench.openssl_library import Library
from tools.bench.openssl_process import Files

OURS, FLOOR, LIBRARY, PROCESS, BOUNCYCASTLE = "ours", "floor", "library", "process", "bc"
_WARM = 2_000_000  # octets up to which a call that is not measured goes before each measured one


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """How long to measure. ``rounds`` by size: quick ones more often."""

    sizes: Mapping[str, int]
    rounds: Mapping[str, int]
    gateway_sizes: Mapping[str, int]
    mails: int
    gateway_rounds: int
    import_rounds: int
    rows: int
    page_rounds: int


FULL = Effort(
    sizes=messages.SIZES,
    rounds={"10 KB": 40, "1 MB": 15, "25 MB": 7},
    gateway_sizes={"5 KB": 5_000, "100 KB": 100_000},
    mails=32,
    gateway_rounds=4,
    import_rounds=7,
    rows=100_000,
    page_rounds=15,
)
QUICK = Effort(
    sizes=messages.TINY,
    rounds=dict.fromkeys(messages.TINY, 2),
    gateway_sizes={"5 KB": 5_000},
    mails=4,
    gateway_rounds=1,
    import_rounds=1,
    rows=200,
    page_rounds=1,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """``timings`` by (size, yardstick, operation); ``peaks`` by (size, operation): octets.
    ``pages``: seconds by name, without rows and with them."""

    sizes: Mapping[str, int]
    timings: Mapping[tuple[str, str, str], Timing]
    peaks: Mapping[tuple[str, str], int]
    gateway: gateway.Outcome | None
    imports: Mapping[str, tuple[float, float, int]]
    pages: Mapping[str, tuple[float, float]]
    machine: list[str]


def measured(effort: Effort, *, with_gateway: bool, say: Callable[[str], None]) -> Results:
    people = engine.office()
    loads = [machine.load()]
    timings: dict[tuple[str, str, str], Timing] = {}
    peaks: dict[tuple[str, str], int] = {}
    outcome: gateway.Outcome | None = None
    with tempfile.TemporaryDirectory() as name, ExitStack() as running:
        java = _java(Path(name), people, running, say)
        for size, octets in effort.sizes.items():
            say(f"engine, {size}")
            folder = Path(name) / size.replace(" ", "-")
            folder.mkdir()
            inputs = engine.Inputs.of(messages.message(octets), people)
            timings |= _timings(size, effort.rounds[size], people, inputs, folder, java)
            peaks |= _peaks(size, people, inputs, folder)
            loads.append(machine.load())
        say("imports")
        imported = imports.measured(effort.import_rounds)
        say(f"pages, {effort.rows} rows")
        lists = Path(name) / "pages"
        lists.mkdir()
        listed = pages.measured(lists, rows=effort.rows, rounds=effort.page_rounds)
        loads.append(machine.load())
        if with_gateway:
            say("gateway")
            outcome = gateway.measured(
                Path(name), effort.gateway_sizes, mails=effort.mails, rounds=effort.gateway_rounds
            )
            loads.append(machine.load())
    return Results(
        sizes=effort.sizes,
        timings=timings,
        peaks=peaks,
        gateway=outcome,
        imports=imported,
        pages=listed,
        machine=machine.lines(loads),
    )


def _java(
    folder: Path, people: engine.Office, running: ExitStack, say: Callable[[str], None]
) -> BouncyCastle | None:
    """The Java process, warm; None where it cannot run."""
    if bouncycastle.missing() is not None:
        return None
    say("BouncyCastle, warming up")
    own = folder / "bouncycastle"
    own.mkdir()
    java = running.enter_context(BouncyCastle(own))
    java.warm_up(engine.Inputs.of(messages.message(min(messages.SIZES.values())), people))
    return java


def _timings(
    size: str,
    rounds: int,
    people: engine.Office,
    inputs: engine.Inputs,
    folder: Path,
    java: BouncyCastle | None,
) -> dict[tuple[str, str, str], Timing]:
    groups: dict[str, Mapping[str, Callable[[], object]]] = {
        OURS: engine.operations(people, inputs),
        FLOOR: floor.operations(inputs.plain),
        LIBRARY: Library().operations(inputs),
        PROCESS: Files(folder, inputs).operations(),
        **({BOUNCYCASTLE: java.operations(inputs)} if java else {}),
    }
    names = {
        f"{group} {operation}": (size, group, operation)
        for operation in groups[OURS]
        for group in groups
    }
    cases = [
        Case(name, groups[group][operation], own_clock=group == BOUNCYCASTLE)
        for name, (_, group, operation) in names.items()
    ]
    warm = len(inputs.plain) < _WARM
    found = interleaved(cases, rounds, warm=warm)
    return {names[name]: timing for name, timing in found.items()}


def _peaks(
    size: str, people: engine.Office, inputs: engine.Inputs, folder: Path
) -> dict[tuple[str, str], int]:
    names = engine.operations(people, inputs)
    given = {operation: memory.input_of(operation, inputs) for operation in names}
    found = memory.measured(given, folder)
    return {(size, operation): octets for operation, octets in found.items()}
