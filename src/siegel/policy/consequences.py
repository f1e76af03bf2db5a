"""What a decision about a root changes: certificates judged with the trust before and after it.

Pure: both sides have the same evidence and the same moment, so that nothing but trust can differ.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from siegel.pki.certificate import Certificate
from siegel.pki.trust_facts import TrustFacts
from siegel.pki.verdict import PathStatus, PathVerdict, Purpose


@dataclass(frozen=True, slots=True, kw_only=True)
class Consequence:
    """One certificate that can be relied on before or afterwards, but not both."""

    certificate: Certificate
    before: PathVerdict
    after: PathVerdict

    @property
    def is_gain(self) -> bool:
        """It can be relied on afterwards, and could not before."""
        return _holds(self.after)


def consequences(
    certificates: Iterable[Certificate], before: TrustFacts, after: TrustFacts
) -> tuple[Consequence, ...]:
    """Those that change, in the order given; each certificate once."""
    if before.anchors.key == after.anchors.key:
        return ()
    judged = (
        Consequence(
            certificate=one,
            before=before.verdict(one, Purpose.ANY),
            after=after.verdict(one, Purpose.ANY),
        )
        for one in dict.fromkeys(certificates)
    )
    return tuple(one for one in judged if _holds(one.before) is not _holds(one.after))


def _holds(path: PathVerdict) -> bool:
    return path.status is PathStatus.VALID
