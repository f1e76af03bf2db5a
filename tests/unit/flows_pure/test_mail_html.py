"""HTML mail on screen: its look stays, nothing acts, and nothing is fetched unasked."""

import re
from html.parser import HTMLParser
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from siegel.flows import html, mail_html
from siegel.flows.mail_html import Displayed, Picture, displayed
from tests.unit.flows_pure.test_html import HEAVY, SHAPES, URL, _pieces

PNG = Picture(media="image/png", octets=b"\x89PNG\r\n\x1a\n")
SVG = Picture(media="image/svg+xml", octets=b"<svg/>")

STYLES = {
    "url": f"background:url({URL})",
    "url in quotes": f"background-image:url('{URL}')",
    "escaped url": "background:\\75rl(//evil.example)",
    "entity url": "background:&#117;rl(//evil.example)",
    "url in a colour": f"color:url({URL})",
    "image-set": f"background-image:image-set('{URL}' 1x)",
    "image": f"list-style-image:image('{URL}')",
    "cross-fade": f"background:cross-fade(url({URL}),url({URL}))",
    "list-style": f"list-style:url({URL})",
    "cursor": f"cursor:url({URL}),auto",
    "content": f"content:url({URL})",
    "filter": f"filter:url({URL}#x)",
    "mask": f"mask:url({URL})",
    "shape": f"shape-outside:url({URL})",
    "border-image": f"border-image:url({URL}) 30",
    "import": f"@import '{URL}';color:red",
    "font-face": f"@font-face{{src:url({URL})}}",
    "comment": f"color:red/*;*/;background:url/**/({URL})",
    "behavior": f"behavior:url({URL});-moz-binding:url({URL})",
    "expression": f"width:expression(fetch('{URL}'))",
    "variable": f"--x:url({URL});background:var(--x)",
    "attr": "width:attr(title)",
    "over the page": "position:fixed;top:0;left:0;z-index:99999",
    "end of the attribute": "color:red\"><img src='//evil.example'>",
    "nul": f"background:u\0rl({URL})",
    "newline": f"background:ur\\\nl({URL})",
}
MORE = {
    **SHAPES,
    **{f"style: {name}": f'<p style="{value}">x</p>' for name, value in STYLES.items()},
    "protocol relative": '<img src="//evil.example/x.png">',
    "slashes": '<img src="\\\\evil.example/x.png"><img src="/\\evil.example/x">',
    "blanks in a scheme": '<a href="java\tscript:alert(1)">x</a><a href=" \x01javascript:x">y</a>',
    "vbscript": '<a href="vbscript:x">x</a><a href="data:text/html;base64,PHg+">y</a>',
    "blob and file": '<a href="blob:x">x</a><img src="file:///etc/passwd">',
    "svg picture": '<img src="data:image/svg+xml;base64,PHN2Zy8+"><img src="cid:svg">',
    "dynsrc": f'<img dynsrc="{URL}" lowsrc="{URL}" longdesc="{URL}" usemap="#x">',
    "nested forms": f'<form><form action="{URL}"><input formaction="{URL}"></form></form>',
    "image tag": f'<image src="{URL}">',
    "two sources": f'<img src="cid:png" src="{URL}">',
    "select": f'<select><option><img src="{URL}"></select>',
    "mutated style": f'<svg></p><style><a id="</style><img src={URL} onerror=x>">',
    "mutated title": f'<math></title><title><mglyph><img src="{URL}"></title>',
    "mutated form": f'<form><math><mtext></form><form><mglyph><style></math><img src="{URL}">',
    "frameset": f'<frameset><frame src="{URL}"></frameset>',
    "dialog": f'<dialog open><button popovertarget=x onclick="y">{URL}</button></dialog>',
    "anchor": '<a name="x" id="main" href="#main">x</a>',
    "relative": '<a href="/mail/c/1/">x</a><img src="/static/x.png"><a href="?x">y</a>',
}


