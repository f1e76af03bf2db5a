"""The key file and what it seals: private keys leave the store only through here.

The file holds 32 octets, raw or in base64, and nobody but its owner may read it. A check value in
the store recognises a wrong file. Sealed keys without their file are never met with a new one.
"""

import base64
import binascii
import hashlib
import os
import stat
from datetime import datetime
from pathlib import Path
from typing import final

from django.db import transaction

from siegel.base.buffers import Random
from siegel.base.errors import ConfigurationError, Conflict, KeyUnavailable
from siegel.base.secret import Secret
from siegel.pki import keystore, softkeys
from siegel.pki.token_reference import KeyTokens, NoTokens, opened
from siegel.store import atomic, second_factors
from siegel.store.models import ContentKey, KeyCheck, PrivateKey
from siegel.store.models.key import THE_KEY_CHECK
from siegel.store.rows import SealedKey

LONGEST_FILE = 200  # octets; base64 of 32 octets with line ends has 46
_NEXT = ".next"  # a rotation writes the new key here first
_OLD = ".old"
_CONTENT = "content key"  # what the sealed content key is bound to


@final
class Vault:
    """Holds the key-encryption key; ``open_vault`` makes it."""

    __slots__ = ("_content", "_kek", "tokens")

    def __init__(self, kek: Secret, tokens: KeyTokens | None = None) -> None:
        self._kek = kek
        self._content: Secret | None = None
        self.tokens: KeyTokens = tokens or NoTokens()

    def seal(self, pkcs8: Secret, spki_sha256: str, *, rng: Random = os.urandom) -> bytes:
        return keystore.seal(pkcs8.reveal(), self._kek.reveal(), spki_sha256, rng)

    def unseal(self, key: SealedKey) -> Secret:
        """The PKCS #8 octets, or where the key lies. ``KeyUnavailable`` if the key file has been
        exchanged since."""
        return keystore.unseal(key.sealed, self._kek.reveal(), key.spki_sha256)

    def private_key(self, key: SealedKey) -> softkeys.PrivateKey:
        """The key, in memory or as a handle of what lies in hardware."""
        return opened(self.unseal(key), self.tokens)

    def seal_text(self, text: str, use: str) -> str:
        """A short secret that is no private key, bound to what it is used for; base64."""
        sealed = keystore.seal(text.encode(), self._kek.reveal(), _name_of(use))
        return base64.b64encode(sealed).decode("ascii")

    def unseal_text(self, sealed: str, use: str) -> str:
        octets = base64.b64decode(sealed)
        return keystore.unseal(octets, self._kek.reveal(), _name_of(use)).reveal().decode()

    def seal_content(self, octets: bytes, use: str, *, rng: Random = os.urandom) -> bytes:
        """Drafts, credentials, what stood inside of encrypted mail: bound to what it is of."""
        return keystore.seal(octets, self._content_key(), _name_of(use), rng)

    def unseal_content(self, sealed: bytes, use: str) -> bytes:
        """``KeyUnavailable`` for what is damaged or of something else."""
        return keystore.unseal(bytes(sealed), self._content_key(), _name_of(use)).reveal()

    def _content_key(self) -> bytes:
        """Made when it is first needed; of two processes that make one, the first wins."""
        if self._content is None:
            kept = ContentKey.objects.values_list("sealed", flat=True).first()
            if kept is None:
                made = self.seal(Secret(os.urandom(keystore.KEK_SIZE)), _name_of(_CONTENT))
                ContentKey.objects.bulk_create([ContentKey(sealed=made)], ignore_conflicts=True)
                kept = ContentKey.objects.values_list("sealed", flat=True).get()
            self._content = self.unsealed_content_key(bytes(kept))
        return self._content.reveal()

    def unsealed_content_key(self, sealed: bytes) -> Secret:
        return keystore.unseal(sealed, self._kek.reveal(), _name_of(_CONTENT))

    @property
    def check_value(self) -> str:
        return keystore.check_value(self._kek.reveal())


def create_key_file(path: Path, *, rng: Random = os.urandom) -> None:
    """A new key file for a store that has sealed nothing yet; anything else is ``Conflict``."""
    if _is_sealed():
        raise Conflict("the store was sealed with a key file; bring that one back from its copy")
    try:
        _write(path, rng, replace=False)
    except FileExistsError as error:
        raise Conflict(f"there is a file {path} already") from error


def open_vault(path: Path, *, at: datetime, tokens: KeyTokens | None = None) -> Vault:
    """The vault behind the key file. The first time, the store learns to recognise the file.
    ``tokens``: the hardware in which keys lie, where there is any.

    Raises ``ConfigurationError`` if the file is missing, open to others, malformed or another one.
    """
    _finish_rotation(path)
    vault = Vault(_read(path), tokens)
    known = _check_value()
    if known is None:
        _adopt(vault, at)
    elif known != vault.check_value:
        raise ConfigurationError(f"{path} is not the key file that sealed this store")
    return vault


