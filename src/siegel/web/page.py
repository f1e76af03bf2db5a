"""The status in words: everything the template prints, so that it decides nothing itself."""

from collections.abc import Iterator
from dataclasses import dataclass

from siegel.flows.status import MailCounts, Status
from siegel.transport.envelope import Role
from siegel.web.words import BOOKS, Counted, PageWords, grouped, in_words
from siegel.wording.words import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One thing with its mark. ``state`` is a class of the stylesheet, ``icon`` of the sprite."""

    title: str
    why: str
    state: str
    icon: str
    tag: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One kind of mail: since yesterday and since a month."""

    name: str
    why: str
    day: str
    month: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    language: Language
    other: Language
    words: PageWords
    headline: Line
    service: tuple[Line, ...] = ()
    mail: tuple[Row, ...] = ()
    certificates: tuple[Line, ...] = ()
    waiting: tuple[Line, ...] = ()
    foot: tuple[str, ...] = ()


def page_of(status: Status, language: Language) -> Page:
    words = BOOKS[language]
    waiting = tuple(_waiting(status, words, language))
    return Page(
        language=language,
        other=_other(language),
        words=words,
        headline=_headline(status, len(waiting), words, language),
        service=tuple(_service(status, words, language)),
        mail=tuple(_mail(status.last_day, status.last_month, words, language)),
        certificates=tuple(_certificates(status, words, language)),
        waiting=waiting,
        foot=_foot(status, words, language),
    )


def page_without_store(language: Language) -> Page:
    words = BOOKS[language]
    headline = Line(
        title=words.store_closed, why=words.store_closed_why, state="is-bad", icon="warning"
    )
    return Page(language=language, other=_other(language), words=words, headline=headline)


def _other(language: Language) -> Language:
    return Language.EN if language is Language.DE else Language.DE


def _headline(status: Status, waiting: int, words: PageWords, language: Language) -> Line:
    """The worst first: mail is not taken, then what a person should look at."""
    if not all(status.listening.values()):
        title = words.part if any(status.listening.values()) else words.bad
        return Line(title=title, why=words.bad_why, state="is-bad", icon="warning")
    if waiting:
        title = words.look.about(waiting, language)
        return Line(title=title, why=words.look_why, state="is-warn", icon="clock")
    return Line(title=words.good, why=words.good_why, state="is-good", icon="check")


def _service(status: Status, words: PageWords, language: Language) -> Iterator[Line]:
    for role, answers in status.listening.items():
        yield Line(
            title=words.ports[role],
            why=words.ports_why[role],
            state="is-good" if answers else "is-bad",
            icon="outbox" if role is Role.OUTBOUND else "inbox",
            tag=words.answers if answers else words.silent,
        )
    yield Line(
        title=words.roots,
        why=words.roots_why.format(date=in_words(status.roots_read_at, language)),
        state="is-warn" if status.roots_are_old else "is-open",
        icon="anchor",
        tag=words.roots_stale if status.roots_are_old else words.roots_fresh,
    )


def _mail(
    day: MailCounts, month: MailCounts, words: PageWords, language: Language
) -> Iterator[Row]:
    for kind in ("signed", "encrypted", "opened", "refused"):
        yield Row(
            name=getattr(words, kind),
            why=getattr(words, f"{kind}_why"),
            day=grouped(getattr(day, kind), language),
            month=grouped(getattr(month, kind), language),
        )


def _certificates(status: Status, words: PageWords, language: Language) -> Iterator[Line]:
    def line(counted: Counted, number: int, why: str, icon: str, state: str = "is-open") -> Line:
        return Line(title=counted.about(number, language), why=why, state=state, icon=icon)

    yield line(words.accounts, status.accounts, words.accounts_why, "person")
    state = "is-good" if status.own_usable else "is-todo"
    yield line(words.own, status.own_usable, _own_why(status, words, language), "seal", state)
    yield line(words.partners, status.partners, words.partners_why, "lock")


def _own_why(status: Status, words: PageWords, language: Language) -> str:
    if not status.own:
        return words.own_none_why
    why = words.own_why.about(status.own, language)
    if status.own_judged >= status.own:
        return why
    return f"{why}; {words.own_newest.format(n=grouped(status.own_judged, language))}"


def _waiting(status: Status, words: PageWords, language: Language) -> Iterator[Line]:
    roots_age = (status.at - status.roots_read_at).days if status.roots_are_old else 0
    for number, counted, why, icon in (
        (status.alerts, words.alerts, words.alerts_why, "seal-q"),
        (status.pending, words.pending, words.pending_why, "anchor"),
        (status.expiring, words.expiring, words.expiring_why, "clock"),
        (roots_age, words.roots_old, words.roots_old_why, "calendar"),
    ):
        if number:
            title = counted.about(number, language)
            yield Line(title=title, why=why, state="is-warn", icon=icon)


def _foot(status: Status, words: PageWords, language: Language) -> tuple[str, ...]:
    return (
        f"Siegel {status.version}",
        words.as_of.format(date=in_words(status.at, language), time=f"{status.at:%H:%M}"),
    )
