"""kill -9 at any moment: what the store says it has, it has, and whole."""

import json
from pathlib import Path

import pytest

from tests.store.sqlite import processes

KILLED = 40  # writers; enough to hit every step of keep() several times

HARNESS = """
import select

def write():
    number = 0
    sizes = random.Random(os.getpid())
    while True:
        number += 1
        raw = f"{os.getpid()} {number} ".encode() * sizes.choice((1, 1000, 100_000))
        row = keep(raw)
        journal.write(at=NOW, actor="writer", action="kept", about=row.sha256, recipients=["a@x"])
        os.write(answers, f"{row.sha256}\\n".encode())  # our "250": from here on it must be there

connection.close()
read_end, answers = os.pipe()
os.set_blocking(read_end, False)
answered = b""
moments = random.Random(7)
for number in range(int(sys.argv[2])):
    child = os.fork()
    if child == 0:
        os.close(read_end)
        write()
    if number % 4:  # every fourth dies early, whatever it has done
        select.select([read_end], [], [], 30)
    time.sleep(moments.uniform(0.001, 0.06))
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    while True:
        try:
            answered += os.read(read_end, 65536)
        except BlockingIOError:
            break
print(answered.decode(), end="")
"""

INSPECT = """
import json
from siegel.store import models
rows = list(models.StoredMessage.objects.prefetch_related("recipients"))
for row in rows:
    assert len(messages.raw(row.sha256)) == row.size
    assert len(row.recipients.all()) == 2
entries = journal.read(limit=1_000_000)
assert all(entry.recipients == ("a@x",) for entry in entries)
with connection.cursor() as cursor:
    cursor.execute("PRAGMA integrity_check"); assert cursor.fetchone()[0] == "ok"
    cursor.execute("PRAGMA foreign_key_check"); assert cursor.fetchone() is None
removed = messages.sweep(at=datetime.now(tz=UTC) + timedelta(hours=2))
files = {each.name for each in Path(sys.argv[1]).glob("messages/??/*")}
files |= {each.name for each in Path(sys.argv[1]).glob("messages/??/.*")}
print(json.dumps({
    "rows": [row.sha256 for row in rows], "journal": [entry.about for entry in entries],
    "files": sorted(files), "removed": removed,
}))
"""


@pytest.mark.slow
def test_forty_killed_writers_leave_no_row_without_its_whole_file(tmp_path: Path) -> None:
    processes.prepare(tmp_path)
    answered = processes.run(tmp_path, HARNESS, str(KILLED)).split()
    seen = json.loads(processes.run(tmp_path, INSPECT))
    assert len(answered) >= KILLED * 3 // 4
    assert set(answered) <= set(seen["rows"])
    assert set(answered) <= set(seen["journal"])
    assert set(seen["journal"]) <= set(seen["rows"])
    assert set(seen["files"]) == set(seen["rows"])
    assert len(seen["rows"]) - len(set(answered)) <= KILLED
