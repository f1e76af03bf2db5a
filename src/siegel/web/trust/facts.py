"""Roots, decisions and previews as the templates show them: marks, words and numbers prepared."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from siegel.flows.previewing import Preview
from siegel.flows.trust_centre import Root, RootState
from siegel.policy.trust import Trust
from siegel.store.rows import TrustDecisionRow
from siegel.web.looks import Look

NAMED = 8  # addresses and messages named in a preview; the rest is a number


LOOKS = {
    RootState.TRUSTED: Look(
        state="is-good",
        icon="check",
        word=_("Verified (trusted)"),
        sentence=_("Somebody here compared its fingerprint and decided to trust it."),
    ),
    RootState.PUBLIC: Look(
        state="is-good",
        icon="building",
        word=_("Publicly trusted"),
        sentence=_("It stands in the public list for e-mail. Nobody here decided about it."),
    ),
    RootState.DISTRUSTED: Look(
        state="is-bad",
        icon="close",
        word=_("Not trusted"),
        sentence=_("Somebody here decided that nothing below it counts."),
    ),
    RootState.DISTRUSTED_BY_LIST: Look(
        state="is-bad",
        icon="close",
        word=_("Not trusted by the public list"),
        sentence=_("The public list names it as one that must not count for e-mail."),
    ),
    RootState.UNDECIDED: Look(
        state="is-open is-dashed",
        icon="anchor",
        word=_("Not decided"),
        sentence=_("It is here, but nobody decided. Nothing below it counts."),
    ),
}

DECIDED = {
    Trust.TRUSTED.value: LOOKS[RootState.TRUSTED],
    Trust.DISTRUSTED.value: LOOKS[RootState.DISTRUSTED],
    Trust.WITHDRAWN.value: Look(
        state="is-open",
        icon="back",
        word=_("Decision withdrawn"),
        sentence=_("What would hold without a decision holds again."),
    ),
}

FILTERS = {
    "all": (_("All roots"), frozenset(RootState)),
    "hand": (_("Verified here"), frozenset({RootState.TRUSTED})),
    "public": (_("Public"), frozenset({RootState.PUBLIC})),
    "not": (_("Not trusted"), frozenset({RootState.DISTRUSTED, RootState.DISTRUSTED_BY_LIST})),
    "open": (_("Not decided"), frozenset({RootState.UNDECIDED})),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RootLine:
    """One root of a list."""

    root: Root
    look: Look

    @property
    def ended(self) -> datetime | None:
        return self.root.distrust_after


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionLine:
    """One decision of the history; ``who`` without the door it came through."""

    row: TrustDecisionRow
    look: Look
    name: str

    @property
    def who(self) -> str:
        return self.row.who.removeprefix("user:").removeprefix("cli:")


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    name: str
    word: Promise
    count: int
    current: bool


def lines(roots: Iterable[Root]) -> list[RootLine]:
    return [RootLine(root=root, look=LOOKS[root.state]) for root in roots]


def filters(roots: Iterable[Root], current: str) -> list[Filter]:
    """With how many each holds, whatever else is searched."""
    states = [root.state for root in roots]
    return [
        Filter(
            name=name,
            word=word,
            count=sum(state in wanted for state in states),
            current=name == current,
        )
        for name, (word, wanted) in FILTERS.items()
    ]


def matching(roots: Iterable[Root], current: str, asked: str) -> list[Root]:
    """By filter, and by words of the name or the beginning of the fingerprint."""
    wanted = FILTERS[current][1]
    words = asked.casefold().split()
    mark = asked.replace(":", "").replace(" ", "").lower()
    return [
        root
        for root in roots
        if root.state in wanted
        and (
            all(word in root.certificate.subject.casefold() for word in words)
            or root.certificate.fingerprint.startswith(mark)
        )
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """A preview in numbers, with some names."""

    preview: Preview
    gained: int
    lost: int
    used_at_once: int
    senders: tuple[str, ...]
    addresses: tuple[str, ...]
    more_addresses: int

    @property
    def messages(self) -> int:
        return len(self.preview.messages)


def changes(preview: Preview) -> Changes:
    found = [*preview.certificates, *(one for _, one in preview.waiting)]
    gains = len({one.certificate.fingerprint for one in found if one.is_gain})
    addresses = sorted({*preview.addresses, *(str(row.address) for row, _ in preview.waiting)})
    senders = dict.fromkeys(row.envelope_from for row in preview.messages if row.envelope_from)
    return Changes(
        preview=preview,
        gained=gains,
        lost=len({one.certificate.fingerprint for one in found}) - gains,
        used_at_once=sum(row.only_trust and one.is_gain for row, one in preview.waiting),
        senders=tuple(senders)[:NAMED],
        addresses=tuple(addresses[:NAMED]),
        more_addresses=max(0, len(addresses) - NAMED),
    )
