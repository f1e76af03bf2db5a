"""The table of cases as it stands in ``docs/security.md`` between its two marks."""

from collections.abc import Iterator
from pathlib import Path

from tests.spoof.case import Case, Family
from tests.spoof.cases import CASES
from tests.spoof.papers import ATTACKS, Attack, verdicts

PAGE = Path(__file__).parents[2] / "docs" / "security.md"
BEGIN = "<!-- cases: written by `python -m tests.spoof --page` -->\n"
END = "<!-- end of cases -->\n"


def with_cases(page: str) -> str:
    """``page`` with the table as it is now."""
    before, _, rest = page.partition(BEGIN)
    return before + BEGIN + table() + END + rest.partition(END)[2]


def table() -> str:
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield from _attacks()
    yield "\n| Class | Cases | Shown as good | for whom |\n|---|---|---|---|"
    for family in Family:
        cases = [case for case in CASES if case.family is family]
        good = [case.about for case in cases if case.about]
        yield f"| {family} | {len(cases)} | {len(good)} | {_each(good) or 'nobody'} |"
    for family in Family:
        yield f"\n### {family}\n\n| Case | Verdict | Said about it |\n|---|---|---|"
        for case in CASES:
            if case.family is family:
                yield f"| {_plain(case.name)} | {_verdict(case)} | {_each(sorted(case.said))} |"
    yield ""


def _attacks() -> Iterator[str]:
    """The published attacks with what became of our trials."""
    yield "\n| Attack | Cases | Verdicts | Not prevented |\n|---|---|---|---|"
    for attack in ATTACKS:
        tried = len(attack.cases) + len(attack.tests)
        yield f"| {attack.name} ({attack.paper}) | {tried} | {_tally(attack)} | {attack.left} |"


def _tally(attack: Attack) -> str:
    seen = [f"{summary} {count}" for summary, count in verdicts(attack.cases).items()]
    good = dict.fromkeys(case.about for case in attack.cases if case.about)
    whom = f" (for {', '.join(good)})" if good else ""
    elsewhere = [f"{len(attack.tests)} tests of what our people send or bind"]
    return ", ".join([*seen, *(elsewhere if attack.tests else [])]) + whom


def _verdict(case: Case) -> str:
    return f"{case.summary} for {case.about}" if case.about else case.summary


def _each(values: list[str]) -> str:
    return ", ".join(f"`{value}`" for value in dict.fromkeys(values))


def _plain(name: str) -> str:
    return name.replace("|", "\\|").replace("<", "&lt;")
