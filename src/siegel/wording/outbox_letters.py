"""News for the writer of a message: who did not get it and why, what is late, held, or gone."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from siegel.policy.reasons import Obstacle, Reason
from siegel.wording.delivery_answers import answer_words
from siegel.wording.letters import Letter
from siegel.wording.lookup import words
from siegel.wording.words import Language

LINES = 50  # recipients named in a letter; the page of the outbox names all


class News(StrEnum):
    """REFUSED: some did not get it. FAILED: nobody did. DELAYED: a day of trying. HELD: a day of
    waiting for what it needs. LEFT: it was held and is on its way now."""

    REFUSED = "refused"
    FAILED = "failed"
    DELAYED = "delayed"
    HELD = "held"
    LEFT = "left"


@dataclass(frozen=True, slots=True, kw_only=True)
class Undelivered:
    """A recipient; ``answer``: what the other server said; ``obstacles``: what keeps us from
    writing to him encrypted."""

    address: str
    answer: str = ""
    obstacles: tuple[str, ...] = ()


def outbox_letter(
    language: Language,
    news: News,
    subject: str,
    recipients: Sequence[Undelivered],
    reasons: Iterable[str],
) -> Letter:
    """The letter about one message."""
    told = _TOLD[language]
    head, text = told[news]
    lines = [_line(each, language) for each in recipients[:LINES]]
    if len(recipients) > LINES:
        lines.append(told["more"][1].format(n=len(recipients) - LINES))
    why = list(reason_lines(reasons, language)) if news is News.HELD else []
    parts = [told["greeting"][1], text.format(subject=subject or told["none"][1])]
    blocks = [*parts, *(["\n".join(why)] if why else []), *(["\n".join(lines)] if lines else [])]
    return Letter(head, "\n\n".join([*blocks, told["end"][1]]) + "\n")


def bulk_letter(language: Language, subject: str, *, sent: int, failed: int) -> Letter:
    """What came of mail to many."""
    words_ = _MANY[language]
    body = words_["failed" if failed else "all"].format(subject=subject, sent=sent, failed=failed)
    parts = [_TOLD[language]["greeting"][1], body, words_["end"]]
    return Letter(words_["head"], "\n\n".join(parts) + "\n")


def reason_lines(reasons: Iterable[str], language: Language) -> Iterable[str]:
    """Reasons as they were kept, in sentences; what another version wrote is left out."""
    known = {each.value for each in Reason}
    return (words(Reason(each), language).sentence for each in reasons if each in known)


def obstacle_lines(obstacles: Iterable[str], language: Language) -> Iterable[str]:
    known = {each.value for each in Obstacle}
    return (words(Obstacle(each), language).sentence for each in obstacles if each in known)


def _line(each: Undelivered, language: Language) -> str:
    if each.obstacles:
        return f"  – {each.address}: {' '.join(obstacle_lines(each.obstacles, language))}"
    if not each.answer:
        return f"  – {each.address}"
    plain = answer_words(each.answer, language).sentence
    return f"  – {each.address}: {plain}\n    ({each.answer})"


_TOLD: dict[Language, dict[str, tuple[str, str]]] = {
    Language.DE: {
        "greeting": ("", "Guten Tag,"),
        "none": ("", "(ohne Betreff)"),
        "more": ("", "  … und {n} weitere; sie stehen im Postausgang."),
        "end": (
            "",
            "Im Postausgang sehen Sie den Stand und können die Nachricht noch einmal ändern.\n\n"
            "Siegel hat diese E-Mail von selbst geschrieben.",
        ),
        News.REFUSED: (
            "Nicht alle haben Ihre Nachricht bekommen",
            "Ihre Nachricht „{subject}“ ging hinaus, aber nicht an alle. Diese haben sie nicht "
            "bekommen:",
        ),
        News.FAILED: (
            "Ihre Nachricht kam nicht an",
            "niemand hat Ihre Nachricht „{subject}“ bekommen. Sie wird nicht mehr versucht. Das "
            "sind die Gründe:",
        ),
        News.DELAYED: (
            "Ihre Nachricht ist noch nicht draußen",
            "Ihre Nachricht „{subject}“ ging seit einem Tag nicht hinaus. Siegel versucht es noch "
            "vier Tage lang. Es fehlen noch:",
        ),
        News.HELD: (
            "Ihre Nachricht ist noch angehalten",
            "Ihre Nachricht „{subject}“ ist seit einem Tag angehalten. Sie geht von selbst "
            "hinaus, wenn nichts mehr im Weg steht. Das steht im Weg:",
        ),
        News.LEFT: (
            "Ihre Nachricht ist nun unterwegs",
            "Ihre Nachricht „{subject}“ war angehalten. Jetzt steht ihr nichts mehr im Weg, und "
            "sie ist unterwegs.",
        ),
    },
    Language.EN: {
        "greeting": ("", "Hello,"),
        "none": ("", "(no subject)"),
        "more": ("", "  … and {n} more; they stand in the outbox."),
        "end": (
            "",
            "The outbox shows how things are, and lets you edit the message again.\n\n"
            "Siegel wrote this message by itself.",
        ),
        News.REFUSED: (
            "Not everybody got your message",
            "Your message “{subject}” has left, but not to everybody. These did not get it:",
        ),
        News.FAILED: (
            "Your message did not arrive",
            "Nobody got your message “{subject}”. It will not be tried again. These are the "
            "reasons:",
        ),
        News.DELAYED: (
            "Your message has not left yet",
            "Your message “{subject}” could not leave for a day. Siegel goes on trying for four "
            "more days. Still missing:",
        ),
        News.HELD: (
            "Your message is still held",
            "Your message “{subject}” has been held for a day. It leaves by itself as soon as "
            "nothing stands in its way. This does:",
        ),
        News.LEFT: (
            "Your message is on its way now",
            "Your message “{subject}” was held. Now nothing stands in its way any more, and it "
            "is on its way.",
        ),
    },
}

_MANY = {
    Language.DE: {
        "head": "Ihre Serienmail ist fertig",
        "all": "Ihre Serienmail „{subject}“ ist fertig. Alle haben sie bekommen: {sent}.",
        "failed": "Ihre Serienmail „{subject}“ ist fertig. Gesendet: {sent}. Nicht zugestellt: "
        "{failed}. Im Bericht steht, wer sie nicht bekam und warum.",
        "end": "Siegel hat diese E-Mail von selbst geschrieben.",
    },
    Language.EN: {
        "head": "Your mail to many is done",
        "all": "Your mail to many “{subject}” is done. Everybody got it: {sent}.",
        "failed": "Your mail to many “{subject}” is done. Sent: {sent}. Not delivered: {failed}. "
        "The report says who did not get it, and why.",
        "end": "Siegel wrote this message by itself.",
    },
}
