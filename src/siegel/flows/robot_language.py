"""In which language a stranger wrote: what the header says, else the little words of the text."""

import re

from siegel.base.errors import SiegelError
from siegel.flows.mail_facts import body_of
from siegel.smime.layers import OpenedMessage
from siegel.wording.words import Language

_LOOKED_AT = 4000  # characters
_CLEAR = 3  # little words more than of the other language
_WORD = re.compile(r"[a-zäöüß]+")
_LITTLE = {
    Language.DE: frozenset(
        {"und", "der", "die", "das", "ist", "nicht", "ich", "sie", "ein", "eine", "mit", "für",
         "auf", "wir", "bitte", "guten", "tag", "hallo", "grüße", "grüßen", "freundlichen"}
    ),
    Language.EN: frozenset(
        {"and", "the", "is", "not", "you", "a", "an", "with", "for", "on", "we", "please", "hello",
         "this", "of", "to", "my", "regards", "dear", "it", "are"}
    ),
}  # fmt: skip


def languages_of(opened: OpenedMessage) -> tuple[Language, ...]:
    """The one of the sender if it is clear, else both."""
    return _said(opened) or _by_words(opened) or tuple(Language)


def _said(opened: OpenedMessage) -> tuple[Language, ...]:
    """Content-Language (RFC 3282), of the text or of the message around it."""
    for part in (opened.payload, opened.message):
        field = part.get("Content-Language")
        first = field.value.strip().lower()[:2] if field is not None else ""
        if first in set(Language):
            return (Language(first),)
    return ()


def _by_words(opened: OpenedMessage) -> tuple[Language, ...]:
    try:
        words = _WORD.findall(body_of(opened.payload)[:_LOOKED_AT].lower())
    except SiegelError:
        return ()
    counted = {each: sum(word in _LITTLE[each] for word in words) for each in Language}
    best, other = sorted(counted, key=lambda each: -counted[each])
    return (best,) if counted[best] - counted[other] >= _CLEAR else ()
