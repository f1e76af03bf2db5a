"""HTML without any outward reference, for content that nobody vouches for (RFC 8551 §6, Efail).

A decrypted text without a valid signature may have been cut together by somebody else to carry
its own words away; what loads nothing and links nowhere cannot. What is no simple tag is shown as
text: the sanitiser compares every attribute of a tag with every other one, so it is given none
but the few that stay.
"""

import re
from collections.abc import Callable
from html.entities import html5

import nh3

MAX_SIZE = 1024 * 1024  # characters; longer texts are shown as they are written
MAX_TAGS = 10_000  # opening, and as many closing: the sanitiser is quadratic on nesting (1 s)
MAX_ENTITIES = 20_000  # each costs it a walk over the rest of the text (1 s)

_TAGS = frozenset(
    {
        *("a", "abbr", "b", "blockquote", "br", "caption", "code", "dd", "div", "dl", "dt", "em"),
        *("h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "li", "ol", "p", "pre", "q", "s"),
        *("small", "span", "strong", "sub", "sup", "table", "tbody", "td", "tfoot", "th"),
        *("thead", "tr", "u", "ul"),
    }
)
_ATTRIBUTES = {"td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}, "*": {"dir", "lang"}}

_OPENING = re.compile(r"<[A-Za-z]")
# no "<" inside, not even in quotes: so every attempt ends where the next one begins
_TAG = re.compile(r"""<(/?[A-Za-z][A-Za-z0-9:]*+)((?:"[^"<]*+"|'[^'<]*+'|[^"'<>])*+)>""")
_KEPT = re.compile(r"""[\s"'](colspan|rowspan|dir|lang)\s*=\s*["']?([\w-]{1,20})""", re.IGNORECASE)
_VALUE = r"""(?:[\w-]+|"[^"<>]*+")"""
_STRAY = re.compile(rf"<(?=/?[A-Za-z])(?!/?[A-Za-z][A-Za-z0-9:]*+(?: [a-z]+={_VALUE})*+>)")


_ENTITY = re.compile(r"&([A-Za-z]{2,8};)")
_SYNTAX = frozenset("<>&\"'")


def without_outward_references(html: str) -> str:
    """Text and structure only: no address, style, image, form or script is left."""
    simple = simplified(html, _kept)
    if simple is None:
        return as_it_is_written(html)
    return nh3.clean(
        simple,
        tags=set(_TAGS),
        attributes={tag: set(names) for tag, names in _ATTRIBUTES.items()},
        clean_content_tags={"script", "style", "title", "noscript"},
        url_schemes=set(),
        link_rel=None,
    )


def simplified(html: str, kept: Callable[[str, str], str]) -> str | None:
    """What the sanitiser can take in a second; None when it is too much.

    ``kept`` gets the name of a tag, lower case, and its attributes as they are written, and gives
    those that stay, each once and in the form ` name=word` or ` name="text"`. What only looks like
    a tag becomes text.
    """
    html = _ENTITY.sub(_letter, html)
    if _is_too_much(html):
        return None

    def simple(tag: re.Match[str]) -> str:
        return f"<{tag[1]}{kept(tag[1].lower(), tag[2])}>"

    return _STRAY.sub("&lt;", _TAG.sub(simple, html))


def as_it_is_written(html: str) -> str:
    """The source as text, not interpreted at all."""
    return "<pre>" + nh3.clean_text(html[:MAX_SIZE]) + "</pre>"


def _letter(entity: re.Match[str]) -> str:
    """``&uuml;`` as the letter it is; what could be read as syntax stays."""
    letter = html5.get(entity[1])
    return entity[0] if letter is None or _SYNTAX & set(letter) else letter


def _is_too_much(html: str) -> bool:
    tags = max(len(_OPENING.findall(html)), html.count("</"))
    return len(html) > MAX_SIZE or tags > MAX_TAGS or html.count("&") > MAX_ENTITIES


def _kept(tag: str, attributes: str) -> str:
    """The attributes that stay, each once."""
    del tag
    kept = {name.lower(): value for name, value in _KEPT.findall(attributes)}
    return "".join(f" {name}={value}" for name, value in kept.items())
