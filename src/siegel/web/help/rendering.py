"""From Markdown to HTML. The text is ours, and still no HTML in it is let through."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.token import Token

Address = Callable[[str], str]

_ANCHOR = re.compile(r"\s*\{#([a-z0-9-]+)\}$")
_CHAPTER = re.compile(r"\d\d-[a-z-]+\.md(#[a-z0-9-]+)?")
_READER = MarkdownIt("commonmark", {"html": False}).enable("table").disable(["image", "autolink"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """What stands below one heading; ``level`` 1 and no anchor: below the title of the chapter."""

    level: int
    title: str
    anchor: str
    text: str


def html_of(markdown: str, address: Address, *, deeper: int = 0, prefix: str = "") -> str:
    """``address`` turns a link to a chapter (its file, perhaps with an anchor) into a URL.
    Headings stand ``deeper`` by so many levels, and their anchors begin with ``prefix``."""
    tokens = _READER.parse(markdown)
    for place, token in enumerate(tokens):
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{int(token.tag[1]) + deeper}"
        if token.type == "heading_open":
            token.attrSet("id", prefix + _anchor_taken(tokens[place + 1]))
        for child in token.children or ():
            _lead(child, address)
    return str(_READER.renderer.render(tokens, _READER.options, {}))


def sections_of(markdown: str) -> tuple[Section, ...]:
    return tuple(_sections(_READER.parse(markdown)))


def links_of(markdown: str) -> tuple[str, ...]:
    """Every address that the text links to, as it is written."""
    return tuple(
        str(child.attrGet("href"))
        for token in _READER.parse(markdown)
        for child in token.children or ()
        if child.type == "link_open"
    )


def _lead(token: Token, address: Address) -> None:
    if token.type != "link_open":
        return
    target = str(token.attrGet("href"))
    if _CHAPTER.fullmatch(target):
        token.attrSet("href", address(target))
    else:
        token.attrSet("rel", "noopener noreferrer")


def _anchor_taken(inline: Token) -> str:
    """The anchor of a heading, which is taken out of its text."""
    last = (inline.children or [inline])[-1]
    found = _ANCHOR.search(last.content)
    if found is None:
        raise ValueError(f"a heading without anchor: {inline.content}")
    last.content = last.content[: found.start()]
    return found[1]


def _sections(tokens: Sequence[Token]) -> Iterator[Section]:
    level, title, anchor = 1, "", ""
    said: list[str] = []
    for place, token in enumerate(tokens):
        if token.type == "heading_open":
            yield Section(level=level, title=title, anchor=anchor, text=" ".join(said))
            level, said = int(token.tag[1]), []
            anchor = _anchor_taken(tokens[place + 1])
            title = _plain(tokens[place + 1])
        elif token.type == "code_block":
            said.append(token.content.strip())
        elif token.type == "inline" and tokens[place - 1].type != "heading_open":
            said.append(_plain(token))
    yield Section(level=level, title=title, anchor=anchor, text=" ".join(said))


def _plain(inline: Token) -> str:
    kinds = {"softbreak": " ", "hardbreak": " "}
    return "".join(kinds.get(child.type, child.content) for child in inline.children or ())
