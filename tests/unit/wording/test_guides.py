"""The guides: whole in both languages, plain to read, and deaf to what names look like."""

import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from siegel.wording.guides.drawings import INK, TEMPLATES, drawn, printed, said
from siegel.wording.guides.facts import FurtherLink, GuideFacts, Vouching
from siegel.wording.guides.letter import guide_letter
from siegel.wording.guides.model import (
    Acts,
    Audience,
    Drawing,
    Fact,
    Guide,
    Kind,
    Links,
    Note,
    Paragraph,
    Place,
    Spans,
    Step,
    Style,
    Typed,
)
from siegel.wording.guides.placing import complete
from siegel.wording.guides.plain import in_plain_text
from siegel.wording.guides.reading import PARTNER_GUIDES, STAFF_GUIDES, all_guides, guide_of
from siegel.wording.guides.spelled import chapters_of, in_groups
from siegel.wording.words import Language
from tests.browser.hostile import HOSTILE
from tests.unit.wording.readability import first_vienna_formula, fourth_vienna_formula

EVERY = [
    guide for audience in Audience for lang in Language for guide in all_guides(audience, lang)
]
STEPS = [(guide, step) for guide in EVERY for step in guide.steps]
ROOT = Vouching(
    name="Office Root",
    fingerprint="ab" * 32,
    is_root=True,
    file="office-root.cer",
    url="https://siegel.office.example/root.cer",
)
FACTS = GuideFacts(
    office="Landratsamt Musterthal",
    site="https://siegel.office.example/partner/",
    address="sozialamt@office.example",
    file="sozialamt.cer",
    file_url="https://siegel.office.example/sozialamt.cer",
    chain=(ROOT,),
    issuers=(FurtherLink(title="HARICA", url="https://cm.harica.gr/"),),
    own_key="https://siegel.office.example/own/",
    robot="smime-test@office.example",
    contact_phone="09999 555-0",
)


def named(guide: Guide) -> str:
    return f"{guide.slug}-{guide.language}"


def of_step(pair: tuple[Guide, Step]) -> str:
    return f"{named(pair[0])}-{pair[1].kind}"


def words(step: Step) -> str:
    """What a step says, each act a sentence. Names of menus are not ours to make short."""
    found = [step.title + "."]
    for block in step.blocks:
        if isinstance(block, Acts):
            found += [_ours(act) for act in block.acts]
        elif isinstance(block, Paragraph | Note):
            found.append(_ours(block.spans))
    return " ".join(text if text[-1] in ".!?:" else f"{text}." for text in found)


def parsed(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)


def _ours(spans: Spans) -> str:
    return "".join(span.text if span.style is Style.PLAIN else "Knopf" for span in spans)


@pytest.mark.requirement("B7", "B9", "B10", "B17", "B26", "B27", "B37", "B45")
@pytest.mark.parametrize("guide", EVERY, ids=named)
def test_a_guide_for_partners_has_every_chapter_and_says_what_was_tested(guide: Guide) -> None:
    if guide.audience is Audience.PARTNER:
        assert [step.kind for step in guide.steps] == list(Kind)
    assert guide.tested
    assert guide.systems
    assert guide.limits, "which program has none?"


@pytest.mark.requirement("B16", "B17")
@pytest.mark.parametrize("slug", [*PARTNER_GUIDES, *STAFF_GUIDES])
def test_both_languages_have_the_same_chapters_acts_and_pictures(slug: str) -> None:
    shapes = [[_shape(step) for step in _guide(slug, language).steps] for language in Language]
    assert shapes[0] == shapes[1]


def _shape(step: Step) -> tuple[object, ...]:
    drawing = step.drawing
    picture = None if drawing is None else (drawing.template, len(drawing.labels))
    blocks = tuple(
        (type(block), len(block.acts) if isinstance(block, Acts) else 0) for block in step.blocks
    )
    return step.kind, picture, blocks


@pytest.mark.parametrize("step", [s for g, s in STEPS if g.language is Language.DE], ids=words)
def test_german_chapters_are_easy_to_read(step: Step) -> None:
    assert first_vienna_formula(words(step)) <= 10
    assert fourth_vienna_formula(words(step)) <= 11


def test_no_text_is_left_in_the_other_language() -> None:
    for guide, step in STEPS:
        text = words(step)
        foreign = r"\b(the|and|your|press)\b" if guide.language is Language.DE else r"\b(und|Sie)\b"
        assert not re.search(foreign, text), f"{of_step((guide, step))}: {text}"


@pytest.mark.parametrize("guide", EVERY, ids=named)
def test_every_place_is_filled_and_no_mark_is_left(guide: Guide) -> None:
    full = complete(guide, FACTS)
    assert not any(isinstance(block, Place) for step in full.steps for block in step.blocks)
    text = in_plain_text(full, whole=True)
    assert not re.search(r"[{}]|\*\*|`|@common|picture:", text), text


@pytest.mark.requirement("B29", "B30", "B31", "B40", "B42", "B44")
def test_facts_stand_where_they_are_needed() -> None:
    text = in_plain_text(complete(_guide("thunderbird", Language.DE), FACTS), whole=True)
    for fact in (
        "sozialamt@office.example",
        "https://siegel.office.example/sozialamt.cer",
        "Stammzertifikat „Office Root“",
        "ABAB ABAB",
        "https://cm.harica.gr/",
        "smime-test@office.example",
        "09999 555-0",
    ):
        assert fact in text


