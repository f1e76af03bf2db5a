"""A private key that lies in a token already becomes the key of an account."""

from datetime import datetime

from siegel.base.address import EmailAddress
from siegel.pki.softkeys import spki_sha256
from siegel.pki.token_reference import kept_form
from siegel.policy.actions import Action
from siegel.store.queries import accounts, journal, keys
from siegel.store.transaction import together
from siegel.store.vault import Vault


def adopt(label: str, account: EmailAddress, vault: Vault, *, by: str, at: datetime) -> str:
    """The name of the key (SHA-256 of its public one). Its certificate is imported like any other,
    before or after.

    Raises ``NotFound`` without the account or the key, ``Conflict`` for several of this label.
    """
    accounts.get(account)
    key = vault.tokens.named(label)
    name, kept = spki_sha256(key), kept_form(key)
    with together():
        keys.add(name, vault.seal(kept, name), by=by, at=at)
        keys.bind(name, account, by=by, at=at)
        journal.write(
            at=at,
            actor=by,
            action=Action.KEY_IMPORTED,
            about=name,
            recipients=[str(account)],
            detail={"key": label, "in": "token"},
        )
    return name
