"""Certificate policies along a path: the graph of RFC 9618 (which replaces RFC 5280's tree).

OpenSSL's own policy check is not used: pyOpenSSL offers no way to name the acceptable policies,
and without one OpenSSL refuses every path on which an explicit policy is required. Qualifiers are
not read; they say something to people and nothing about validity.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import TypeVar

from cryptography import x509

from siegel.base import ber
from siegel.base.errors import SiegelError
from siegel.pki.link import Link

ANY_POLICY = "2.5.29.32.0"
MAX_POLICIES = 500  # policies or mappings of one certificate; the public CAs need fewer than ten

_POLICY_MAPPINGS = x509.ObjectIdentifier("2.5.29.33")


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyInput:
    """The inputs of RFC 5280 §6.1.1 (c), (e), (f) and (g). Ordinary mail asks for nothing."""

    acceptable: frozenset[str] = frozenset({ANY_POLICY})
    require_explicit: bool = False
    inhibit_mapping: bool = False
    inhibit_any: bool = False


NO_POLICY_ASKED = PolicyInput()


def policy_flaw(chain: Sequence[Link], asked: PolicyInput = NO_POLICY_ASKED) -> str | None:
    """What is wrong with the policies of a chain (leaf first, anchor last), or None."""
    path = list(reversed(chain[:-1]))
    try:
        graph = _Graph(asked, len(path))
        for number, one in enumerate(path, 1):
            graph.take(_read(one.certificate.parsed), one.is_self_issued, number == len(path))
        graph.close(asked.acceptable)
    except _PolicyError as error:
        return str(error)
    return None


class _PolicyError(Exception):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class _Policies:
    """The four policy extensions of one certificate (RFC 5280 §4.2.1.4, 5, 11 and 14)."""

    policies: frozenset[str] | None
    mappings: tuple[tuple[str, str], ...]
    require_explicit: int | None
    inhibit_mapping: int | None
    inhibit_any: int | None


@dataclass(slots=True)
class _Node:
    """A policy at one depth. ``parents`` are policies of the depth above."""

    expected: set[str]
    parents: set[str]


@dataclass(slots=True)
class _Graph:
    """The state variables of RFC 5280 §6.1.2 with the policy graph of RFC 9618 §5.3.

    ``levels[depth][policy]`` holds a node for each policy valid there; an empty last level stands
    for the NULL graph.
    """

    asked: PolicyInput
    length: int
    levels: list[dict[str, _Node]] = field(init=False)
    explicit: int = field(init=False)
    mapping: int = field(init=False)
    any_policy: int = field(init=False)

    def __post_init__(self) -> None:
        self.levels = [{ANY_POLICY: _Node({ANY_POLICY}, set())}]
        self.explicit = 0 if self.asked.require_explicit else self.length + 1
        self.mapping = 0 if self.asked.inhibit_mapping else self.length + 1
        self.any_policy = 0 if self.asked.inhibit_any else self.length + 1

    def take(self, one: _Policies, self_issued: bool, last: bool) -> None:
        """RFC 5280 §6.1.3 (d) to (f), then §6.1.4 (a), (b), (h) to (j) or §6.1.5 (a), (b)."""
        self._grow(one.policies, any_counts=self.any_policy > 0 or (self_issued and not last))
        if self.explicit == 0 and not self.levels[-1]:
            raise _PolicyError("no policy is valid for the whole path")
        if last:
            self.explicit = 0 if one.require_explicit == 0 else max(self.explicit - 1, 0)
            return
        self._map(one.mappings)
        if not self_issued:
            self.explicit = max(self.explicit - 1, 0)
            self.mapping = max(self.mapping - 1, 0)
            self.any_policy = max(self.any_policy - 1, 0)
        self.explicit = _least(self.explicit, one.require_explicit)
        self.mapping = _least(self.mapping, one.inhibit_mapping)
        self.any_policy = _least(self.any_policy, one.inhibit_any)

    def close(self, acceptable: frozenset[str]) -> None:
        """RFC 9618 §5.5: is anything left of what the user accepts?"""
        if self.explicit == 0 and not self._accepts(acceptable):
            raise _PolicyError("an explicit policy is required, and no acceptable one is valid")

    def _accepts(self, acceptable: frozenset[str]) -> bool:
        last = self.levels[-1]
        if ANY_POLICY in acceptable or ANY_POLICY in last:
            return bool(last)
        named = (
            policy
            for level in self.levels
            for policy, node in level.items()
            if policy != ANY_POLICY and ANY_POLICY in node.parents
        )
        return bool(last) and not acceptable.isdisjoint(named)

    def _grow(self, policies: frozenset[str] | None, *, any_counts: bool) -> None:
        above = self.levels[-1]
        expecting = _index(above)
        level: dict[str, _Node] = {}
        for policy in (policies or frozenset()) - {ANY_POLICY}:
            parents = expecting.get(policy) or ({ANY_POLICY} if ANY_POLICY in above else None)
            if parents:
                level[policy] = _Node({policy}, set(parents))
        if policies and ANY_POLICY in policies and any_counts:
            for policy, parents in expecting.items():
                level.setdefault(policy, _Node({policy}, set(parents)))
        self.levels.append(level)
        self._prune()

    def _map(self, mappings: tuple[tuple[str, str], ...]) -> None:
        if any(ANY_POLICY in pair for pair in mappings):
            raise _PolicyError("a policy is mapped to or from anyPolicy")
        level = self.levels[-1]
        mapped: dict[str, set[str]] = {}
        for policy, to in mappings:
            mapped.setdefault(policy, set()).add(to)
        for policy, expected in mapped.items():
            if self.mapping == 0:
                level.pop(policy, None)
            elif policy in level:
                level[policy].expected = expected
            elif ANY_POLICY in level:
                level[policy] = _Node(expected, set(level[ANY_POLICY].parents))
        self._prune()

    def _prune(self) -> None:
        """Nodes that lead nowhere go (RFC 9618 §5.3 (d)(3))."""
        for depth in range(len(self.levels) - 1, 0, -1):
            kept: set[str] = set().union(*(n.parents for n in self.levels[depth].values()))
            above = self.levels[depth - 1]
            if len(kept) == len(above):
                return
            self.levels[depth - 1] = {p: node for p, node in above.items() if p in kept}


def _index(level: dict[str, _Node]) -> dict[str, set[str]]:
    """Which nodes of a level expect which policy below."""
    expecting: dict[str, set[str]] = {}
    for policy, node in level.items():
        for expected in node.expected:
            expecting.setdefault(expected, set()).add(policy)
    return expecting


def _least(current: int, wanted: int | None) -> int:
    return current if wanted is None else min(current, wanted)


def _read(parsed: x509.Certificate) -> _Policies:
    try:
        extensions = parsed.extensions
    except Exception as error:
        raise _PolicyError("extensions that cannot be read") from error
    found = {one.value.oid: one.value for one in extensions}
    constraints = found.get(x509.PolicyConstraints.oid)
    inhibit = found.get(x509.InhibitAnyPolicy.oid)
    explicit = mapping = None
    if isinstance(constraints, x509.PolicyConstraints):
        explicit = constraints.require_explicit_policy
        mapping = constraints.inhibit_policy_mapping
    return _Policies(
        policies=_bounded_policies(found.get(x509.CertificatePolicies.oid)),
        mappings=_bounded_mappings(found.get(_POLICY_MAPPINGS)),
        require_explicit=explicit,
        inhibit_mapping=mapping,
        inhibit_any=inhibit.skip_certs if isinstance(inhibit, x509.InhibitAnyPolicy) else None,
    )


_Item = TypeVar("_Item")


def _bounded(items: Iterable[_Item]) -> list[_Item]:
    some = list(islice(items, MAX_POLICIES + 1))
    if len(some) > MAX_POLICIES:
        raise _PolicyError(f"more than {MAX_POLICIES} policies in one certificate")
    return some


def _bounded_policies(extension: x509.ExtensionType | None) -> frozenset[str] | None:
    if not isinstance(extension, x509.CertificatePolicies):
        return None
    return frozenset(_bounded(one.policy_identifier.dotted_string for one in extension))


def _bounded_mappings(extension: x509.ExtensionType | None) -> tuple[tuple[str, str], ...]:
    """PolicyMappings ::= SEQUENCE OF SEQUENCE { issuerDomainPolicy, subjectDomainPolicy }."""
    if not isinstance(extension, x509.UnrecognizedExtension):
        return ()
    try:
        pairs = [pair.children() for pair in ber.read(extension.value).children()]
        return tuple(_bounded((one.oid(), other.oid()) for one, other in pairs))
    except (SiegelError, ValueError) as error:
        raise _PolicyError("policy mappings that cannot be read") from error
