"""What goes in and comes out: blocks, limits, progress, and nothing left behind when it stops."""

import errno
import io
import os
import pty
import select
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from siegel.base.buffers import Buffer
from siegel.base.errors import NotFound
from siegel.cli.exits import CliError
from siegel.cli.progress import LARGE, SILENT, Progress
from siegel.cli.reading import BLOCK, read_input, read_message
from siegel.cli.writing import write_output
from tests.cli.command import quick, siegel
from tests.cli.desk import ALICE, HUBER, Desk

MIB = 1024 * 1024
FILLING = b"Und noch eine Zeile, damit es dauert, bis alles gelesen ist.\r\n"


def large(desk: Desk, size: int = LARGE + MIB) -> str:
    plain = Path(desk.plain())
    text = plain.read_bytes() + FILLING * (size // len(FILLING))
    plain.write_bytes(text)
    return str(plain)


def names(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir())


# reading


@pytest.mark.parametrize("size", [0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK + 7])
def test_a_file_is_read_whole_whatever_its_size(tmp_path: Path, size: int) -> None:
    content = os.urandom(size)
    (tmp_path / "a").write_bytes(content)
    assert read_message(str(tmp_path / "a")) == content
    assert read_input(str(tmp_path / "a")) == content


def test_a_pipe_is_read_to_its_end(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    content = os.urandom(2 * BLOCK + 5)
    (tmp_path / "a").write_bytes(content)
    with subprocess.Popen(
        ["/bin/cp", str(tmp_path / "a"), "/dev/stdout"], stdout=subprocess.PIPE
    ) as c:
        assert c.stdout is not None
        name = f"/proc/self/fd/{c.stdout.fileno()}"
        assert read_message(name) == content


def test_a_file_too_large_is_refused_by_its_size_alone(tmp_path: Path) -> None:
    with (tmp_path / "sparse").open("wb") as file:
        file.truncate(1 << 40)  # a terabyte that takes no room; reading it would take hours
    with pytest.raises(CliError, match="larger than"):
        read_message(str(tmp_path / "sparse"))


def test_a_pipe_without_end_is_refused_at_the_limit() -> None:
    with pytest.raises(CliError, match="larger than"):
        read_message("/dev/zero", most=3 * MIB)


def test_a_missing_file_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="fehlt"):
        read_message(str(tmp_path / "fehlt"))


def test_the_limit_of_the_message_can_be_set(desk: Desk) -> None:
    file = large(desk, 2 * MIB)
    assert quick("message", "open", file, "--max-mib", "1").code == 65
    assert quick("message", "open", file, "--max-mib", "3").code == 1
    said = quick("message", "open", "-", "--max-mib", "1", stdin=Path(file).read_bytes())
    assert (said.code, said.out) == (65, b"")


# writing


def test_a_file_is_replaced_at_the_end_and_keeps_its_mode(tmp_path: Path) -> None:
    target = tmp_path / "out"
    target.write_bytes(b"old")
    target.chmod(0o640)
    write_output(str(target), [b"new ", memoryview(b"content")])
    assert target.read_bytes() == b"new content"
    assert target.stat().st_mode & 0o777 == 0o640
    assert names(tmp_path) == ["out"]


def test_behind_a_link_the_file_is_replaced_and_the_link_stays(tmp_path: Path) -> None:
    (tmp_path / "real").write_bytes(b"old")
    (tmp_path / "link").symlink_to("real")
    write_output(str(tmp_path / "link"), [b"new"])
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_bytes() == b"new"


def test_a_device_is_written_to_and_never_replaced(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with subprocess.Popen(["/bin/cat", str(pipe)], stdout=subprocess.PIPE) as reader:
        write_output(str(pipe), [b"eins ", b"zwei"])
        assert reader.communicate()[0] == b"eins zwei"
    assert pipe.is_fifo()


def test_links_that_lead_nowhere_are_an_error_and_no_riddle(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to("loop")
    with pytest.raises(CliError, match="cannot write"):
        write_output(str(tmp_path / "loop"), [b"new"])


def test_a_pipe_without_a_name_is_written_to(tmp_path: Path) -> None:
    """/dev/fd of a shell's process substitution; its links lead to no path."""
    with subprocess.Popen(["/bin/cat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as reader:
        assert reader.stdin is not None
        write_output(f"/dev/fd/{reader.stdin.fileno()}", [b"eins ", b"zwei"])
        assert reader.communicate()[0] == b"eins zwei"


STREAMS = [
    pytest.param("{} -o /dev/stdout | /bin/cat > out", b"", id="ok/pipe"),
    pytest.param("echo first > out; {} -o /dev/stdout >> out", b"first\n", id="ok/appended"),
    pytest.param("(echo first; {} -o /dev/stdout) > out", b"first\n", id="ok/continued"),
]


@pytest.mark.parametrize(("line", "before"), STREAMS)
def test_standard_output_by_its_name_is_standard_output(
    desk: Desk, line: str, before: bytes
) -> None:
    said = in_shell(desk, line)
    assert (said.returncode, said.stderr) == (0, b"")
    written = (desk.folder / "out").read_bytes()
    assert written.startswith(before + b"From: ")


@pytest.mark.parametrize(
    ("line", "code"),
    [
        pytest.param("{} >&-", 69, id="fail/output"),
        pytest.param("{} > /dev/full", 69, id="fail/no-room"),
        pytest.param("env -u PYTHONUNBUFFERED {} > /dev/full", 69, id="fail/no-room-buffered"),
        pytest.param("{} -o /dev/full", 69, id="fail/no-room-on-a-device"),
        pytest.param("{} -o out >&- 2>&-", 0, id="ok/nobody-listens"),
        pytest.param("{python} -m siegel message open - <&-", 66, id="fail/input"),
    ],
)
def test_streams_that_are_closed_or_full_are_no_errors_of_ours(
    desk: Desk, line: str, code: int
) -> None:
    assert in_shell(desk, line).returncode == code


def in_shell(desk: Desk, line: str) -> subprocess.CompletedProcess[bytes]:
    """``line`` with the command in place of {}."""
    command = [
        sys.executable, "-m", "siegel", "message", "protect", desk.plain(), "--sign",
        desk.p12(ALICE), "--passphrase-file", desk.passphrase,
    ]  # fmt: skip
    script = line.format(shlex.join(command), python=sys.executable)
    return subprocess.run(
        ["/bin/sh", "-c", script], capture_output=True, check=False, cwd=desk.folder
    )


class Stop(BaseException):
    """Stands for Ctrl-C and everything else that ends a program."""


class Broken(list[Buffer]):
    """Chunks that can be counted once; when they are written something happens in the middle."""

    def __init__(self, error: BaseException) -> None:
        super().__init__([b"half ", b"never"])
        self._error = error
        self._counted = False

    def __iter__(self) -> Iterator[Buffer]:
        yield b"half "
        if self._counted:
            raise self._error
        self._counted = True


@pytest.mark.parametrize(
    ("error", "seen"),
    [
        (Stop(), Stop),
        (KeyboardInterrupt(), KeyboardInterrupt),
        (OSError(errno.ENOSPC, "full"), CliError),
    ],
    ids=["fail/end", "fail/ctrl-c", "fail/disk-full"],
)
@pytest.mark.parametrize("existing", [True, False], ids=["there", "new"])
def test_what_stops_writing_leaves_everything_as_it_was(
    tmp_path: Path, error: BaseException, seen: type[BaseException], existing: bool
) -> None:
    target = tmp_path / "out"
    if existing:
        target.write_bytes(b"old")
    with pytest.raises(seen):
        write_output(str(target), Broken(error))
    assert names(tmp_path) == (["out"] if existing else [])
    assert not existing or target.read_bytes() == b"old"


def test_ctrl_c_while_reading_ends_with_130_and_one_line(desk: Desk) -> None:
    target = desk.folder / "out.eml"
    command = [
        sys.executable, "-m", "siegel", "message", "protect", "-", "--sign", desk.p12(ALICE),
        "--passphrase-file", desk.passphrase, "-o", str(target),
    ]  # fmt: skip
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdin is not None
        process.stdin.write(FILLING * 8192)  # more than a pipe holds: it is being read
        process.stdin.flush()
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
    assert (process.returncode, out, err.decode().strip()) == (130, b"", "siegel: stopped")
    assert not target.exists()
    assert not [name for name in names(desk.folder) if name.endswith(".part")]


def test_a_reader_that_leaves_ends_the_command_without_words(desk: Desk) -> None:
    command = [
        sys.executable, "-m", "siegel", "message", "protect", large(desk), "--sign",
        desk.p12(ALICE), "--passphrase-file", desk.passphrase,
    ]  # fmt: skip
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.read(10)
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(30) == 141


# progress


class Clock:
    """Seconds that pass when told."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def lines(stream: io.StringIO) -> list[str]:
    return stream.getvalue().split("\r")[1:]


def test_a_large_file_shows_percent_and_size_twice_a_second_at_most() -> None:
    stream, clock = io.StringIO(), Clock()
    with Progress(stream, clock=clock).task("reading a", 20 * MIB) as advance:
        for _ in range(20):
            advance(MIB)
            clock.now += 0.25
    assert [line.strip() for line in lines(stream)] == [
        *(f"reading a: {5 * done} %, {done}.0 of 20.0 MiB" for done in range(1, 21, 2)),
        "reading a: 100 %, 20.0 of 20.0 MiB",
    ]
    assert stream.getvalue().endswith("\n")


def test_a_small_file_shows_nothing_unless_it_takes_long() -> None:
    for seconds, shown in ((0.0, False), (2.0, True)):
        stream, clock = io.StringIO(), Clock()
        with Progress(stream, clock=clock).task("reading a", MIB) as advance:
            clock.now += seconds
            advance(MIB)
        assert (stream.getvalue() != "") is shown


def test_a_pipe_shows_what_has_come_and_no_percent() -> None:
    stream = io.StringIO()
    with Progress(stream, clock=Clock()).task("reading standard input") as advance:
        advance(LARGE + 1)
    assert [line.strip() for line in lines(stream)] == ["reading standard input: 8.0 MiB"] * 2


def stopped_half_way(stream: io.StringIO) -> None:
    with Progress(stream, clock=Clock()).task("writing a", 2 * LARGE) as advance:
        advance(LARGE)
        raise Stop


def test_the_line_ends_also_when_it_is_stopped() -> None:
    stream = io.StringIO()
    with pytest.raises(Stop):
        stopped_half_way(stream)
    assert stream.getvalue().endswith("MiB\n")


def test_names_of_strangers_move_no_cursor() -> None:
    stream = io.StringIO()
    with Progress(stream, clock=Clock()).task("reading \x1b[2Ja", 2 * LARGE) as advance:
        advance(LARGE)
    assert "\x1b" not in stream.getvalue()


def test_without_a_stream_nothing_is_shown() -> None:
    with SILENT.task("reading a", 2 * LARGE) as advance:
        advance(LARGE)


def on_terminal(*arguments: str) -> tuple[int, str]:
    """Run the command with a terminal as its standard error."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "siegel", *arguments], stdout=subprocess.DEVNULL, stderr=theirs
    ) as process:
        os.close(theirs)
        said = b""
        while select.select([ours], [], [], 60)[0]:
            try:
                said += os.read(ours, 4096)
            except OSError:  # the other end is closed
                break
        os.close(ours)
        return process.wait(30), said.decode()


def test_a_terminal_shows_progress_and_a_pipe_does_not(desk: Desk) -> None:
    file = large(desk)
    sealing = (
        "message", "protect", file, "--sign", desk.p12(ALICE), "--passphrase-file",
        desk.passphrase, "--recipient", desk.certificate(HUBER), "-o", str(desk.folder / "out"),
    )  # fmt: skip
    code, said = on_terminal(*sealing)
    assert code == 0
    assert "plain.eml: 100 %, 9.0 of 9.0 MiB" in said
    assert "out: 100 %" in said
    assert on_terminal(*sealing, "--no-progress") == (0, "")
    assert siegel(*sealing).err == ""


def test_a_small_message_shows_nothing_on_a_terminal(desk: Desk) -> None:
    assert on_terminal("message", "open", desk.plain()) == (1, "")
