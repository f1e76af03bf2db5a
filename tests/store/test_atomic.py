"""Files are whole or not there."""

import os
from pathlib import Path

import pytest

from siegel.store import atomic, transaction
from siegel.store.queries import organisation


def test_a_file_is_written_with_its_mode(tmp_path: Path) -> None:
    file = tmp_path / "x"
    atomic.write(file, memoryview(b"hello"))
    assert file.read_bytes() == b"hello"
    assert file.stat().st_mode & 0o777 == 0o600
    atomic.write(file, b"again")
    assert file.read_bytes() == b"again"
    assert [each.name for each in tmp_path.iterdir()] == ["x"]


def test_an_existing_file_can_be_protected(tmp_path: Path) -> None:
    file = tmp_path / "x"
    atomic.write(file, b"first", replace=False)
    with pytest.raises(FileExistsError):
        atomic.write(file, b"second", replace=False)
    assert file.read_bytes() == b"first"
    assert [each.name for each in tmp_path.iterdir()] == ["x"]


def test_a_failed_write_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "x"
    atomic.write(file, b"first")

    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        atomic.write(file, b"second")
    monkeypatch.undo()
    assert file.read_bytes() == b"first"
    assert [each.name for each in tmp_path.iterdir()] == ["x"]


def test_the_data_is_on_disk_before_the_name_and_the_name_before_the_return(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    happened: list[str] = []
    fsync, replace = os.fsync, Path.replace

    def spy_fsync(descriptor: int) -> None:
        folder = Path(f"/proc/self/fd/{descriptor}").is_dir()
        happened.append("flush folder" if folder else "flush file")
        fsync(descriptor)

    def spy_replace(self: Path, target: Path) -> Path:
        happened.append("rename")
        return replace(self, target)

    monkeypatch.setattr(os, "fsync", spy_fsync)
    monkeypatch.setattr(Path, "replace", spy_replace)
    atomic.write(tmp_path / "x", b"data")
    assert happened == ["flush file", "rename", "flush folder"]


def test_missing_folders_are_made_for_the_owner_only(tmp_path: Path) -> None:
    atomic.make_folder(tmp_path / "a" / "b")
    atomic.make_folder(tmp_path / "a" / "b")
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o700


@pytest.mark.django_db
def test_together_is_all_or_nothing() -> None:
    def fail_in_the_middle() -> None:
        with transaction.together():
            organisation.add_domain("office.example")
            raise ValueError("stop")

    with pytest.raises(ValueError, match="stop"):
        fail_in_the_middle()
    assert organisation.domains() == frozenset()
    with transaction.together():
        organisation.add_domain("office.example")
    assert organisation.domains() == {"office.example"}