def fits(path: Path) -> bool:
    """Whether the file is there, closed to others, and the one of this store. Changes nothing."""
    try:
        found = Vault(_read(path))
    except ConfigurationError:
        return False
    return _check_value() in (None, found.check_value)


def rotate_key_file(path: Path, *, at: datetime, rng: Random = os.urandom) -> int:
    """A new key file in the place of the old one, which stays as ``….old``; how many keys.

    Stop the gateway before. A crash in between is finished by the next ``open_vault``.
    """
    old = open_vault(path, at=at)
    next_file = path.with_name(path.name + _NEXT)
    next_file.unlink(missing_ok=True)
    _write(next_file, rng, replace=False)
    count = rotate(old, Vault(_read(next_file)), at=at, rng=rng)
    _finish_rotation(path)
    return count


def rotate(old: Vault, new: Vault, *, at: datetime, rng: Random = os.urandom) -> int:
    """Seal every key and every second factor anew, all or none; how many keys."""
    with transaction.atomic():
        keys = list(PrivateKey.objects.select_for_update())
        for key in keys:
            key.sealed = new.seal(old.unseal(_sealed(key)), key.spki_sha256, rng=rng)
        PrivateKey.objects.bulk_update(keys, ["sealed"], batch_size=100)
        for content in ContentKey.objects.select_for_update():
            opened = old.unsealed_content_key(bytes(content.sealed))
            content.sealed = new.seal(opened, _name_of(_CONTENT), rng=rng)
            content.save(update_fields=["sealed"])
        second_factors.reseal(
            lambda sealed: new.seal_text(
                old.unseal_text(sealed, second_factors.USE), second_factors.USE
            )
        )
        KeyCheck.objects.update_or_create(
            id=THE_KEY_CHECK, defaults={"check_value": new.check_value, "set_at": at}
        )
    return len(keys)


def _name_of(use: str) -> str:
    """In the place where a private key has the hash of its public one."""
    return hashlib.sha256(use.encode()).hexdigest()


def _finish_rotation(path: Path) -> None:
    """The store was sealed anew, but the files were not exchanged yet."""
    next_file = path.with_name(path.name + _NEXT)
    if not next_file.exists() or Vault(_read(next_file)).check_value != _check_value():
        return
    if path.exists():
        path.replace(path.with_name(path.name + _OLD))
    next_file.replace(path)
    atomic.flush_folder(path.parent)


def _adopt(vault: Vault, at: datetime) -> None:
    """No check value yet: take this file, unless there are keys it does not open."""
    first = PrivateKey.objects.first()
    if first is not None:
        try:
            vault.unseal(_sealed(first))
        except KeyUnavailable as error:
            raise ConfigurationError("the key file does not open the keys of the store") from error
    KeyCheck.objects.get_or_create(
        id=THE_KEY_CHECK, defaults={"check_value": vault.check_value, "set_at": at}
    )


def _read(path: Path) -> Secret:
    try:
        with path.open("rb") as file:
            mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
            content = file.read(LONGEST_FILE + 1)
    except FileNotFoundError as error:
        raise ConfigurationError(_missing(path), path=str(path)) from error
    except OSError as error:
        raise ConfigurationError(
            f"cannot read the key file {path}: {error.strerror}", path=str(path)
        ) from error
    if mode & 0o077:
        raise ConfigurationError(
            f"others may read the key file {path}; chmod 600 {path}", path=str(path)
        )
    return Secret(_decoded(content, path))


def _decoded(content: bytes, path: Path) -> bytes:
    if len(content) == keystore.KEK_SIZE:
        return content
    try:
        kek = base64.b64decode(content.strip(), validate=True)
    except binascii.Error:
        kek = b""
    if len(kek) != keystore.KEK_SIZE:
        raise ConfigurationError(
            f"the key file {path} must hold {keystore.KEK_SIZE} octets, raw or in base64",
            path=str(path),
        )
    return kek


def _missing(path: Path) -> str:
    if _is_sealed():
        return (
            f"the key file {path} is missing, and the store has keys sealed with it; "
            "bring it back from its copy (a new one cannot open them)"
        )
    return f"the key file {path} is missing; make one with: siegel key create"


def _is_sealed() -> bool:
    return PrivateKey.objects.exists() or KeyCheck.objects.exists()


def _check_value() -> str | None:
    return KeyCheck.objects.values_list("check_value", flat=True).first()


def _write(path: Path, rng: Random, *, replace: bool) -> None:
    kek = base64.b64encode(rng(keystore.KEK_SIZE)) + b"\n"
    atomic.write(path, kek, replace=replace)


def _sealed(key: PrivateKey) -> SealedKey:
    return SealedKey(
        spki_sha256=key.spki_sha256,
        sealed=bytes(key.sealed),
        archived=key.archived_at is not None,
        certificates=(),
    )
