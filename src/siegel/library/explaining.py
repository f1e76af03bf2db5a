"""Verdicts in words for people, German and English."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from siegel.pki.verdict import PathVerdict
    from siegel.policy.inbound import InboundJudgement
    from siegel.policy.signers import SignerJudgement
    from siegel.wording.words import Worded, Words

    Explainable: TypeAlias = InboundJudgement | SignerJudgement | PathVerdict | Worded


def explain(verdict: Explainable, language: str = "en") -> tuple[Words, ...]:
    """What a verdict means, the most important first: title, sentence, and what one can do.

    ``verdict`` is what ``judge``, ``verify_detached`` or ``validate_path`` returned, or one member
    of the lists they use (``Reason``, ``Finding``, ``PathFinding``, …). ``language`` is "de" or
    "en". The words name no person and no file: put those beside.
    """
    from siegel.wording.lookup import words
    from siegel.wording.words import Language

    said = (words(member, Language(language)) for member in _members(verdict))
    return tuple(dict.fromkeys(said))


def _members(verdict: Explainable) -> Iterator[Worded]:
    from siegel.pki.verdict import PathVerdict
    from siegel.policy.inbound import InboundJudgement
    from siegel.policy.signers import SignerJudgement

    match verdict:
        case InboundJudgement():
            yield verdict.summary
            yield from verdict.reasons
            yield from verdict.findings
        case SignerJudgement():
            yield from verdict.explained
            yield from verdict.findings
        case PathVerdict():
            yield verdict.status
            yield from verdict.findings
            yield verdict.revocation
        case _:
            yield verdict