class Seen(HTMLParser):
    """Another parser than the sanitiser's, that looks at every attribute."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.others: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_decl(self, decl: str) -> None:
        self.others.append(decl)

    def handle_pi(self, data: str) -> None:
        self.others.append(data)

    def handle_comment(self, data: str) -> None:
        self.others.append(data)


_WORDLY = frozenset(
    {
        *("align", "dir", "lang", "title", "valign", "width", "height", "bgcolor", "border"),
        *("cellpadding", "cellspacing", "colspan", "rowspan", "alt", "color", "face", "size"),
        *("start", "type", "span", "class", "rel", "target"),
    }
)


def harmless(text: str, *, remote: bool = False) -> bool:
    seen = Seen(text)
    return not seen.others and all(_harmless(tag, said, remote) for tag, said in seen.tags)


def _harmless(tag: str, said: dict[str, str], remote: bool) -> bool:
    source = said.pop("src", "")
    drawn = re.fullmatch(r"data:image/(png|jpe?g|gif|webp|bmp);base64,[A-Za-z0-9+/=]*", source)
    shown = not source or drawn is not None or (remote and source.startswith("https://"))
    link = said.pop("href", "")
    followed = not link or re.match(r"(https?://|mailto:|tel:)", link, re.IGNORECASE) is not None
    apart = tag != "a" or (said.get("target"), said.get("rel")) == (
        "_blank",
        "noopener noreferrer nofollow",
    )
    style = said.pop("style", "").lower()
    calm = not re.search(r"url|[\\@{}]|/\*|position|expression|image|var\(|attr\(", style)
    only_img = not source or tag == "img"
    return shown and followed and apart and calm and only_img and set(said) <= _WORDLY


def shown(text: str, *, remote: bool = False) -> Displayed:
    pictures = {"png": PNG, "svg": SVG}
    return displayed(text, pictures, remote=remote, leads_to="[leads to: {host}]")


@pytest.mark.requirement("A4")
@pytest.mark.parametrize("remote", [False, True], ids=["alone", "with pictures"])
@pytest.mark.parametrize("shape", MORE.values(), ids=MORE.keys())
def test_no_known_trick_is_left(shape: str, remote: bool) -> None:
    for document in (shape, f"<p>Guten Tag {shape} Ende</p>", f"<table><tr><td>{shape}"):
        assert harmless(shown(document, remote=remote).html, remote=remote)


_more_pieces = st.one_of(
    _pieces,
    st.sampled_from(list(MORE.values())),
    st.builds(
        lambda name, value, quote: f"<td {name}={quote}{value}{quote}>",
        st.sampled_from(["style", "href", "src", "title", "bgcolor", "alt"]),
        st.sampled_from(list(STYLES.values())),
        st.sampled_from(['"', "'", "", "`"]),
    ),
)


@settings(max_examples=400, deadline=None)
@given(pieces=st.lists(_more_pieces, max_size=12), remote=st.booleans())
def test_whatever_is_put_together_is_harmless(pieces: list[str], remote: bool) -> None:
    once = shown("".join(pieces), remote=remote).html

    assert harmless(once, remote=remote)
    assert harmless(shown(once, remote=remote).html, remote=remote)


@pytest.mark.parametrize("text", HEAVY.values(), ids=HEAVY.keys())
def test_no_text_within_the_limits_takes_long(text: str) -> None:
    """Against a text of the same kind as large as the limits allow, and not against a clock."""
    ordinary = "<p>Sehr geehrte Frau Huber,</p> das ist ein Bescheid. " * html.MAX_TAGS

    assert harmless(shown(text).html)
    assert _seconds(text) < 60 * _seconds(ordinary)


def _seconds(text: str) -> float:
    start = process_time()
    shown(text)
    return process_time() - start


def test_what_is_too_much_is_shown_as_it_is_written() -> None:
    found = shown("<b>" * (html.MAX_TAGS + 1))

    assert not found.whole
    assert found.html.startswith("<pre>&lt;b")


def test_the_look_of_a_letter_stays() -> None:
    text = (
        '<table width="100%" bgcolor="#eef3ee" cellpadding="4"><tbody><tr><td align="center" '
        'style="padding:20px;color:rgb(20, 83, 45)"><font color="red" size="2">Hallo</font>'
        "</td></tr></tbody></table>"
    )

    assert shown(text).html == text


def test_the_good_part_of_a_style_stays() -> None:
    kept = shown('<p style="color:red;background:url(//x);font-weight:bold">x</p>').html

    assert kept == '<p style="color:red;font-weight:bold">x</p>'


def test_pictures_of_the_message_are_put_in() -> None:
    assert 'src="data:image/png;base64,iVBORw0KGgo="' in shown('<img src="cid:png" alt="x">').html


def test_pictures_put_in_again_and_again_have_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail_html, "EMBEDDED", 3 * len(PNG.octets))

    assert shown('<img src="cid:png">' * 10).html.count("base64") == 3


def test_pictures_from_elsewhere_are_counted_and_left_out() -> None:
    found = shown('<img src="http://a.example/x" alt="Foto"><img src="//b.example/y">')

    assert found.remote == 2
    assert "a.example" not in found.html
    assert 'alt="Foto"' in found.html


def test_pictures_that_are_wanted_come_over_https_alone() -> None:
    assert 'src="https://a.example/x"' in shown('<img src="http://a.example/x">', remote=True).html


@pytest.mark.parametrize(
    ("text", "href", "marked"),
    [
        ("www.bank.example", "https://evil.example/", True),
        ("https://bank.example/login", "https://bank.example.evil.example/", True),
        ("info@bank.example", "mailto:info@evil.example", True),
        ("<b>bank</b>.example", "https://evil.example/", True),
        ("bank.example", "https://www.bank.example/x", False),
        ("Zur Anmeldung", "https://bank.example/", False),
        ("https://bank.example", "https://bank.example/?a=1", False),
    ],
)
def test_a_link_that_shows_another_address_is_marked(text: str, href: str, marked: bool) -> None:
    found = shown(f'<a href="{href}">{text}</a>').html

    assert ("[leads to:" in found) is marked
