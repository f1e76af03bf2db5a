"""The main journeys as transcripts: what an administrator types, and what is answered.

A transcript (``transcripts/*.txt``) is a list of ``$ command`` lines, each followed by what the
command prints (standard output, then standard error) and, unless it is 0, ``# exit N``. ``[..]``
stands for anything within a line. Lines before the first command say what the journey is.
"""

import fnmatch
import shlex
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.cli.command import Office, Said, quick
from tests.cli.desk import ALICE, HUBER, Desk
from tests.world import WORLD

FOLDER = Path(__file__).parent / "transcripts"
ANYTHING = "[..]"


@dataclass(frozen=True, slots=True)
class Step:
    command: str
    expected: tuple[str, ...]


def steps(text: str) -> Iterator[Step]:
    blocks = ("\n" + text.rstrip("\n")).split("\n$ ")[1:]
    for block in blocks:
        command, *expected = block.rstrip("\n").split("\n")
        yield Step(command, tuple(expected))


def shown(said: Said) -> tuple[str, ...]:
    lines = (said.text + said.err).splitlines()
    return (*lines, f"# exit {said.code}") if said.code else tuple(lines)


def fits(line: str, expected: str) -> bool:
    pattern = "*".join(
        part.replace("[", "[[]").replace("?", "[?]").replace("*", "[*]")
        for part in expected.split(ANYTHING)
    )
    return fnmatch.fnmatchcase(line, pattern)


def prepare(folder: Path) -> None:
    """The files that the journeys speak of."""
    desk = Desk(folder)
    for written in (desk.root, desk.issuing, desk.passphrase, desk.plain(), desk.signed()):
        assert written
    desk.encrypted(HUBER)
    desk.p12(ALICE)
    desk.p12(HUBER)
    desk.certificate(HUBER)
    desk.certificate(WORLD.person("emil"))
    desk.file("rita.eml", Path(desk.signed(WORLD.person("rita"))).read_bytes())
    desk.signed()
    desk.crl()
    desk.file("wrong", b"falsch\n")
    desk.file("notes.txt", b"")


def play(name: str, ask: Callable[..., Said]) -> None:
    for step in steps((FOLDER / name).read_text("utf-8")):
        program, *arguments = shlex.split(step.command)
        assert program == "siegel"
        printed = shown(ask(*arguments))
        same = len(printed) == len(step.expected) and all(map(fits, printed, step.expected))
        assert same, f"$ {step.command}\n" + "\n".join(printed)


@pytest.mark.parametrize("name", ["messages.txt", "paths.txt"])
def test_journeys_without_a_store(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare(tmp_path)
    monkeypatch.chdir(tmp_path)
    play(name, quick)


@pytest.mark.parametrize("name", ["first_day.txt", "locked_file.txt"])
def test_journeys_in_an_office(name: str, office: Office) -> None:
    prepare(office.folder)
    play(name, office.ask)


def test_every_transcript_is_played() -> None:
    files = {file.name for file in FOLDER.iterdir()}
    assert files == {"messages.txt", "paths.txt", "first_day.txt", "locked_file.txt"}


def test_the_runner_notices_a_difference() -> None:
    assert fits("new: CN=x sha256 abc", "new: [..] sha256 [..]")
    assert not fits("old: CN=x", "new: [..]")
    assert fits("a*b", "a*b")
    assert not fits("axb", "a*b")
