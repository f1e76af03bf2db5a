"""What one forgery is, and what must become of it."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from siegel.policy.inbound import CryptographicSummary
from tests.world import WORLD

VERIFIED = CryptographicSummary.VERIFIED
UNPROTECTED = CryptographicSummary.UNPROTECTED
CONFIDENTIAL = CryptographicSummary.CONFIDENTIAL
CLOSED = ENCRYPTED_UNVERIFIED = CryptographicSummary.ENCRYPTED_UNVERIFIED

READER, OTHER_READER = WORLD.person("alice"), WORLD.person("bob")
VICTIM = WORLD.person("huber")
"""A school's headmaster, whose name is worth something."""
ATTACKER = WORLD.person("dana")
"""A stranger with a trusted certificate of her own, for her own address."""

SECRET = b"Geheimzahl 4711"
EVIL = b"evil.example"


class Family(StrEnum):
    CMS = "Signature against content (CMS)"
    MIME = "What is signed against what is shown (MIME)"
    IDENTITY = "Who signed against who is shown (ID)"
    DISPLAY = "Marks that look like ours (UI)"
    DECRYPTION = "Making the reader decrypt for somebody else"
    MALLEABLE = "Changing what is encrypted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One mail. ``said`` are reasons and findings that must be among those given.

    ``reader`` is the envelope recipient, whose keys open it. ``about``: whose words count when
    the summary is a good one. ``shown``: octets that the reader still has to get, ``hidden``:
    octets that must not come out anywhere, in whatever encoding.
    """

    family: Family
    name: str
    make: Callable[[], bytes]
    summary: CryptographicSummary = UNPROTECTED
    said: frozenset[str] = frozenset()
    reader: str = "alice"
    about: str | None = None
    shown: tuple[bytes, ...] = ()
    hidden: tuple[bytes, ...] = ()

    @property
    def good(self) -> bool:
        return self.summary in (VERIFIED, CONFIDENTIAL)
