"""Find the chains from a leaf to an anchor, whatever else lies in the heap of certificates.

OpenSSL takes the first certificate of a fitting name and never comes back; one extra certificate
in a mail would make a valid chain invalid. So the chains are found here and OpenSSL judges them
one by one. A certificate counts only after its signature has verified below an anchor or below
another one that counts; everything else is junk and costs one signature check at most. All work
is bounded: whoever hits a bound gets "too complex", never "invalid".

Nothing is judged here: dates and usages only say which chain is tried first.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush

from siegel.pki.link import Identity, Link, NameKey
from siegel.pki.strength import cost, is_issued_by
from siegel.pki.verdict import PathFinding, PathReason, reason

Chain = tuple[Link, ...]
"""Leaf first, anchor last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PathBudget:
    """What one search may cost."""

    signatures: int = 400  # units of ``strength.cost``, 0.1 ms each: junk must not cost more
    steps: int = 2000  # partial chains looked at; fully meshed authorities have millions
    chains: int = 16  # complete chains judged; cross-signed authorities have two or three
    depth: int = 10  # certificates of a chain; the longest in use have five
    intermediates: int = 300  # certificates looked at; known ones come first in the evidence
    diagnosis: int = 40  # signature units to find out why there is no chain


DEFAULT_BUDGET = PathBudget()


class EdgeMemory:
    """Signatures known to be good; this one remembers nothing."""

    def knows(self, child: Link, issuer: Link) -> bool:
        del child, issuer
        return False


