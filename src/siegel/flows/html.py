"""HTML without any outward reference, for content that nobody vouches for (RFC 8551 §6, Efail).

A decrypted text without a valid signature may have been cut together by somebody else to carry
its own words away; what loads nothing and links nowhere cannot.
"""

import nh3

MAX_SIZE = 2 * 1024 * 1024  # octets; the sanitiser is quadratic on nesting beyond this
MAX_OPEN_TAGS = 20_000  # nested or not: 20,000 take about a second

_TAGS = frozenset(
    {
        *("a", "abbr", "b", "blockquote", "br", "caption", "code", "dd", "div", "dl", "dt", "em"),
        *("h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "li", "ol", "p", "pre", "q", "s"),
        *("small", "span", "strong", "sub", "sup", "table", "tbody", "td", "tfoot", "th"),
        *("thead", "tr", "u", "ul"),
    }
)
_ATTRIBUTES = {"td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}, "*": {"dir", "lang"}}


def without_outward_references(html: str) -> str:
    """Text and structure only: no address, style, image, form or script is left."""
    if len(html) > MAX_SIZE or html.count("<") > MAX_OPEN_TAGS:
        return "<pre>" + nh3.clean_text(html[:MAX_SIZE]) + "</pre>"
    return nh3.clean(
        html,
        tags=set(_TAGS),
        attributes={tag: set(names) for tag, names in _ATTRIBUTES.items()},
        clean_content_tags={"script", "style", "title", "noscript"},
        url_schemes=set(),
        link_rel=None,
    )
