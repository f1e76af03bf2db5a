"""HTML mail as a reader sees it: its look, nothing that acts, and nothing from outside unasked.

Whitelists of tags, attributes and CSS; a frame of its own with a policy of its own is put around
it (``web.conversation``), so that each would do alone. Pictures of the message itself are put in
as ``data:``; those from elsewhere are counted, and left out unless the reader wants them.
"""

import html as html_syntax
import re
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import nh3

from siegel.flows.html import as_it_is_written, simplified

EMBEDDED = 8 * 1024 * 1024  # octets of pictures put into one text; every use counts
LONGEST_ADDRESS = 4000  # characters of a link
MOST_DECLARATIONS = 60  # of one style attribute; newsletters have a dozen

_TAGS = frozenset(
    {
        *("a", "abbr", "address", "article", "aside", "b", "bdi", "bdo", "big", "blockquote", "br"),
        *("caption", "center", "cite", "code", "col", "colgroup", "dd", "del", "dfn", "div", "dl"),
        *("dt", "em", "figcaption", "figure", "font", "footer", "h1", "h2", "h3", "h4", "h5", "h6"),
        *("header", "hr", "i", "img", "ins", "kbd", "li", "main", "mark", "ol", "p", "pre", "q"),
        *("s", "samp", "section", "small", "span", "strike", "strong", "sub", "sup", "table"),
        *("tbody", "td", "tfoot", "th", "thead", "tr", "tt", "u", "ul", "var", "wbr"),
    }
)
_SILENT = frozenset({"script", "style", "title", "noscript", "head", "template"})
_EVERYWHERE = frozenset({"align", "dir", "lang", "style", "title", "valign", "width", "height"})
_OF_TABLES = frozenset({"bgcolor", "border", "cellpadding", "cellspacing", "colspan", "rowspan"})
_OWN: Mapping[str, frozenset[str]] = {
    "a": frozenset({"href"}),
    "img": frozenset({"src", "alt", "border"}),
    "font": frozenset({"color", "face", "size"}),
    "ol": frozenset({"start", "type"}),
    "col": frozenset({"span"}),
    "colgroup": frozenset({"span"}),
    **dict.fromkeys(("table", "tbody", "thead", "tfoot", "tr", "td", "th"), _OF_TABLES),
}
_PROPERTIES = frozenset(
    {
        *("color", "background-color", "font", "font-family", "font-size", "font-style"),
        *("font-weight", "font-variant", "line-height", "letter-spacing", "text-align"),
        *("text-decoration", "text-indent", "text-transform", "vertical-align", "white-space"),
        *("word-break", "word-wrap", "overflow-wrap", "direction", "width", "height"),
        *("max-width", "min-width", "max-height", "min-height", "display", "float", "clear"),
        *("border-collapse", "border-spacing", "border-radius", "table-layout", "list-style-type"),
        *("padding", "padding-top", "padding-right", "padding-bottom", "padding-left"),
        *("margin", "margin-top", "margin-right", "margin-bottom", "margin-left"),
        *("border", "border-top", "border-right", "border-bottom", "border-left"),
        *("border-color", "border-style", "border-width"),
    }
)
_FUNCTIONS = frozenset({"rgb", "rgba", "hsl", "hsla"})

