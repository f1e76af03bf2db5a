"""Keys for opening: those bound to the account of a recipient of this very copy, and no others."""

from collections.abc import Iterator, Sequence

from siegel.base.keys import Keyring
from siegel.flows.outgoing_message import any_address
from siegel.pki.certificate import parse_certificate
from siegel.pki.softkeys import SoftwareKey, SoftwareKeyring
from siegel.store.queries import keys as key_store
from siegel.store.rows import SealedKey
from siegel.store.vault import Vault


def entitled_keyrings(recipients: Sequence[str], vault: Vault) -> Iterator[tuple[str, Keyring]]:
    """(recipient as written, keyring) for each; one query for all of them."""
    addresses = {text: any_address(text) for text in recipients}
    sealed = key_store.sealed_by_address(addresses.values())
    for text, address in addresses.items():
        mine = [unsealed(key, vault) for key in sealed[address] if key.certificates]
        yield text, SoftwareKeyring(mine)


def unsealed(sealed: SealedKey, vault: Vault) -> SoftwareKey:
    """The key with all its certificates; its blob was checked when it was imported."""
    private = vault.private_key(sealed)
    return SoftwareKey(private, [parse_certificate(der) for der in sealed.certificates])
