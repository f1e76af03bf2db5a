"""The vault of this installation, with the hardware that the configuration names."""

from datetime import datetime

from siegel.config.schema import Settings
from siegel.store.vault import Vault, open_vault
from siegel.transport.tokens import Tokens, tokens_of


def vault_of(settings: Settings, *, at: datetime) -> Vault:
    return open_vault(settings.keys.file, at=at, tokens=hardware_of(settings))


def hardware_of(settings: Settings) -> Tokens | None:
    """None: all keys are sealed in the store."""
    given = settings.pkcs11
    if given.module is None:
        return None
    return tokens_of(given.module, given.token, given.pin)
