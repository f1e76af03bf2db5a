"""One search for a valid path: every chain is judged, and the best verdict is given.

Here RFC 5280, the rules of mail and revocation come together. What OpenSSL says about one chain
comes in as a function (``ChainCheck``), and so does everything that is remembered between two
searches; both live in ``path.py``.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice
from typing import Protocol

from siegel.pki.anchors import AnchorSet
from siegel.pki.builder import Chain, EdgeMemory, PathBudget, PathBuilder
from siegel.pki.certificate import Certificate
from siegel.pki.crl import ListMemory, RevocationList
from siegel.pki.evidence import Evidence
from siegel.pki.link import Link
from siegel.pki.policies import policy_flaw
from siegel.pki.revocation import Revocation, RevocationEvidence
from siegel.pki.usage import (
    PathRules,
    anchor_reasons,
    authority_reasons,
    is_doubtful,
    leaf_reasons,
)
from siegel.pki.verdict import (
    PathFinding,
    PathReason,
    PathStatus,
    PathVerdict,
    Purpose,
    RevocationStatus,
    ranked,
    reason,
)

MAX_UNSETTLED = 4  # valid chains of unknown revocation; each asks OpenSSL twice a certificate

OTHER_CHAIN = -1  # OpenSSL put another chain together than the one it was given
UNREADABLE = -2  # OpenSSL could not read what cryptography can

# Numbers of OpenSSL's x509_vfy.h, as far as they say something about the certificate.
_MEANING = {
    1: PathFinding.TOO_COMPLEX,  # more names and name constraints than OpenSSL compares
    24: PathFinding.NOT_A_CA,
    25: PathFinding.PATH_LENGTH,
    32: PathFinding.NOT_A_CA,
    34: PathFinding.CRITICAL_EXTENSION,
    41: PathFinding.MALFORMED,
    47: PathFinding.NAME_CONSTRAINT,
    48: PathFinding.NAME_CONSTRAINT,
    49: PathFinding.NAME_CONSTRAINT,
    51: PathFinding.NAME_CONSTRAINT,
    52: PathFinding.NAME_CONSTRAINT,
    53: PathFinding.NAME_CONSTRAINT,
    79: PathFinding.NOT_A_CA,
}
# Every signature of the chain has been verified before: OpenSSL chose another issuer of the name,
# refuses the one whose key identifier differs, or gave up. That is no fault of the certificate.
_UNDECIDED = frozenset({1, 2, 7, 18, 19, 20, 21, OTHER_CHAIN, UNREADABLE})

_RANK = {PathStatus.VALID: 2, PathStatus.INDETERMINATE: 1, PathStatus.INVALID: 0}
_SETTLED = frozenset({RevocationStatus.GOOD, RevocationStatus.NOT_CHECKED})


@dataclass(frozen=True, slots=True)
class ChainError:
    """What OpenSSL found first: its number (0: nothing), where, and its words."""

    code: int
    depth: int = 0
    text: str = ""


class ChainCheck(Protocol):
    """OpenSSL's verdict on one chain. Without lists: signatures, names, basicConstraints,
    keyUsage, nameConstraints and critical extensions, but no dates. With lists: revocation of the
    leaf, or of the ``whole`` chain; ``extra`` certificates may have signed lists."""

    def __call__(
        self,
        chain: Chain,
        extra: Sequence[Link] = (),
        lists: Sequence[RevocationList] = (),
        whole: bool = False,
    ) -> ChainError: ...


@dataclass(slots=True, kw_only=True)
class PathSearch:
    """One question. ``accept`` is called with every chain that is good apart from revocation."""

    leaf: Link
    anchors: AnchorSet
    anchor_links: Sequence[Link]
    evidence: Evidence
    at: datetime
    purpose: Purpose
    rules: PathRules
    budget: PathBudget
    check: ChainCheck
    link: Callable[[Certificate], Link]
    edges: EdgeMemory
    lists: ListMemory
    accept: Callable[[Chain], None]
    _own: tuple[PathReason, ...] = field(init=False)
    _revocation: RevocationEvidence | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        distrusted = self.anchors.distrusted
        self._own = leaf_reasons(self.leaf, self.at, self.purpose, self.rules, distrusted)

    def verdict(self) -> PathVerdict:
        if not self.anchors.anchors:
            return self._verdict(PathStatus.INDETERMINATE, [reason(PathFinding.NO_ANCHORS)])
        builder = self._builder()
        best = self._best(builder)
        if best is None:
            return self._without_chain(builder)
        if best.status is PathStatus.INVALID and builder.exhausted and not self._own:
            return self._undecided(best)
        return best

    def _best(self, builder: PathBuilder) -> PathVerdict | None:
        best: PathVerdict | None = None
        unsettled = 0
        for chain in builder.chains():
            judged = self._judge(chain, tuple(builder.reached.values()))
            if _is_final(judged):
                return judged
            if best is None or _RANK[judged.status] > _RANK[best.status]:
                best = judged
            unsettled += judged.status is PathStatus.VALID
            if unsettled == MAX_UNSETTLED:
                break
        return best

    def _builder(self) -> PathBuilder:
        some = islice(dict.fromkeys(self.evidence.intermediates), self.budget.intermediates + 1)
        return PathBuilder(
            leaf=self.leaf,
            anchors=self.anchor_links,
            intermediates=[self.link(one) for one in some],
            is_doubtful=lambda one: is_doubtful(one, self.at, self.anchors.distrusted),
            budget=self.budget,
            memory=self.edges,
        )

    def _judge(self, chain: Chain, reached: tuple[Link, ...]) -> PathVerdict:
        wrong = [*self._own, *self._wrong_above(chain)]
        error = self._structure(chain)
        told = reason(_MEANING.get(error.code, PathFinding.OTHER), error.depth, error.text)
        if error.code in _UNDECIDED and not wrong:
            return self._verdict(PathStatus.INDETERMINATE, [told], chain)
        if error.code:
            wrong.append(told)
        if wrong:
            return self._verdict(PathStatus.INVALID, wrong, chain)
        self.accept(chain)
        return self._with_revocation(chain, self._revoked(chain, reached))

    def _structure(self, chain: Chain) -> ChainError:
        """OpenSSL takes an anchor of the issuer's name for the issuer even if its key is another.

        Without key identifiers it cannot see that the anchor has a new key. The certificate in
        which the anchor introduces its new key then stands for the anchor: its signature has been
        verified, and nothing else in the anchor would have been checked.
        """
        error = self.check(chain)
        rolled_over = len(chain) > 2 and chain[-2].subject == chain[-1].subject
        return self.check(chain[:-1]) if error.code in _UNDECIDED and rolled_over else error

    def _wrong_above(self, chain: Chain) -> list[PathReason]:
        flaw = policy_flaw(chain, self.rules.policies)
        wrong = [reason(PathFinding.POLICY, 0, flaw)] if flaw else []
        wrong += authority_reasons(chain, self.at, self.rules, self.anchors.distrusted)
        return wrong + self._wrong_with_anchor(chain)

    def _wrong_with_anchor(self, chain: Chain) -> list[PathReason]:
        """The same certificate may be believed for several reasons; one that fits is enough."""
        depth, leaf = len(chain) - 1, self.leaf.certificate
        same = [one for one in self.anchors.anchors if one.certificate == chain[-1].certificate]
        limits = [list(anchor_reasons(one, leaf, depth)) for one in same]
        return min(limits, key=lambda wrong: len(wrong), default=[])

    def _revoked(self, chain: Chain, reached: tuple[Link, ...]) -> Revocation:
        if self._revocation is None:
            self._revocation = RevocationEvidence(
                evidence=self.evidence, at=self.at, check=self._lists_error, memory=self.lists
            )
        return self._revocation.judge(chain, reached)

    def _lists_error(
        self, chain: Chain, extra: Sequence[Link], lists: Sequence[RevocationList], whole: bool
    ) -> int:
        return self.check(chain, extra, lists, whole).code

    def _with_revocation(self, chain: Chain, found: Revocation) -> PathVerdict:
        status = PathStatus.INVALID if found.revoked else PathStatus.VALID
        return replace(
            self._verdict(status, found.reasons, chain),
            revocation=found.status,
            revoked_at=found.revoked.at if found.revoked else None,
            revocation_reason=found.revoked.reason if found.revoked else None,
        )

    def _undecided(self, best: PathVerdict) -> PathVerdict:
        """All chains so far are invalid, but there may be more."""
        reasons = ranked([*best.reasons, reason(PathFinding.TOO_COMPLEX)])
        findings = tuple(dict.fromkeys(one.finding for one in reasons))
        return replace(best, status=PathStatus.INDETERMINATE, reasons=reasons, findings=findings)

    def _without_chain(self, builder: PathBuilder) -> PathVerdict:
        gap = builder.no_path()
        if builder.exhausted:
            gap = reason(PathFinding.TOO_COMPLEX, gap.depth)
        wrong = bool(self._own) or gap.finding is PathFinding.BAD_SIGNATURE
        status = PathStatus.INVALID if wrong else PathStatus.INDETERMINATE
        return self._verdict(status, [*self._own, gap])

    def _verdict(
        self, status: PathStatus, reasons: Iterable[PathReason], chain: Chain = ()
    ) -> PathVerdict:
        told = ranked(reasons)
        return PathVerdict(
            status=status,
            at=self.at,
            path=tuple(one.fingerprint for one in chain),
            anchor=chain[-1].fingerprint if chain else None,
            reasons=told,
            findings=tuple(dict.fromkeys(one.finding for one in told)),
        )


def _is_final(judged: PathVerdict) -> bool:
    """Good without any doubt, or the leaf itself is revoked: no other chain changes that."""
    if judged.status is PathStatus.VALID:
        return judged.revocation in _SETTLED
    return any(one.finding is PathFinding.REVOKED and one.depth == 0 for one in judged.reasons)
