"""Import certificates and keys: a file comes in, the store learns, mail can be signed and opened.

Importing is not trusting: a root certificate that was imported is an anchor only after a person
decided so. A key matches its certificate or is not taken („Nur diese zusammen generierten Schlüssel
passen zueinander“).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from siegel.base.address import EmailAddress
from siegel.base.errors import MalformedMessage, NotFound
from siegel.base.secret import Secret
from siegel.pki.bundle import parse_certificates
from siegel.pki.certificate import Certificate
from siegel.pki.pkcs12 import Pkcs12, PrivateKeyEntry, is_pkcs12, open_pkcs12
from siegel.policy.actions import Action
from siegel.store.queries import accounts, certificates, journal, keys, locked
from siegel.store.queries.certificates import Source
from siegel.store.transaction import together
from siegel.store.vault import Vault


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What a file brought. ``new`` are fingerprints that were unknown before."""

    certificates: tuple[Certificate, ...]
    new: frozenset[str]
    own: tuple[Certificate, ...] = ()
    without_account: tuple[EmailAddress, ...] = ()
    keys_without_certificate: int = 0
    accounts: tuple[EmailAddress, ...] = ()


def import_file(
    data: bytes, passphrase: Secret | None, vault: Vault | None, *, by: str, at: datetime
) -> Imported:
    """A .p12/.pfx with its private keys, or certificates of partners and authorities.

    Raises ``WrongPassphrase``, ``MalformedMessage``; nothing is stored then.
    """
    if is_pkcs12(data):
        if vault is None:
            raise MalformedMessage("a file with private keys needs the key file of this store")
        return _import_keys(open_pkcs12(data, passphrase or Secret(b"")), vault, by=by, at=at)
    found = parse_certificates(data)
    with together():
        new = _add(found, by=by, at=at)
        _note(Action.CERTIFICATE_IMPORTED, found, by=by, at=at)
    return Imported(certificates=found, new=new)


def keep_locked(name: str, data: bytes, *, by: str, at: datetime) -> int:
    """Keep a .p12 as it came until somebody knows its passphrase; the number it waits under.

    Raises ``MalformedMessage`` for any other file: only what is encrypted may lie here.
    """
    if not is_pkcs12(data):
        raise MalformedMessage("only a .p12 or .pfx file can wait for its passphrase")
    with together():
        row = locked.add(name, data, by=by, at=at)
        journal.write(at=at, actor=by, action=Action.LOCKED_FILE_KEPT, about=row.name)
    return row.id


def unlock(name: str, passphrase: Secret, vault: Vault, *, by: str, at: datetime) -> Imported:
    """Import the waiting file called ``name`` (or its number); with that it is gone.

    A wrong passphrase leaves it where it was.
    """
    found = [row for row in locked.list_all() if name in (row.name, str(row.id))]
    if len(found) != 1:
        raise NotFound(f"{len(found)} locked files are called {name!r}; give the number")
    with locked.take(found[0].id) as data:
        imported = import_file(data, passphrase, vault, by=by, at=at)
        journal.write(at=at, actor=by, action=Action.LOCKED_FILE_UNLOCKED, about=found[0].name)
    return imported


def _import_keys(opened: Pkcs12, vault: Vault, *, by: str, at: datetime) -> Imported:
    certified = [entry for entry in opened.keys if entry.certificates]
    if not certified:
        raise MalformedMessage("the file holds no private key with its certificate")
    own = tuple(dict.fromkeys(c for entry in certified for c in entry.certificates))
    addresses = tuple(dict.fromkeys(a for certificate in own for a in certificate.addresses))
    known = accounts.known(addresses)
    with_account = tuple(a for a in addresses if known.owner(a) is not None)
    with together():
        new = _add((*own, *opened.certificates), by=by, at=at)
        for entry in certified:
            _add_key(entry, vault, by=by, at=at)
        for address in with_account:
            account = known.owner(address)
            if account is not None:
                keys.bind_linked(known.rows[account].address, by=by, at=at)
        _note(Action.KEY_IMPORTED, own, by=by, at=at)
    return Imported(
        certificates=opened.certificates,
        new=new,
        own=own,
        without_account=tuple(a for a in addresses if a not in with_account),
        keys_without_certificate=len(opened.keys) - len(certified),
        accounts=with_account,
    )


def _add_key(entry: PrivateKeyEntry, vault: Vault, *, by: str, at: datetime) -> None:
    """By the name its certificates go by: an RSA key may be certified as id-RSASSA-PSS."""
    name = entry.spki_sha256
    keys.add(name, vault.seal(entry.pkcs8, name), by=by, at=at)


def _add(found: Iterable[Certificate], *, by: str, at: datetime) -> frozenset[str]:
    """Keep them; link those of people to the addresses they name."""
    new: set[str] = set()
    for certificate in dict.fromkeys(found):
        if certificates.add(certificate, source=Source.IMPORTED, by=by, at=at):
            new.add(certificate.fingerprint)
        if not certificate.is_ca:
            for address in certificate.addresses:
                certificates.link(certificate.fingerprint, address, by=by, at=at)
    return frozenset(new)


def _note(action: Action, found: Iterable[Certificate], *, by: str, at: datetime) -> None:
    fingerprints = [certificate.fingerprint for certificate in found]
    journal.write(at=at, actor=by, action=action, detail={"fingerprints": fingerprints})
