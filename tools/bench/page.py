"""docs/performance.md from the results: tables as found, good or not, and what misses its goal."""

from collections.abc import Iterator, Sequence

from tools.bench import gateway, goals, imports, pages
from tools.bench.goals import Goals
from tools.bench.messages import SIZES
from tools.bench.results import BOUNCYCASTLE, FLOOR, LIBRARY, OURS, PROCESS, Results

OPERATIONS = tuple(goals.AT_MOST_THE_FLOOR)
_MIB = 1024 * 1024


def page(results: Results) -> str:
    return "\n".join(
        [
            _HEAD,
            *(f"- {line}" for line in results.machine),
            *_engine(results),
            *_memory(results),
            *_gateway(results),
            *_imports(results),
            *_pages(results),
            *_reading(results),
            "",
        ]
    )


_HEAD = """\
# Performance

Written by `make bench` (`python -m tools.bench`; `--quick` only shows that it runs); do not edit.
The figures are those of the run named here, good or not. Absolute times differ from run to run and
from machine to machine: quote ratios.

Measured are the public functions with everything they do: `smime.protect.sign` and `encrypt`,
`smime.open.open_message`, each with parsing the message before it. RSA-2048, one recipient, keys
and certificates loaded before; no certification path is judged. The messages are a short text and
a PDF in base64, CRLF. Candidate and yardsticks take turns, one call each in every round; figures
are medians of processor time (user and system, children included), because other programs were
running.
"""


def _engine(results: Results) -> Iterator[str]:
    yield _ENGINE
    for size in results.sizes:
        yield f"\n### {size}\n"
        rows = [_engine_row(results, size, operation) for operation in OPERATIONS]
        yield from _table(_ENGINE_HEAD, rows)


_ENGINE_HEAD = (
    "",
    "ours",
    "floor",
    "ours / floor",
    "goal",
    *(f"{name} / ours" for name in ("library", "process", "BouncyCastle")),
)
_ENGINE = """
## The engine

*Floor*: the same SHA-256, AES and RSA operations and nothing else – no base64, no MIME, no ASN.1,
no checks; AES runs through a buffer that stays in the cache. *Library*: libcrypto in this process,
memory to memory, its own S/MIME reader and writer. *Process*: `openssl cms`, the start of each
process included, and two of them where there are two steps. *BouncyCastle*: its S/MIME classes
with JavaMail and its own provider in one warm Java process, the processor time of the working
thread alone; its GCM is the one inside EnvelopedData. Times in milliseconds."""


def _engine_row(results: Results, size: str, operation: str) -> tuple[str, ...]:
    ours, floor = (results.timings[size, group, operation].median for group in (OURS, FLOOR))
    goal = _goal(goals.AT_MOST_THE_FLOOR, size, operation)
    return (
        operation,
        f"{ours * 1000:.2f}",
        f"{floor * 1000:.2f}",
        f"{ours / floor:.2f}",
        f"≤ {goal:g}" if goal else "–",
        *(
            _at_least(_ratio(results, size, operation, group), _goal(table, size, operation))
            for group, _, table in _OTHERS
        ),
    )


_OTHERS = (
    (LIBRARY, "libcrypto in process", goals.LIBRARY_AT_LEAST),
    (PROCESS, "`openssl cms`", goals.PROCESS_AT_LEAST),
    (BOUNCYCASTLE, "BouncyCastle", goals.BOUNCYCASTLE_AT_LEAST),
)


def _ratio(results: Results, size: str, operation: str, group: str) -> float | None:
    """How many times our time the other takes; None if it did not run."""
    other = results.timings.get((size, group, operation))
    if other is None:
        return None
    return other.median / results.timings[size, OURS, operation].median


def _at_least(ratio: float | None, goal: float | None) -> str:
    if ratio is None:
        return "–"
    return f"{ratio:.1f}" + (f" (≥ {goal:g})" if goal else "")


def _memory(results: Results) -> Iterator[str]:
    yield _MEMORY
    rows = [
        (operation, *(_peak(results, size, operation) for size in results.sizes))
        for operation in OPERATIONS
    ]
    yield from _table(("", *results.sizes), rows)


_MEMORY = """
## Memory

Peak of anonymous memory above the message, in a process of its own for each figure: MiB, and times
the message that is worked on. Goals from 1 MB: sign and verify 0.1, sign+encrypt 1.4,
decrypt+verify 1.05; at 10 KB 1 MB.
"""


def _peak(results: Results, size: str, operation: str) -> str:
    peak = results.peaks[size, operation]
    return f"{peak / _MIB:.1f} ({peak / results.sizes[size]:.2f} ×)"


def _gateway(results: Results) -> Iterator[str]:
    outcome = results.gateway
    if outcome is None:
        return
    yield _GATEWAY
    for size in dict.fromkeys(size for size, _ in outcome.results):
        yield f"\n### Mails of {size}\n"
        relay = outcome.results[size, gateway.PLAIN]
        rows = []
        for kind in gateway.KINDS:
            found = outcome.results[size, kind]
            rows.append(
                (
                    kind,
                    f"{found.rate:.0f}",
                    f"{relay.rate / found.rate:.1f}",
                    f"{found.cpu * 1000:.1f}",
                    f"{found.cpu / relay.cpu:.1f}" if relay.cpu else "–",
                )
            )
        head = ("", "mails/s", "relay / it", "ms of processor a mail", "it / relay")
        yield from _table(head, rows)
    yield ""
    for name, (idle, peak) in outcome.memory.items():
        yield (
            f"Memory of the {name} process: {idle / _MIB:.0f} MiB after its start, "
            f"{peak / _MIB:.0f} MiB at its peak."
        )


