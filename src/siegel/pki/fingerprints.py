"""Fingerprints as people compare them: SHA-256 in groups of four digits, read over another channel.

Only the whole, exact value counts. Which groups differ is for people to look at once more.
"""

from dataclasses import dataclass

DIGITS = 64  # of SHA-256 in hexadecimal
SHA1_DIGITS = 40
GROUP = 4
_HEXADECIMAL = frozenset("0123456789abcdef")
_BETWEEN = frozenset(" :-.\t\r\n\u00a0\u2009\u202f")


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Four digits beside four; ``read`` may be shorter, or empty."""

    own: str
    read: str

    @property
    def is_same(self) -> bool:
        return self.own == self.read


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """A certificate's fingerprint beside what a person was told, both in upper case.

    ``looks_like_sha1``: the other fingerprint that certificates are shown with was read.
    ``strange``: characters that belong to no fingerprint.
    """

    groups: tuple[Group, ...]
    looks_like_sha1: bool
    strange: bool

    @property
    def matches(self) -> bool:
        return not self.strange and all(group.is_same for group in self.groups)

    @property
    def differing(self) -> tuple[int, ...]:
        """Numbers of the groups that differ, counted from one."""
        return tuple(i for i, group in enumerate(self.groups, 1) if not group.is_same)


def normalised(text: str) -> str:
    """Digits alone, in lower case; what is between them and a label before them is left out."""
    _, colon, rest = text.partition("=")
    plain = (rest if colon else text).lower()
    plain = plain.replace("sha-256", "").replace("sha256", "")
    return "".join(c for c in plain if c not in _BETWEEN)


def compare(fingerprint: str, read: str) -> Comparison:
    """``read`` as typed or pasted."""
    own, other = normalised(fingerprint).upper(), normalised(read)
    told = "".join(c for c in other if c in _HEXADECIMAL).upper()
    length = max(len(own), len(told))
    return Comparison(
        groups=tuple(
            Group(own=own[i : i + GROUP], read=told[i : i + GROUP]) for i in range(0, length, GROUP)
        ),
        looks_like_sha1=len(told) == SHA1_DIGITS,
        strange=len(told) != len(other),
    )
