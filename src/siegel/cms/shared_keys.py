"""Recipients that share a key since before (KEKRecipientInfo, RFC 5652 §6.2.3), read only.

Mailing list agents of RFC 2634 used them; nobody is given such a key by Siegel.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from siegel.base import ber, der
from siegel.base.errors import MalformedMessage
from siegel.base.keys import Keyring
from siegel.base.secret import Secret
from siegel.cms.algorithms import read_algorithm
from siegel.cms.doors import Attempt
from siegel.cms.key_wrap import WEAK_WRAPS, WRAPS, unwrap_key


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedKeyDoor:
    """``identifier`` is the name that both sides gave the key; its date is not looked at."""

    identifier: bytes
    wrap: str
    encrypted_key: bytes

    @property
    def weak(self) -> bool:
        return self.wrap in WEAK_WRAPS

    def attempts(self, keyring: Keyring) -> Iterator[Attempt]:
        for key in keyring.shared_keys(self.identifier):
            yield Attempt(open=partial(self._open, key), supported=self.wrap in WRAPS)

    def _open(self, key: Secret) -> bytes:
        return unwrap_key(self.wrap, key.reveal(), self.encrypted_key)


def read_shared_key(fields: list[ber.Element]) -> SharedKeyDoor:
    """KEKRecipientInfo: version, kekid, algorithm, encrypted key."""
    if len(fields) != 4:
        raise MalformedMessage("no KEKRecipientInfo")
    named = fields[1].expect(der.SEQUENCE).children()
    if not named:
        raise MalformedMessage("a KEKIdentifier without identifier")
    return SharedKeyDoor(
        identifier=named[0].octet_string(),
        wrap=read_algorithm(fields[2]).oid,
        encrypted_key=fields[3].joined(),
    )
