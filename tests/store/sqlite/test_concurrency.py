"""Several processes and threads write into one SQLite store, and none is told that it is locked."""

from pathlib import Path

from tests.store.sqlite import processes

WRITER = """
def work(name):
    for number in range(40):
        keep(f"message {number}\\r\\n".encode())  # the same in every thread and process
        with transaction.together():  # reads, then writes: must not lose its place in between
            journal.read(limit=1)
            journal.write(at=NOW, actor=name, action="x", recipients=["a@x", "b@x"])
        deliveries.record(f"{number:064x}", ["a@x", "b@x"], "250", at=NOW)
        assert len(deliveries.accepted(f"{number:064x}")) == 2
    connection.close()

failed = []
threading.excepthook = lambda caught: failed.append(repr(caught.exc_value))
threads = [threading.Thread(target=work, args=(f"{sys.argv[2]}-{n}",)) for n in range(4)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print("\\n".join(failed))
sys.exit(bool(failed))
"""


def test_three_processes_of_four_threads_write_without_locks_and_losses(tmp_path: Path) -> None:
    processes.prepare(tmp_path)
    writers = [processes.start(tmp_path, WRITER, str(number)) for number in range(3)]
    for done in [processes.wait(writer) for writer in writers]:
        assert done.returncode == 0, done.stdout + done.stderr
    count = """
from siegel.store import models
with connection.cursor() as cursor:
    cursor.execute("PRAGMA journal_mode"); print(cursor.fetchone()[0])
print(models.JournalEntry.objects.count(), models.JournalAddress.objects.count())
print(models.StoredMessage.objects.count(), models.MessageRecipient.objects.count())
print(models.Delivery.objects.count())
"""
    assert processes.run(tmp_path, count).split() == [
        "wal", str(12 * 40), str(2 * 12 * 40), "40", "80", "80",
    ]  # fmt: skip