@pytest.mark.requirement("A33", "A86", "B13", "B15", "B33", "B34", "B35", "B36")
@pytest.mark.parametrize("slug", PARTNER_GUIDES)
def test_who_has_no_certificate_learns_where_to_get_one_and_what_stays_secret(slug: str) -> None:
    own = next(s for s in complete(_guide(slug, Language.DE), FACTS).steps if s.kind is Kind.OWN)
    said = in_plain_text(replace(_guide(slug, Language.DE), steps=(own,)), whole=True)
    text = " ".join(said.split())
    for sentence in (
        "Hat es eine eigene Stelle für Zertifikate",
        "Ihre Technik weiß mehr",
        "Das günstigste genügt",
        "https://cm.harica.gr/",
        "Mit dem öffentlichen verschlüsseln andere an Sie",
        "Geben Sie diese Datei niemals weiter",
    ):
        assert sentence in text


@pytest.mark.requirement("B33", "B36", "B38")
def test_what_an_office_does_not_offer_is_not_promised() -> None:
    bare = GuideFacts(office="", site="https://siegel.office.example/partner/")
    text = in_plain_text(complete(_guide("outlook", Language.EN), bare), whole=True)
    assert "no root certificate for you here" in text
    assert "Make a key of your own" not in text
    assert "trial" not in text
    assert "our address" in text


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("slug", PARTNER_GUIDES)
def test_a_name_never_becomes_a_mark_or_markup(slug: str, name: str) -> None:
    """Not of the guide's own language, and not of SVG."""
    facts = replace(
        FACTS, office=f"{name} **x** `y` {{site}} @common", chain=(replace(ROOT, name=name),)
    )
    plain, hostile = (complete(_guide(slug, Language.DE), f) for f in (FACTS, facts))
    for before, after in zip(chapters_of(plain), chapters_of(hostile), strict=True):
        assert [block["kind"] for block in before.blocks] == [b["kind"] for b in after.blocks]
        for svg in (after.picture, after.paper):
            tags = {each.tag.rpartition("}")[2] for each in parsed(svg).iter()}
            assert tags <= {"svg", "title", "style", "rect", "path", "circle", "text"}


def test_what_is_typed_into_a_terminal_holds_names_of_files_only() -> None:
    for _, step in STEPS:
        for block in step.blocks:
            lines = block.lines if isinstance(block, Typed) else ()
            assert set(re.findall(r"{(\w+)}", " ".join(lines))) <= {"file", "root_file"}


@pytest.mark.parametrize("template", sorted(TEMPLATES))
@pytest.mark.parametrize("language", Language)
def test_every_drawing_is_used_and_has_a_sentence(template: str, language: Language) -> None:
    used = [
        step.drawing
        for guide, step in STEPS
        if guide.language is language and step.drawing and step.drawing.template == template
    ]
    assert used, "nobody uses it"
    for drawing in used:
        assert any(label in said(drawing, language) for label in drawing.labels)
        assert len(parsed(drawn(drawing, language, number=1)))


def test_drawings_have_no_colour_of_their_own_on_a_page() -> None:
    for guide, step in STEPS:
        if step.drawing is not None:
            svg = drawn(step.drawing, guide.language, number=1)
            assert not re.search(r"#[0-9a-f]{3}|style=|fill=", svg)


def test_paper_has_a_colour_for_every_part_that_drawings_use() -> None:
    everything = "".join(printed(step.drawing) for _, step in STEPS if step.drawing)
    for name in set(re.findall(r'class="(p-[\w-]+)"', everything)):
        assert f".{name}{{" in INK
    css = (
        Path("src/siegel/web/static/siegel.css").read_text()
        + Path("src/siegel/web/static/guides.css").read_text()
    )
    for name in set(re.findall(r'class="(p-[\w-]+)"', everything)):
        assert f".{name} {{" in css


def test_long_words_do_not_run_out_of_a_drawing() -> None:
    facts = replace(FACTS, address="sehr-lange-adresse-der-abteilung@landratsamt.office.example")
    for step in complete(_guide("thunderbird", Language.DE), facts).steps:
        for label in (step.drawing or Drawing("files", ())).labels:
            assert len(label) <= 30


@pytest.mark.requirement("B39")
def test_the_mail_carries_the_steps_and_says_what_was_tested() -> None:
    guide = complete(_guide("gmail", Language.DE), FACTS)
    letter = guide_letter(guide, sender="sozialamt@office.example", organisation="Amt")
    assert letter.subject == "Verschlüsselt schreiben: Anleitung für Gmail"
    assert "1. Zwei Dateien laden" in letter.text
    assert "5. Schreiben" in letter.text
    assert "Hier nicht geprüft" in letter.text
    assert max(len(line) for line in letter.text.splitlines() if "://" not in line) <= 76


def test_fingerprints_are_grouped_as_people_compare_them() -> None:
    assert in_groups("ab12" * 3) == ["AB12"] * 3


def test_an_unknown_program_has_no_guide() -> None:
    assert guide_of("nobody", Language.DE) is None


def test_only_what_tests_drive_is_said_to_be_tested() -> None:
    tested = {
        guide.slug
        for guide in all_guides(Audience.PARTNER, Language.EN)
        if not guide.tested.startswith("Not tested here")
    }
    assert tested == {"thunderbird", "gnupg"}


def test_links_of_a_guide_are_whole_addresses() -> None:
    for guide in EVERY:
        for step in complete(guide, FACTS).steps:
            for block in step.blocks:
                if isinstance(block, Links):
                    assert all(link.url.startswith("https://") for link in block.links)


def test_every_fact_has_a_place_in_some_guide() -> None:
    used = {b.fact for _, step in STEPS for b in step.blocks if isinstance(b, Place)}
    assert used == set(Fact)


def _guide(slug: str, language: Language) -> Guide:
    found = guide_of(slug, language)
    assert found is not None
    return found
