"""The one list of certificates and locked files: filtered, searched, a page at a time.

Flat: the number of queries is fixed, and what a page costs does not grow with the table. Filters
ask what the database knows (kind, key, source, dates); whether a certificate is trusted is judged
above, for the rows of one page. Pages go on behind a mark, never by counting.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from django.db.models import Q, QuerySet
from django.db.models.functions import Length

from siegel.base.address import EmailAddress
from siegel.base.errors import MalformedAddress
from siegel.store.models import CertificateAddress, EntryWord, ListEntry, LockedFile
from siegel.store.models.certificate import Source
from siegel.store.models.listing import Kind
from siegel.store.queries import certificates, locked
from siegel.store.queries.certificates import SHORTEST_PREFIX
from siegel.store.rows import ListedRow, LockedFileRow
from siegel.store.search_words import ASKED_AT_MOST, beginning_with, words_of
from siegel.store.text import clean

__all__ = ["Asked", "Kind", "ListedPage", "Source", "Validity", "count", "page"]

COUNTED_AT_MOST = 1000  # above it, a list says "more than"
FOUND_AT_MOST = 500  # entries of one search; more want another word
LOOKED_AT = 5000  # entries with the rarest word of a search that are looked at
_HEX = frozenset("0123456789abcdef")


class Validity(StrEnum):
    """By the dates in the certificate alone."""

    CURRENT = "current"
    EXPIRING = "expiring"
    EXPIRED = "expired"
    EARLY = "early"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a list shall show; each field narrows. ``within``: how soon EXPIRING ones end."""

    kind: Kind | None = None
    with_key: bool | None = None
    source: Source | None = None
    validity: Validity | None = None
    within: timedelta = timedelta(days=30)
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedPage:
    """``before`` and ``after`` are marks for ``page``; None where the list ends. ``too_many``: the
    search has more than was looked at."""

    rows: tuple[ListedRow, ...]
    before: str | None
    after: str | None
    too_many: bool = False


def page(
    asked: Asked, *, at: datetime, size: int, after: str | None = None, before: str | None = None
) -> ListedPage:
    """The newest first, those with an end in sight by their end. A mark nobody gave starts anew."""
    found = _found(asked.text)
    matching = _matching(asked, at)
    if found is not None:
        matching &= Q(pk__in=found[:FOUND_AT_MOST])
    order = _Order.of(asked)
    backwards = before is not None
    entries = order.beyond(ListEntry.objects.filter(matching), before or after, backwards)
    taken = list(entries[: size + 1])
    more, shown = len(taken) > size, taken[:size]
    if backwards:
        shown.reverse()
    return ListedPage(
        rows=_rows(shown),
        before=order.mark(shown[0]) if shown and (more if backwards else after) else None,
        after=order.mark(shown[-1]) if shown and (backwards or more) else None,
        too_many=found is not None and len(found) > FOUND_AT_MOST,
    )


def count(asked: Asked, *, at: datetime) -> int:
    """How many match the filters (not the text), at most ``COUNTED_AT_MOST`` + 1."""
    return ListEntry.objects.filter(_matching(asked, at))[: COUNTED_AT_MOST + 1].count()


def _matching(asked: Asked, at: datetime) -> Q:
    matching = Q()
    for name in ("kind", "with_key", "source"):
        value = getattr(asked, name)
        if value is not None:
            matching &= Q(**{name: value})
    match asked.validity:
        case Validity.CURRENT:
            matching &= Q(not_before__lte=at, not_after__gte=at)
        case Validity.EXPIRING:
            matching &= Q(not_after__gte=at, not_after__lte=at + asked.within)
        case Validity.EXPIRED:
            matching &= Q(not_after__lt=at)
        case Validity.EARLY:
            matching &= Q(not_before__gt=at)
        case None:
            pass
    return matching


_BY = {
    Validity.EXPIRING: ("not_after", False),
    Validity.EXPIRED: ("not_after", True),
    Validity.EARLY: ("not_before", False),
}


