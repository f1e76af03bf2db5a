"""Private keys: sealed in, sealed out. Opening them is the vault's, deciding who may is here:
a key opens mail for the accounts it is bound to, and for nobody else.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from siegel.base.address import EmailAddress
from siegel.base.errors import NotFound
from siegel.store.listed import has_key_now
from siegel.store.models import Certificate, KeyBinding, MailAccount, PrivateKey
from siegel.store.queries import accounts
from siegel.store.rows import SealedKey
from siegel.store.text import clean


def add(spki_sha256: str, sealed: bytes, *, by: str, at: datetime) -> bool:
    """Store a sealed key; True if it was not there yet. The first sealing stays: same key."""
    _, new = PrivateKey.objects.get_or_create(
        spki_sha256=spki_sha256,
        defaults={"sealed": sealed, "added_at": at, "added_by": clean(by, 400)},
    )
    has_key_now(spki_sha256)
    return new


def bind(spki_sha256: str, account: EmailAddress, *, by: str, at: datetime) -> bool:
    """Let the account sign with the key and open its mail; True if that is new."""
    owner = MailAccount.objects.filter(address=str(account)).first()
    if owner is None:
        raise NotFound(f"no account {account}")
    if not PrivateKey.objects.filter(spki_sha256=spki_sha256).exists():
        raise NotFound(f"no private key {spki_sha256}")
    _, new = KeyBinding.objects.get_or_create(
        key_id=spki_sha256, account=owner, defaults={"bound_by": clean(by, 400), "bound_at": at}
    )
    return new


def bind_linked(account: EmailAddress, *, by: str, at: datetime) -> int:
    """Bind every key with a certificate in use for an address of ``account``; how many were new.

    Key and account come in either order: call it after both.
    """
    owner = MailAccount.objects.prefetch_related("granted").filter(address=str(account)).first()
    if owner is None:
        raise NotFound(f"no account {account}")
    aliases = [each.address for each in owner.granted.all() if each.kind == "alias"]
    own = Certificate.objects.filter(
        links__address__in=[owner.address, *aliases], links__state__in=("linked", "confirmed")
    )
    keys = PrivateKey.objects.filter(spki_sha256__in=own.values("spki_sha256")).exclude(
        bindings__account=owner
    )
    bindings = [
        KeyBinding(key=key, account=owner, bound_by=clean(by, 400), bound_at=at) for key in keys
    ]
    KeyBinding.objects.bulk_create(bindings, ignore_conflicts=True)
    return len(bindings)


def sealed_by_address(
    addresses: Iterable[EmailAddress],
) -> Mapping[EmailAddress, tuple[SealedKey, ...]]:
    """What may open a message for exactly these recipients: for each address (all are there) the
    keys of the active account that owns it, as its own or as an alias; archived ones included."""
    asked = tuple(dict.fromkeys(addresses))
    known = accounts.known(asked)
    bindings = KeyBinding.objects.filter(account__in=list(known.rows))
    names: dict[int, set[str]] = {account: set() for account in known.rows}
    for account, name in bindings.values_list("account_id", "key_id"):
        names[account].add(name)
    wanted = set().union(*names.values())
    keys = _with_certificates(list(PrivateKey.objects.filter(spki_sha256__in=wanted)))
    mine = {address: names.get(known.owner(address) or 0, set()) for address in asked}
    return {a: tuple(k for k in keys if k.spki_sha256 in mine[a]) for a in asked}


def get(spki_sha256: str) -> SealedKey:
    found = _with_certificates(list(PrivateKey.objects.filter(spki_sha256=spki_sha256)))
    if not found:
        raise NotFound(f"no private key {spki_sha256}")
    return found[0]


def accounts_of(spki_sha256: str) -> tuple[EmailAddress, ...]:
    """Whose key it is: the accounts that sign with it and whose mail it opens."""
    bound = KeyBinding.objects.filter(key_id=spki_sha256).order_by("account__address")
    found = bound.values_list("account__address", flat=True)
    return tuple(EmailAddress.parse(address) for address in found)


def archived_at(spki_sha256: str) -> datetime | None:
    return PrivateKey.objects.filter(pk=spki_sha256).values_list("archived_at", flat=True).first()


def archive(spki_sha256: str, *, at: datetime | None) -> None:
    """No longer signs, still opens old mail (None: signs again). Keys are never deleted."""
    if not PrivateKey.objects.filter(spki_sha256=spki_sha256).update(archived_at=at):
        raise NotFound(f"no private key {spki_sha256}")


def _with_certificates(keys: list[PrivateKey]) -> tuple[SealedKey, ...]:
    certificates: dict[str, list[bytes]] = {key.spki_sha256: [] for key in keys}
    for spki, der in (
        Certificate.objects.filter(spki_sha256__in=list(certificates))
        .order_by("-not_before", "fingerprint")
        .values_list("spki_sha256", "der")
    ):
        certificates[spki].append(bytes(der))
    return tuple(
        SealedKey(
            spki_sha256=key.spki_sha256,
            sealed=bytes(key.sealed),
            archived=key.archived_at is not None,
            certificates=tuple(certificates[key.spki_sha256]),
        )
        for key in keys
    )