@dataclass(slots=True)
class PathBuilder:
    """One search. ``exhausted`` says that a bound was hit, so that more chains may exist."""

    leaf: Link
    anchors: Sequence[Link]
    intermediates: Sequence[Link]
    is_doubtful: Callable[[Link], bool]
    budget: PathBudget = DEFAULT_BUDGET
    memory: EdgeMemory = field(default_factory=EdgeMemory)
    exhausted: bool = field(default=False, init=False)
    reached: dict[str, Link] = field(default_factory=dict, init=False)
    _pool: list[Link] = field(default_factory=list, init=False)
    _edges: dict[str, list[Identity]] = field(default_factory=dict, init=False)
    _holders: dict[Identity, dict[str, Link]] = field(default_factory=dict, init=False)
    _checked: dict[tuple[str, str], bool] = field(default_factory=dict, init=False)
    _units: int = field(default=0, init=False)
    _anchor_ids: set[str] = field(default_factory=set, init=False)

    def __post_init__(self) -> None:
        self._units = self.budget.signatures
        self._anchor_ids = {anchor.fingerprint for anchor in self.anchors}
        self._pool = self._candidates()

    def chains(self) -> Iterator[Chain]:
        """Chains in which every signature verifies: the promising ones, then the short ones."""
        if self.leaf.fingerprint in self._anchor_ids:
            yield (self.leaf,)
            return
        self._descend()
        for number, chain in enumerate(self._ascend()):
            if number == self.budget.chains:
                self.exhausted = True
                return
            yield chain

    def no_path(self) -> PathReason:
        """Why there is no chain: the first gap on the way up from the leaf."""
        self._units = self.budget.diagnosis
        return self._gap()

    def _candidates(self) -> list[Link]:
        """Each certificate once, without leaf and anchors, in the order in which they came."""
        fresh = {
            one.fingerprint: one
            for one in self.intermediates
            if one.fingerprint != self.leaf.fingerprint and one.fingerprint not in self._anchor_ids
        }
        pool = list(fresh.values())
        if len(pool) > self.budget.intermediates:
            self.exhausted = True
        return pool[: self.budget.intermediates]

    def _descend(self) -> None:
        """From the anchors down, depth first, so that junk does not keep the leaf waiting.

        What one certificate has signed, every other with the same name and key has signed, too.
        """
        names = self._names_above()
        children = _by(names, self._pool, lambda one: one.issuer)
        stack = [iter([anchor for anchor in self.anchors if anchor.subject in names])]
        while stack:
            one = next(stack[-1], None)
            if one is None:
                stack.pop()
            elif self._reach(one):
                stack.append(self._signed_by(one, children.get(one.subject, [])))

    def _reach(self, one: Link) -> bool:
        """Is it the first with its name and key?"""
        self.reached[one.fingerprint] = one
        holders = self._holders.setdefault(one.identity, {})
        holders[one.fingerprint] = one
        return len(holders) == 1

    def _signed_by(self, issuer: Link, children: list[Link]) -> Iterator[Link]:
        """Note the edges below an issuer; gives the authorities among them that are new."""
        if self.leaf.names_issuer(issuer) and self._is_signed_by(self.leaf, issuer):
            self._edges.setdefault(self.leaf.fingerprint, []).append(issuer.identity)
        for child in sorted(children, key=lambda one: _rank(one, issuer)):
            if self._is_signed_by(child, issuer):
                self._edges.setdefault(child.fingerprint, []).append(issuer.identity)
                if child.fingerprint not in self.reached:
                    yield child

    def _names_above(self) -> set[NameKey]:
        """The names that can stand above the leaf; all other certificates cannot matter."""
        above: dict[NameKey, set[NameKey]] = {}
        for one in self._pool:
            above.setdefault(one.subject, set()).add(one.issuer)
        names, queue = {self.leaf.issuer}, [self.leaf.issuer]
        while queue:
            fresh = above.get(queue.pop(), set()) - names
            names |= fresh
            queue.extend(fresh)
        return names

    def _ascend(self) -> Iterator[Chain]:
        """From the leaf up, best first, never through the same name and key twice."""
        heap: list[tuple[int, int, int, Chain]] = [(0, 1, 0, (self.leaf,))]
        steps = 0
        while heap:
            doubts, length, _, chain = heappop(heap)
            if chain[-1].fingerprint in self._anchor_ids:
                yield chain
                continue
            for issuer in self._issuers(chain):
                steps += 1
                if steps > self.budget.steps or length == self.budget.depth:
                    self.exhausted = True
                    break
                doubt = doubts + self.is_doubtful(issuer)
                heappush(heap, (doubt, length + 1, steps, (*chain, issuer)))

    def _issuers(self, chain: Chain) -> Iterator[Link]:
        passed = {one.identity for one in chain}
        for identity in self._edges.get(chain[-1].fingerprint, ()):
            if identity not in passed:
                yield from self._holders[identity].values()

    def _is_signed_by(self, child: Link, issuer: Link) -> bool:
        """One check for each child and key, as long as the budget lasts."""
        pair = child.fingerprint, issuer.certificate.spki_sha256
        if pair not in self._checked:
            if self.memory.knows(child, issuer):
                self._checked[pair] = True
            elif not self._spend(issuer):
                return False
            else:
                key = issuer.certificate.public_key
                self._checked[pair] = is_issued_by(child.certificate.parsed, key)
        return self._checked[pair]

    def _spend(self, issuer: Link) -> bool:
        self._units -= cost(issuer.certificate.public_key)
        if self._units < 0:
            self.exhausted = True
        return self._units >= 0

    def _gap(self) -> PathReason:
        named = _by(None, [*self.anchors, *self._pool], lambda one: one.subject)
        here, passed = self.leaf, {self.leaf.fingerprint}
        for depth in range(self.budget.depth):
            if here.is_self_issued and self._is_signed_by(here, here):
                return reason(PathFinding.UNTRUSTED_ROOT, depth, here.certificate.subject)
            issuers = [one for one in named.get(here.issuer, []) if not here.points_away_from(one)]
            above = self._signer(here, [one for one in issuers if one.fingerprint not in passed])
            if above is None:
                return self._missing(here, depth, issuers)
            passed.add(above.fingerprint)
            here = above
        return reason(PathFinding.TOO_COMPLEX)

    def _signer(self, child: Link, issuers: list[Link]) -> Link | None:
        return next((one for one in issuers if self._is_signed_by(child, one)), None)

    def _missing(self, child: Link, depth: int, issuers: list[Link]) -> PathReason:
        """Only an issuer that we believe in can show that the signature of the leaf is forged.

        One that merely came along proves nothing: anybody can add a certificate of that name. A
        spoilt copy of an authority says no more than that the true one is missing.
        """
        known = self.reached.keys() | self._anchor_ids
        believed = [one for one in issuers if one.fingerprint in known]
        refused = [one for one in believed if not self._is_signed_by(child, one)]
        if self._units < 0:  # then nobody has looked, and nothing was refused
            return reason(PathFinding.TOO_COMPLEX, depth)
        if refused and depth:
            return reason(PathFinding.ISSUER_UNKNOWN, depth - 1, child.certificate.subject)
        if refused:
            return reason(PathFinding.BAD_SIGNATURE, 0, refused[0].certificate.subject)
        return reason(PathFinding.ISSUER_UNKNOWN, depth, child.certificate.issuer)


def _rank(child: Link, issuer: Link) -> int:
    if child.points_to(issuer):
        return 0
    return 2 if child.points_away_from(issuer) else 1


def _by(
    names: set[NameKey] | None, links: Sequence[Link], name: Callable[[Link], NameKey]
) -> dict[NameKey, list[Link]]:
    """The certificates under a name of theirs; with ``names``, only those whose subject is one."""
    found: dict[NameKey, list[Link]] = {}
    for one in links:
        if names is None or one.subject in names:
            found.setdefault(name(one), []).append(one)
    return found