@dataclass(frozen=True, slots=True)
class _Order:
    """How a list is sorted, and the mark of one of its rows. ``by``: a date, before the number."""

    by: str | None
    descending: bool

    @classmethod
    def of(cls, asked: Asked) -> "_Order":
        return cls(*_BY.get(asked.validity or Validity.CURRENT, (None, True)))

    def mark(self, entry: ListEntry) -> str:
        if self.by is None:
            return str(entry.pk)
        return f"{getattr(entry, self.by).timestamp():.0f}.{entry.pk}"

    def beyond(
        self, entries: QuerySet[ListEntry], mark: str | None, backwards: bool
    ) -> QuerySet[ListEntry]:
        descending = self.descending is not backwards
        sign, side = ("-", "lt") if descending else ("", "gt")
        fields = [f"{sign}{self.by}", f"{sign}id"] if self.by else [f"{sign}id"]
        place = _place(mark, len(fields))
        if place is None:
            return entries.order_by(*fields)
        *date, number = place
        further = Q(**{f"id__{side}": number})
        if date:
            moment = datetime.fromtimestamp(date[0], tz=UTC)
            further = Q(**{f"{self.by}__{side}": moment}) | Q(**{f"{self.by}": moment}) & further
            entries = entries.filter(**{f"{self.by}__{side}e": moment})  # where the index begins
        return entries.filter(further).order_by(*fields)


def _place(mark: str | None, parts: int) -> list[int] | None:
    numbers = (mark or "").split(".")
    if len(numbers) != parts or not all(each.isascii() and each.isdigit() for each in numbers):
        return None
    if any(len(each) > 15 for each in numbers):
        return None
    return [int(each) for each in numbers]


def _found(text: str) -> list[int] | None:
    """Entries that the text means; None for an empty one. Never more than a bit too many."""
    wanted = clean(text.strip(), 500)
    if not wanted:
        return None
    entries = ListEntry.objects.none()
    digits = wanted.replace(":", "").replace(" ", "").lower()
    if digits and not set(digits) - _HEX:
        entries |= ListEntry.objects.filter(serial=digits.lstrip("0"))
        if len(digits) >= SHORTEST_PREFIX:
            entries |= ListEntry.objects.filter(beginning_with("certificate__fingerprint", digits))
    if "@" in wanted:
        return _ids(entries) + _of_address(wanted)
    return list(dict.fromkeys(_ids(entries) + _with_words(words_of([wanted], most=ASKED_AT_MOST))))


def _ids(entries: QuerySet[ListEntry]) -> list[int]:
    return list(entries.values_list("pk", flat=True)[: FOUND_AT_MOST + 1])


def _of_address(text: str) -> list[int]:
    try:
        beginning = str(EmailAddress.parse(text))
    except MalformedAddress:
        beginning = text.lower()
    links = CertificateAddress.objects.filter(beginning_with("address", beginning))
    owners = links.values_list("certificate_id", flat=True)[: FOUND_AT_MOST + 1]
    return _ids(ListEntry.objects.filter(certificate_id__in=list(owners)))


def _with_words(asked: tuple[str, ...]) -> list[int]:
    """Entries with all words: those with the rarest are looked up, the others sift them."""
    if not asked:
        return []
    having = [EntryWord.objects.filter(beginning_with("word", word)) for word in asked]
    several = len(having) > 1
    numbers = [words[: LOOKED_AT + 1].count() for words in having] if several else [0]
    rarest = having.pop(numbers.index(min(numbers)))
    most = LOOKED_AT if several else FOUND_AT_MOST
    found = list(dict.fromkeys(rarest.values_list("entry_id", flat=True)[: most + 1]))
    for words in having:
        kept = set(words.filter(entry_id__in=found).values_list("entry_id", flat=True))
        found = [number for number in found if number in kept]
    return found


def _rows(entries: Iterable[ListEntry]) -> tuple[ListedRow, ...]:
    shown = list(entries)
    found = certificates.by_fingerprint(e.certificate_id for e in shown if e.certificate_id)
    files = _locked(e.locked_file_id for e in shown if e.locked_file_id)
    return tuple(
        ListedRow(
            kind=entry.kind,
            certificate=found.get(entry.certificate_id or ""),
            locked=files.get(entry.locked_file_id or 0),
        )
        for entry in shown
    )


def _locked(numbers: Iterable[int]) -> dict[int, LockedFileRow]:
    files = LockedFile.objects.filter(pk__in=list(numbers)).annotate(size=Length("data"))
    return {row.pk: locked.row_of(row, row.size) for row in files.defer("data")}