_ATTRIBUTE = re.compile(
    r"""(?<![\w-])([A-Za-z][A-Za-z-]*+)\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s"'=]++))"""
)
_HARMLESS = re.compile(r"""[\w \t\r\n#%.,!'"+()/-]{1,300}""")
_CALL = re.compile(r"([\w-]*)\(")
_BLANKS = re.compile(r"[\x00-\x20\x7f]+")
_LINK = re.compile(r"(?:https?://[^/?#\s]|mailto:\S|tel:[+\d])", re.IGNORECASE)
_REMOTE = re.compile(r"(?:https?:)?//[^/]", re.IGNORECASE)
_DRAWN = re.compile(r"data:image/(?:png|jpe?g|gif|webp|bmp);base64,[A-Za-z0-9+/=]+", re.IGNORECASE)
_PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp"})
_ANCHOR = re.compile(r'(<a href="([^"]*)"[^>]*>)(.*?)</a>', re.DOTALL)
_MARKUP = re.compile(r"<[^>]*>")
_NAMED_HOST = re.compile(r"(?:[a-z0-9][a-z0-9-]{0,62}\.)+[a-z][a-z0-9-]{1,62}", re.IGNORECASE)
_SHOWN_TEXT = 300  # characters of a link's text in which another address is looked for


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture that came with the message."""

    media: str
    octets: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Displayed:
    """``remote``: pictures from elsewhere that the text names. ``whole``: False when it was too
    much and its source is shown."""

    html: str
    remote: int
    whole: bool = True


def displayed(
    html: str,
    pictures: Mapping[str, Picture],
    *,
    remote: bool,
    leads_to: str,
) -> Displayed:
    """``pictures`` by their Content-ID. ``leads_to``: words put behind a link that shows another
    address than it has, with ``{host}``."""
    cleaner = _Cleaner(pictures=pictures, with_remote=remote)
    simple = simplified(html, cleaner.kept)
    if simple is None:
        return Displayed(html=as_it_is_written(html), remote=0, whole=False)
    clean = nh3.clean(
        simple,
        tags=set(_TAGS),
        attributes={tag: {*_EVERYWHERE, *_OWN.get(tag, ())} for tag in _TAGS},
        clean_content_tags=set(_SILENT),
        attribute_filter=cleaner.filtered,
        url_schemes={"http", "https", "mailto", "tel", "cid", "data"},
        url_relative="deny",
        filter_style_properties=set(_PROPERTIES),
        link_rel="noopener noreferrer nofollow",
        set_tag_attribute_values={"a": {"target": "_blank"}},
    )
    return Displayed(html=_marked(clean, leads_to), remote=cleaner.remote)


@dataclass(slots=True, kw_only=True)
class _Cleaner:
    """What one text may keep."""

    pictures: Mapping[str, Picture]
    with_remote: bool
    remote: int = 0
    embedded: int = 0

    def kept(self, tag: str, attributes: str) -> str:
        """The attributes that stay; the first of several counts, as for browsers."""
        if tag.startswith("/") or tag not in _TAGS:
            return ""
        allowed = _EVERYWHERE | _OWN.get(tag, frozenset())
        kept: dict[str, str] = {}
        for found in _ATTRIBUTE.finditer(attributes):
            name = found[1].lower()
            if name in allowed and name not in kept:
                written = next(filter(None, (found[2], found[3], found[4])), "")
                kept[name] = self._value(name, html_syntax.unescape(written))
        return "".join(
            f' {name}="{html_syntax.escape(value)}"' for name, value in kept.items() if value
        )

    def _value(self, name: str, value: str) -> str:
        match name:
            case "href":
                return _link(value)
            case "src":
                return self._source(value)
            case "style":
                return _style(value)
        return value[:LONGEST_ADDRESS]

    def _source(self, value: str) -> str:
        value = _BLANKS.sub("", value)
        if _REMOTE.match(value):
            self.remote += 1
            named = f"https://{value.partition('//')[2]}"[:LONGEST_ADDRESS]
            return named if self.with_remote else ""
        is_own = value[:4].lower() == "cid:" or _DRAWN.fullmatch(value)
        return value if is_own else ""

    def filtered(self, tag: str, name: str, value: str) -> str | None:
        """Second look, at what the sanitiser has read."""
        if name == "href":
            return value if _LINK.match(value) else None
        if name != "src":
            return value
        if value[:4].lower() == "cid:":
            return self._embedded(value[4:])
        drawn = _DRAWN.fullmatch(value)
        return value if tag == "img" and (drawn or self.with_remote) else None

    def _embedded(self, content_id: str) -> str | None:
        picture = self.pictures.get(content_id)
        if picture is None or picture.media not in _PICTURES:
            return None
        self.embedded += len(picture.octets)
        if self.embedded > EMBEDDED:
            return None
        return f"data:{picture.media};base64,{b64encode(picture.octets).decode('ascii')}"


def _link(value: str) -> str:
    value = _BLANKS.sub("", value)
    return value if len(value) <= LONGEST_ADDRESS and _LINK.match(value) else ""


def _style(value: str) -> str:
    """Declarations of the list whose values name nothing outside: no ``url(``, no escape, no
    comment, no rule."""
    kept = []
    for declaration in value.split(";", MOST_DECLARATIONS)[:MOST_DECLARATIONS]:
        name, _, said = declaration.partition(":")
        if name.strip().lower() in _PROPERTIES and _names_nothing(said):
            kept.append(f"{name.strip().lower()}:{said.strip()}")
    return ";".join(kept)


def _names_nothing(value: str) -> bool:
    if not _HARMLESS.fullmatch(value):
        return False
    return all(call.lower() in _FUNCTIONS for call in _CALL.findall(value))


def _marked(clean: str, leads_to: str) -> str:
    """Where a link's text shows another host than it leads to, the real one is put behind it."""

    def marked(anchor: re.Match[str]) -> str:
        target = _host(html_syntax.unescape(anchor[2]))
        text = html_syntax.unescape(_MARKUP.sub("", anchor[3]))[:_SHOWN_TEXT]
        if not target or not _shows_another(text, target):
            return anchor[0]
        words = html_syntax.escape(leads_to.format(host=target))
        return f'{anchor[1]}{anchor[3]}</a> <b class="leads">{words}</b>'

    return _ANCHOR.sub(marked, clean)


def _shows_another(text: str, target: str) -> bool:
    named = {each.lower().removeprefix("www.") for each in _NAMED_HOST.findall(text)}
    own = target.removeprefix("www.")
    return bool(named) and not any(own == each or own.endswith(f".{each}") for each in named)


def _host(address: str) -> str:
    """Of a link, or of the address a mail would go to."""
    if address[:7].lower() == "mailto:":
        return address[7:].partition("?")[0].rpartition("@")[2].lower()
    try:
        return (urlsplit(address).hostname or "").lower()
    except ValueError:
        return address[:60]
