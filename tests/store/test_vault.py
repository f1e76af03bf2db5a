"""The key file: recognised, never replaced by accident, changed in one step."""

import base64
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from siegel.base.errors import ConfigurationError, Conflict, KeyUnavailable
from siegel.base.secret import Secret
from siegel.store import models, vault
from siegel.store.queries import keys
from tests.store.given import NOW

pytestmark = pytest.mark.django_db

SPKI = "ab" * 32


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    path = tmp_path / "siegel.key"
    vault.create_key_file(path)
    return path


def seal_something(path: Path) -> None:
    opened = vault.open_vault(path, at=NOW)
    keys.add(SPKI, opened.seal(Secret(b"private"), SPKI), by="admin", at=NOW)


@pytest.mark.requirement("A29")
def test_what_was_sealed_comes_back_and_is_not_readable_at_rest(key_file: Path) -> None:
    seal_something(key_file)
    stored = keys.get(SPKI)
    assert b"private" not in stored.sealed
    assert vault.open_vault(key_file, at=NOW).unseal(stored).reveal() == b"private"


def test_a_new_key_file_is_for_its_owner_only(key_file: Path) -> None:
    assert key_file.stat().st_mode & 0o777 == 0o600
    assert len(base64.b64decode(key_file.read_bytes())) == 32


def test_32_raw_octets_are_a_key_file_too(tmp_path: Path) -> None:
    path = tmp_path / "raw"
    path.write_bytes(os.urandom(32))
    path.chmod(0o600)
    seal_something(path)
    assert vault.open_vault(path, at=NOW).unseal(keys.get(SPKI)).reveal() == b"private"


@pytest.mark.parametrize(
    ("content", "mode", "words"),
    [
        pytest.param(b"k" * 32, 0o640, "others may read", id="fail/open"),
        pytest.param(b"k" * 31, 0o600, "must hold 32 octets", id="fail/short"),
        pytest.param(b"", 0o600, "must hold 32 octets", id="fail/empty"),
        pytest.param(b"k" * 9999, 0o600, "must hold 32 octets", id="fail/long"),
        pytest.param(b"!" * 44, 0o600, "must hold 32 octets", id="fail/no_base64"),
    ],
)
def test_a_bad_key_file_is_refused(tmp_path: Path, content: bytes, mode: int, words: str) -> None:
    path = tmp_path / "bad"
    path.write_bytes(content)
    path.chmod(mode)
    with pytest.raises(ConfigurationError, match=words):
        vault.open_vault(path, at=NOW)
    assert not models.KeyCheck.objects.exists()


def test_a_folder_is_no_key_file(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="cannot read the key file"):
        vault.open_vault(tmp_path, at=NOW)


def test_another_key_file_is_recognised(key_file: Path, tmp_path: Path) -> None:
    vault.open_vault(key_file, at=NOW)
    other = tmp_path / "other"
    other.write_bytes(b"k" * 32)
    other.chmod(0o600)
    with pytest.raises(ConfigurationError, match="not the key file that sealed this store"):
        vault.open_vault(other, at=NOW)


def test_sealed_keys_without_their_file_are_never_met_with_a_new_one(key_file: Path) -> None:
    seal_something(key_file)
    key_file.unlink()
    with pytest.raises(ConfigurationError, match="bring it back from its copy"):
        vault.open_vault(key_file, at=NOW)
    with pytest.raises(Conflict, match="bring that one back"):
        vault.create_key_file(key_file)
    assert not key_file.exists()


def test_a_first_start_without_a_key_file_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="siegel key create"):
        vault.open_vault(tmp_path / "none", at=NOW)


def test_a_key_file_is_not_overwritten(key_file: Path) -> None:
    before = key_file.read_bytes()
    with pytest.raises(Conflict, match="already"):
        vault.create_key_file(key_file)
    assert key_file.read_bytes() == before


def test_keys_without_a_check_value_are_asked_themselves(key_file: Path, tmp_path: Path) -> None:
    seal_something(key_file)
    models.KeyCheck.objects.all().delete()
    other = tmp_path / "other"
    other.write_bytes(b"k" * 32)
    other.chmod(0o600)
    with pytest.raises(ConfigurationError, match="does not open the keys"):
        vault.open_vault(other, at=NOW)
    assert vault.open_vault(key_file, at=NOW).unseal(keys.get(SPKI)).reveal() == b"private"
    assert models.KeyCheck.objects.count() == 1


def test_rotation_seals_every_key_anew(key_file: Path) -> None:
    seal_something(key_file)
    before = keys.get(SPKI)
    old = vault.open_vault(key_file, at=NOW)
    assert vault.rotate_key_file(key_file, at=NOW) == 1
    after = keys.get(SPKI)
    assert vault.open_vault(key_file, at=NOW).unseal(after).reveal() == b"private"
    with pytest.raises(KeyUnavailable):
        old.unseal(after)
    assert old.unseal(before).reveal() == b"private"
    kept = key_file.with_name("siegel.key.old")
    assert kept.stat().st_mode & 0o777 == 0o600
    assert not key_file.with_name("siegel.key.next").exists()


def test_a_rotation_that_fails_changes_nothing(key_file: Path) -> None:
    seal_something(key_file)
    keys.add("cd" * 32, b"damaged", by="admin", at=NOW)
    before = keys.get(SPKI)
    with pytest.raises(KeyUnavailable):
        vault.rotate_key_file(key_file, at=NOW)
    assert keys.get(SPKI) == before
    assert vault.open_vault(key_file, at=NOW).unseal(before).reveal() == b"private"


def test_a_crash_between_store_and_files_is_finished_at_the_next_start(
    key_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seal_something(key_file)
    with monkeypatch.context() as patch:
        patch.setattr(vault, "rotate", crash_after(vault.rotate))
        with pytest.raises(KeyboardInterrupt):
            vault.rotate_key_file(key_file, at=NOW)
    assert key_file.with_name("siegel.key.next").exists()
    assert vault.open_vault(key_file, at=NOW).unseal(keys.get(SPKI)).reveal() == b"private"
    assert not key_file.with_name("siegel.key.next").exists()


def crash_after(function: Callable[..., int]) -> Callable[..., int]:
    def crashing(*arguments: object, **named: object) -> int:
        function(*arguments, **named)
        raise KeyboardInterrupt

    return crashing


def test_a_vault_does_not_show_its_key(key_file: Path) -> None:
    opened = vault.open_vault(key_file, at=NOW)
    assert not hasattr(opened, "__dict__")
    assert key_file.read_text().strip() not in repr(opened)
