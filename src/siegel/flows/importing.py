"""Import certificates and keys: a file comes in, the store learns, mail can be signed and opened.

Importing is not trusting: a root certificate that was imported is an anchor only after a person
decided so. A key matches its certificate or is not taken („Nur diese zusammen generierten Schlüssel
passen zueinander“).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from siegel.base.address import EmailAddress
from siegel.base.errors import MalformedMessage
from siegel.base.secret import Secret
from siegel.flows import unknown_roots
from siegel.flows.trusting import trust_facts
from siegel.pki import keyfile
from siegel.pki.bundle import parse_certificates
from siegel.pki.certificate import Certificate
from siegel.pki.keyfile import private_key_from_file
from siegel.pki.pkcs12 import Pkcs12, PrivateKeyEntry, is_pkcs12, open_pkcs12
from siegel.pki.softkeys import key_matches, private_key_info, spki_sha256
from siegel.policy.actions import Action
from siegel.store.queries import accounts, certificates, journal, keys, locked, pending, requests
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


def needs_vault(data: bytes) -> bool:
    """Whether there are private keys in the file, which are sealed before they are stored."""
    return is_pkcs12(data) or keyfile.holds_key(data)


def import_file(
    data: bytes, passphrase: Secret | None, vault: Vault | None, *, by: str, at: datetime
) -> Imported:
    """A .p12/.pfx or PEM file with private keys, or certificates of partners and authorities.

    Raises ``WrongPassphrase``, ``MalformedMessage``; nothing is stored then.
    """
    if needs_vault(data):
        if vault is None:
            raise MalformedMessage("a file with private keys needs the key file of this store")
        return import_keys(read_keys(data, passphrase), vault, by=by, at=at)
    found = parse_certificates(data)
    return Imported(certificates=found, new=import_found(found, by=by, at=at))


def import_found(found: Iterable[Certificate], *, by: str, at: datetime) -> frozenset[str]:
    """Certificates of partners and authorities; fingerprints of those that were unknown."""
    certificates_given = tuple(dict.fromkeys(found))
    with together():
        new = _add(certificates_given, by=by, at=at)
        _note(Action.CERTIFICATE_IMPORTED, certificates_given, by=by, at=at)
        _use_waiting_keys(certificates_given, by=by, at=at)
    return new


def _use_waiting_keys(found: Iterable[Certificate], *, by: str, at: datetime) -> None:
    """A certificate that was requested for a key of ours, whatever way it came: the account of the
    request signs and opens mail with it."""
    for certificate in found:
        for account in requests.answer(certificate.spki_sha256, certificate.fingerprint, at=at):
            keys.bind_linked(account, by=by, at=at)


def keep_locked(name: str, data: bytes, *, by: str, at: datetime) -> int:
    """Keep a file as it came until somebody knows its passphrase; the number it waits under.

    Raises ``MalformedMessage`` for any other file: only what is encrypted may lie here.
    """
    if not is_pkcs12(data) and not keyfile.is_encrypted(data):
        raise MalformedMessage("only a file with encrypted private keys can wait for a passphrase")
    with together():
        row = locked.add(name, data, by=by, at=at)
        journal.write(at=at, actor=by, action=Action.LOCKED_FILE_KEPT, about=row.name)
    return row.id


def read_keys(data: bytes, passphrase: Secret | None) -> Pkcs12:
    """The keys of a file and their certificates; nothing is stored. It takes its time."""
    if is_pkcs12(data):
        return open_pkcs12(data, passphrase or Secret(b""))
    key = private_key_from_file(data, passphrase)
    beside = _certificates_beside(data)
    entry = PrivateKeyEntry(
        key=key,
        pkcs8=Secret(private_key_info(key)),
        spki_sha256=spki_sha256(key),
        certificates=tuple(each for each in beside if key_matches(each, key)),
    )
    return Pkcs12(keys=(entry,), certificates=beside)


def import_keys(opened: Pkcs12, vault: Vault, *, by: str, at: datetime) -> Imported:
    """Seal the keys and use them for the accounts that their certificates name."""
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


def _certificates_beside(data: bytes) -> tuple[Certificate, ...]:
    try:
        return parse_certificates(data)
    except MalformedMessage:
        return ()


def _add_key(entry: PrivateKeyEntry, vault: Vault, *, by: str, at: datetime) -> None:
    """By the name its certificates go by: an RSA key may be certified as id-RSASSA-PSS."""
    name = entry.spki_sha256
    keys.add(name, vault.seal(entry.pkcs8, name), by=by, at=at)


def _add(found: Iterable[Certificate], *, by: str, at: datetime) -> frozenset[str]:
    """Keep them; link those of people to the addresses they name. Whether one that had come by mail
    may be used for its address is then no question any more."""
    new: set[str] = set()
    found = tuple(dict.fromkeys(found))
    for certificate in found:
        if certificates.add(certificate, source=Source.IMPORTED, by=by, at=at):
            new.add(certificate.fingerprint)
        if not certificate.is_ca:
            for address in certificate.addresses:
                certificates.link(certificate.fingerprint, address, by=by, at=at)
                pending.settle(certificate.fingerprint, address)
    unknown_roots.note_imported(found, trust_facts(found, at))
    return frozenset(new)


def _note(action: Action, found: Iterable[Certificate], *, by: str, at: datetime) -> None:
    """One entry a certificate: its page shows what happened to it."""
    for certificate in found:
        detail = {"subject": certificate.subject}
        journal.write(at=at, actor=by, action=action, about=certificate.fingerprint, detail=detail)
