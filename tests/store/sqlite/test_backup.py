"""Backup while Siegel works, restore on an empty machine."""

import json
from pathlib import Path

import pytest

from siegel.base.errors import ConfigurationError, Conflict
from siegel.store import backup
from tests.store.sqlite import processes

FILL = """
from siegel.base.secret import Secret
from siegel.store import backup, vault
from siegel.store.queries import keys
key_file = Path(sys.argv[1]).parent / "siegel.key"
vault.create_key_file(key_file)
opened = vault.open_vault(key_file, at=NOW)
keys.add("ab" * 32, opened.seal(Secret(b"private"), "ab" * 32), by="x", at=NOW)
for number in range(20):
    keep(f"message {number}".encode())
journal.write(at=NOW, actor="x", action="filled")
"""

BACKUP = """
import json
busy = True
def work():
    number = 0
    while busy:
        number += 1
        keep(f"while {number}".encode() * 500)
    connection.close()
thread = threading.Thread(target=work)
thread.start()
from siegel.store import backup
time.sleep(0.1)
copied = backup.backup(Path(sys.argv[2]))
busy = False
thread.join()
print(json.dumps([copied.database, copied.messages]))
"""

LOOK = """
import json
from siegel.store import models, vault
from siegel.store.queries import keys
schema.require_current()
for row in models.StoredMessage.objects.all():
    messages.raw(row.sha256)
key = vault.open_vault(Path(sys.argv[2]), at=NOW).unseal(keys.get("ab" * 32)).reveal().decode()
print(json.dumps([models.StoredMessage.objects.count(), len(journal.read()), key]))
"""


def filled(folder: Path) -> Path:
    folder.mkdir()
    processes.prepare(folder)
    processes.run(folder, FILL)
    return folder


def test_a_backup_taken_during_work_comes_back_on_an_empty_machine(tmp_path: Path) -> None:
    old = filled(tmp_path / "old")
    copy = tmp_path / "copy"
    database, count = json.loads(processes.run(old, BACKUP, str(copy)))
    assert database
    assert count >= 20

    new = tmp_path / "new"
    new.mkdir()
    restored = backup.restore(copy, data_dir=new, database=new / "siegel.db")
    assert restored == backup.Copied(database=True, messages=count)
    (new / "siegel.toml").write_text((old / "siegel.toml").read_text())
    rows, entries, key = json.loads(processes.run(new, LOOK, str(tmp_path / "siegel.key")))
    assert 20 <= rows <= count
    assert (entries, key) == (1, "private")


def test_a_backup_holds_no_key_file_and_is_not_for_others(tmp_path: Path) -> None:
    old = filled(tmp_path / "old")
    copy = tmp_path / "copy"
    processes.run(old, BACKUP, str(copy))
    kek = (tmp_path / "siegel.key").read_bytes().strip()
    files = [each for each in copy.rglob("*") if each.is_file()]
    assert all(kek not in each.read_bytes() for each in files)
    assert all(each.stat().st_mode & 0o077 == 0 for each in (copy, *files))
    instructions = (copy / backup.INSTRUCTIONS).read_text()
    assert "key file" in instructions
    assert "pg_dump" in instructions


def test_damage_and_overwriting_are_refused(tmp_path: Path) -> None:
    old = filled(tmp_path / "old")
    copy = tmp_path / "copy"
    processes.run(old, BACKUP, str(copy))
    with pytest.raises(Conflict, match="already"):
        backup.restore(copy, data_dir=tmp_path / "x", database=old / "siegel.db")
    with pytest.raises(Conflict, match="not empty"):
        backup.restore(copy, data_dir=old, database=tmp_path / "other.db")
    with pytest.raises(ConfigurationError, match="not a backup"):
        backup.restore(old, data_dir=tmp_path / "x", database=tmp_path / "other.db")
    message = next(copy.glob("messages/??/*"))
    message.write_bytes(b"changed")
    with pytest.raises(ConfigurationError, match="damaged"):
        backup.restore(copy, data_dir=tmp_path / "y", database=tmp_path / "y.db")
    (copy / backup.DATABASE).write_bytes(b"no database at all" * 100)
    with pytest.raises(ConfigurationError, match="damaged"):
        backup.restore(copy, data_dir=tmp_path / "z", database=tmp_path / "z.db")
    assert not (tmp_path / "z.db").exists()
