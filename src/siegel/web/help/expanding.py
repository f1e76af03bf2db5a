"""What a chapter does not say itself: reasons as ``wording`` has them, and administrators' lists.

A line ``:: …`` in a chapter stands for Markdown made here, so that no sentence is written twice:
``:: list ca``, ``:: list link``, ``:: obstacles``, ``:: reasons sent``, ``:: reasons received``.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from siegel.policy.reasons import Obstacle, Reason
from siegel.web.help.chapters import Chapter
from siegel.wording.help_links import HelpLink, HelpList
from siegel.wording.lookup import words
from siegel.wording.words import Language

Lists = Mapping[HelpList, Sequence[HelpLink]]

_LINE = re.compile(r"^:: (.+)$", re.M)
_SPECIAL = re.compile(r"([!-/:-@\[-`{-~])")  # all that Markdown may give a meaning to
_HELPS = {Language.DE: "Was hilft:", Language.EN: "What helps:"}
_EMPTY = {Language.DE: "Die Liste ist noch leer.", Language.EN: "The list is still empty."}
_INCOMING = list(Reason).index(Reason.NOT_PROTECTED)
SENT, RECEIVED = list(Reason)[:_INCOMING], list(Reason)[_INCOMING:]


def expanded(chapter: Chapter, lists: Lists) -> str:
    """The whole Markdown of the chapter below its title."""
    return _LINE.sub(lambda found: _made(found[1], chapter.language, lists), chapter.body)


def anchor_of(member: Obstacle | Reason) -> str:
    """Where the last chapter says what to do; only for members with a next step."""
    kind = "obstacle" if isinstance(member, Obstacle) else "reason"
    return f"{kind}-{member.value.replace('_', '-')}"


def can_be_acted_on(member: Obstacle | Reason) -> bool:
    return bool(words(member, Language.EN).next_step)


def _made(directive: str, language: Language, lists: Lists) -> str:
    match directive.split():
        case ["list", kind]:
            return _list(lists[HelpList(kind)], language)
        case ["obstacles"]:
            return _entries(Obstacle, language)
        case ["reasons", "sent"]:
            return _entries(SENT, language)
        case ["reasons", "received"]:
            return _entries(RECEIVED, language)
        case _:
            raise ValueError(f"no such line in a chapter: {directive}")


def _entries(members: Iterable[Obstacle | Reason], language: Language) -> str:
    return "\n".join(
        line for member in members if can_be_acted_on(member) for line in _entry(member, language)
    )


def _entry(member: Obstacle | Reason, language: Language) -> Iterator[str]:
    said = words(member, language)
    yield f"### {said.title} {{#{anchor_of(member)}}}\n"
    yield f"{said.sentence} **{_HELPS[language]}** {said.next_step}\n"


def _list(links: Sequence[HelpLink], language: Language) -> str:
    if not links:
        return f"*{_EMPTY[language]}*"
    return "\n".join(_item(link, language) for link in links)


def _item(link: HelpLink, language: Language) -> str:
    note = link.notes[language]
    tail = f": {_as_text(note)}" if note else ""
    url = link.url.replace("\\", "%5C").replace("<", "%3C").replace(">", "%3E")
    return f"- [{_as_text(link.titles[language])}](<{url}>){tail}"


def _as_text(text: str) -> str:
    """Nothing in it is Markdown, whatever an administrator typed."""
    return _SPECIAL.sub(r"\\\1", text)
