"""Small worlds of certification authorities, each made from a number: cross certificates, names and
keys used twice, and here and there a certificate with something wrong.

Every node knows how it was made, so that ``naive`` can say what is valid without reading any of it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any, Final, TypeAlias

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID, ObjectIdentifier

from tests.unit.pki.chains import (
    AT,
    LAST_YEAR,
    NOT_AFTER,
    Party,
    Shape,
    issue,
    mail_leaf,
    root,
)

NAMES: Final = "ABCDE"
KEYS: Final = tuple(ec.derive_private_key(4711 + n, ec.SECP256R1()) for n in range(6))
LEAF_KEY: Final = ec.derive_private_key(99, ec.SECP256R1())
LEAF_NAME: Final = "Leaf"
ADDRESS: Final = "leaf@office.example"
UNKNOWN_CRITICAL: Final = (
    x509.UnrecognizedExtension(ObjectIdentifier("1.3.6.1.4.1.99999.8"), b"\x05\x00"),
    True,
)

Change: TypeAlias = Callable[[Random], dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A certificate and the facts it was made from; keys by number, -1 is the leaf's."""

    party: Party
    name: str
    key: int
    issuer: str
    signer: int
    shape: Shape

    @property
    def is_self_issued(self) -> bool:
        return self.name == self.issuer


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    seed: int
    leaf: Node
    anchors: tuple[Node, ...]
    heap: tuple[Node, ...]


def world(seed: int) -> World:
    chance = Random(seed)
    roots = [_root(chance) for _ in range(chance.randint(1, 3))]
    nodes = list(roots)
    for _ in range(chance.randint(2, 8)):
        nodes.append(_authority(chance.choice(nodes), chance))
    leaf = _leaf(chance.choice(nodes[1:]), chance)
    anchors = chance.sample(roots, chance.randint(1, len(roots)))
    heap = list(nodes)
    chance.shuffle(heap)
    return World(seed=seed, leaf=leaf, anchors=tuple(anchors), heap=tuple(heap))


def _root(chance: Random) -> Node:
    name, key = chance.choice(NAMES), chance.randrange(len(KEYS))
    shape = Shape(**_changes(chance, ROOT_CHANGES, 0.15))
    party = root(name, shape, key=KEYS[key])
    return Node(party=party, name=name, key=key, issuer=name, signer=key, shape=shape)


def _authority(above: Node, chance: Random) -> Node:
    name, key = chance.choice(NAMES), chance.randrange(len(KEYS))
    shape = Shape(**_changes(chance, CHANGES, 0.3))
    party = issue(above.party, name, shape, key=KEYS[key])
    return Node(party=party, name=name, key=key, issuer=above.name, signer=above.key, shape=shape)


def _leaf(above: Node, chance: Random) -> Node:
    shape = mail_leaf(ADDRESS, **_changes(chance, LEAF_CHANGES, 0.15))
    party = issue(above.party, LEAF_NAME, shape, key=LEAF_KEY)
    return Node(
        party=party, name=LEAF_NAME, key=-1, issuer=above.name, signer=above.key, shape=shape
    )


def _changes(chance: Random, which: Sequence[Change], often: float) -> dict[str, Any]:
    return chance.choice(which)(chance) if chance.random() < often else {}


def _mailbox_constraint(chance: Random) -> dict[str, Any]:
    subtree = x509.RFC822Name(
        chance.choice(
            ["office.example", "other.example", ".example", ADDRESS, "other@office.example"]
        )
    )
    return {"constraints": _constraint(subtree, excluded=chance.random() < 0.4)}


def _directory_constraint(chance: Random) -> dict[str, Any]:
    name = chance.choice([*NAMES, LEAF_NAME])
    subtree = x509.DirectoryName(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
    return {"constraints": _constraint(subtree, excluded=chance.random() < 0.7)}


def _constraint(subtree: x509.GeneralName, *, excluded: bool) -> x509.NameConstraints:
    return x509.NameConstraints(*((None, [subtree]) if excluded else ([subtree], None)))


DATES: Final[tuple[Change, ...]] = (
    lambda chance: {"not_after": LAST_YEAR},
    lambda chance: {"not_before": AT.replace(year=AT.year + 1), "not_after": NOT_AFTER},
)
LEAF_CHANGES: Final[tuple[Change, ...]] = (
    *DATES,
    lambda chance: {"broken": True},
    lambda chance: {"key_identifiers": False},
    lambda chance: {"extensions": (UNKNOWN_CRITICAL,)},
)
CHANGES: Final[tuple[Change, ...]] = (
    *LEAF_CHANGES,
    lambda chance: {"path_length": chance.randrange(3)},
    lambda chance: {"path_length": chance.randrange(2)},
    lambda chance: {"ca": chance.choice([False, None])},
    lambda chance: {"usage": ("crl_sign",)},
    _mailbox_constraint,
    _mailbox_constraint,
    _directory_constraint,
)
ROOT_CHANGES: Final[tuple[Change, ...]] = (
    lambda chance: {"not_after": LAST_YEAR},
    lambda chance: {"path_length": chance.randrange(2)},
    lambda chance: {"key_identifiers": False},
    _mailbox_constraint,
)
