"""RFC 5280 §6.1 over the facts a world was made from: every chain is tried, nothing is read.

No code of the product and no certificate library: an independent answer to "is there a valid path".
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from cryptography import x509

from tests.unit.differential.worlds import ADDRESS, Node, World
from tests.unit.pki.chains import AT

Chain: TypeAlias = tuple[Node, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How the standard is read. ``judge_anchors``: what the certificate of an anchor says counts,
    too. ``count_self_issued``: in the length of a path every authority counts."""

    judge_anchors: bool = True
    count_self_issued: bool = False


OURS = Reading()


def has_valid_path(world: World, reading: Reading = OURS) -> bool:
    return any(is_valid(chain, reading) for chain in chains(world))


def chains(world: World) -> Iterator[Chain]:
    """Every chain of true signatures from the leaf to an anchor, no name and key twice."""
    stack: list[Chain] = [(world.leaf,)]
    while stack:
        chain = stack.pop()
        here = chain[-1]
        if here in world.anchors:
            yield chain
            continue
        passed = {(one.name, one.key) for one in chain}
        stack += [
            (*chain, above)
            for above in world.heap
            if (above.name, above.key) == (here.issuer, here.signer)
            and (above.name, above.key) not in passed
            and not here.shape.broken
        ]


def is_valid(chain: Chain, reading: Reading = OURS) -> bool:
    judged = chain if reading.judge_anchors else chain[:-1]
    return all(_is_good(chain, depth, reading) for depth in range(len(judged)))


def _is_good(chain: Chain, depth: int, reading: Reading) -> bool:
    shape = chain[depth].shape
    in_time = shape.not_before <= AT <= shape.not_after
    known = not any(critical for _, critical in shape.extensions)
    return in_time and known and (depth == 0 or _may_issue(chain, depth, reading))


def _may_issue(chain: Chain, depth: int, reading: Reading) -> bool:
    shape, below = chain[depth].shape, chain[1:depth]
    between = sum(reading.count_self_issued or not one.is_self_issued for one in below)
    long_enough = shape.path_length is None or between <= shape.path_length
    signs = shape.usage is None or "key_cert_sign" in shape.usage
    return shape.ca is True and signs and long_enough and _permits(shape.constraints, chain, depth)


def _permits(constraints: x509.NameConstraints | None, chain: Chain, depth: int) -> bool:
    if constraints is None:
        return True
    below = [one for n, one in enumerate(chain[:depth]) if n == 0 or not one.is_self_issued]
    excluded = constraints.excluded_subtrees or []
    permitted = constraints.permitted_subtrees or []
    if any(_reaches(subtree, one) for subtree in excluded for one in below):
        return False
    return all(_reaches(subtree, one, absent=True) for subtree in permitted for one in below)


def _reaches(subtree: x509.GeneralName, one: Node, *, absent: bool = False) -> bool:
    """Does a name of the certificate lie within? ``absent``: what if it has none of that form."""
    if isinstance(subtree, x509.DirectoryName):
        (attribute,) = subtree.value
        return bool(attribute.value == one.name)
    if one.key != -1:
        return absent  # only the leaf has an address
    mailbox, wanted = ADDRESS, str(subtree.value)
    domain = mailbox.partition("@")[2]
    if "@" in wanted:
        return mailbox == wanted
    return domain.endswith(wanted) if wanted.startswith(".") else domain == wanted