_GATEWAY = f"""
## The gateway

The real process (`siegel serve --only gateway`, SQLite, default settings) with one account and one
partner, {gateway.CONNECTIONS} connections, every mail another one, all to the same sink by SMTP.
*Relay*: the same listener and the same next hop with a handler that only submits. Client, sink and
gateway share the processors, so the processor time of a mail says more than mails a second."""


def _pages(results: Results) -> Iterator[str]:
    yield _PAGES
    _, empty = results.pages[pages.EMPTY]
    yield from _table(
        ("", "ms without rows", "ms with rows", "it / without rows", "it / an empty page"),
        [
            (
                name,
                f"{without * 1000:.1f}",
                f"{full * 1000:.1f}",
                f"{full / without:.1f} (≤ {goals.LIST_AT_MOST:g})",
                f"{full / empty:.1f}",
            )
            for name, (without, full) in results.pages.items()
        ],
    )


_PAGES = """
## The pages

Processor time of one request, the frame and the navigation included, for an administrator; SQLite,
100,000 certificates, contacts, journal entries, mail accounts, people and waiting certificates.
*Without rows* is the same page of an empty store, *an empty page* one that shows the navigation
only. A list shows 50 rows at most, so most of the difference is the writing of these rows."""


def _imports(results: Results) -> Iterator[str]:
    yield _IMPORTS
    yardstick, _, _ = results.imports[imports.YARDSTICK]
    yield from _table(
        ("", "ms", f"it / `{imports.YARDSTICK}`", "MiB of the interpreter", "modules"),
        [
            (
                f"`{statement}`",
                f"{seconds * 1000:.0f}",
                f"{seconds / yardstick:.2f}"
                + (f" (≤ {goals.IMPORT_AT_MOST:g})" if statement in imports.LIBRARY else ""),
                f"{octets / _MIB:.1f}",
                str(loaded),
            )
            for statement, (seconds, octets, loaded) in results.imports.items()
        ],
    )


_IMPORTS = """
## Imports

In a fresh interpreter each; processor time, anonymous memory afterwards, modules loaded.
"""


def _reading(results: Results) -> Iterator[str]:
    misses = list(_misses(results))
    yield "\n## Behind the goals\n"
    if not set(results.sizes) <= set(SIZES):
        yield "The goals are for other sizes than those of this run."
    elif not misses:
        yield "Nothing in this run."
    else:
        yield "Everything that misses its goal in this run:\n"
        yield from misses
        yield _WHY


_WHY = """
Why, as far as we know. At 10 KB it is the interpreter: a complete MIME tree, all attributes and
all findings cost some hundred microseconds of Python whatever the size of the message; OpenSSL
looks at less, and in C. Without instructions for SHA-256 and with shared processors the floor
itself is not four times ahead of a warm Java process there, because a private RSA operation is
most of both. From 1 MB it is looking for what mail servers change before signing,
base64, and fresh memory for the output. In the gateway the engine is the smaller part of a small
mail: by profile, most of its time goes into queries of the store, and on the way in into bringing
what is kept safely to disk."""


def _misses(results: Results) -> Iterator[str]:
    for size in results.sizes:
        for operation in OPERATIONS:
            yield from _missed(results, size, operation)
    yardstick, _, _ = results.imports[imports.YARDSTICK]
    for statement in imports.LIBRARY:
        ratio = results.imports[statement][0] / yardstick
        if ratio > goals.IMPORT_AT_MOST:
            yield f"- `{statement}`: {ratio:.2f} × the yardstick, goal {goals.IMPORT_AT_MOST:g}"
    for name, (without, full) in results.pages.items():
        if full / without > goals.LIST_AT_MOST:
            ratio = full / without
            yield f"- {name}: {ratio:.1f} × the page without rows, goal {goals.LIST_AT_MOST:g}"


def _missed(results: Results, size: str, operation: str) -> Iterator[str]:
    ours, floor = (results.timings[size, group, operation].median for group in (OURS, FLOOR))
    most = _goal(goals.AT_MOST_THE_FLOOR, size, operation)
    if most and ours / floor > most:
        yield f"- {operation}, {size}: {ours / floor:.2f} × the floor, goal {most:g}"
    for group, words, table in _OTHERS:
        ratio, least = _ratio(results, size, operation, group), _goal(table, size, operation)
        if ratio and least and ratio < least:
            yield f"- {operation}, {size}: {words} takes {ratio:.2f} × our time, goal {least:g}"
    most = _goal(goals.MEMORY_AT_MOST, size, operation)
    peak = results.peaks[size, operation] / results.sizes[size]
    if most and peak > most:
        yield f"- {operation}, {size}: {peak:.2f} × the message in memory, goal {most:.3g}"


def _goal(table: Goals, size: str, operation: str) -> float | None:
    return table[operation][tuple(SIZES).index(size)] if size in SIZES else None


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{'|'.join('---' for _ in head)}|"
    for row in rows:
        yield f"| {' | '.join(row)} |"
