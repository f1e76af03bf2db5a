"""Facts as blocks of a guide, in the place that the text has for them."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from siegel.wording.guides.facts import GuideFacts, Vouching
from siegel.wording.guides.filling import filled
from siegel.wording.guides.model import (
    Block,
    Fact,
    Fingerprints,
    Guide,
    Kind,
    Link,
    Links,
    Note,
    Paragraph,
    Place,
    Print,
    Span,
    Step,
    Style,
)
from siegel.wording.guides.phrases import PHRASES
from siegel.wording.words import Language


def complete(guide: Guide, facts: GuideFacts) -> Guide:
    """The guide of this office: no place is left open."""
    language = guide.language
    made = filled(guide, facts.values(language))
    return replace(
        made,
        steps=tuple(
            replace(step, blocks=tuple(_placed(_begun(step, facts, language), facts, language)))
            for step in made.steps
        ),
    )


def _begun(step: Step, facts: GuideFacts, language: Language) -> tuple[Block, ...]:
    """Without a site the files come with the guide. Where there is nothing to install, that comes
    first."""
    if step.kind is Kind.GET and Place(Fact.FILES) in step.blocks and not facts.site:
        return (_plain(PHRASES[language]["by_mail"]),)
    if step.kind is Kind.CHAIN and not facts.chain and Place(Fact.FINGERPRINTS) in step.blocks:
        said = Span(Style.PLAIN, PHRASES[language]["no_chain"])
        return (Note((said,)), *step.blocks)
    return step.blocks


def _placed(blocks: tuple[Block, ...], facts: GuideFacts, language: Language) -> Iterator[Block]:
    for block in blocks:
        if isinstance(block, Place):
            yield from _PLACED[block.fact](facts, PHRASES[language])
        else:
            yield block


Said = Mapping[str, str]


def _files(facts: GuideFacts, said: Said) -> Iterator[Block]:
    if facts.file_url:
        first = Link(said["certificate_of"].format(address=facts.address), facts.file_url)
    else:
        first = Link(said["find"], facts.site)
    others = [Link(_named(one, said), one.url, one.file) for one in facts.chain if one.url]
    yield Links(said["files"], (first, *others))


def _fingerprints(facts: GuideFacts, said: Said) -> Iterator[Block]:
    if not facts.chain:
        return
    prints = (Print(_named(one, said), one.fingerprint) for one in facts.chain)
    yield Fingerprints(said["fingerprints"], tuple(prints))
    yield _plain(said["by_phone"])


def _issuers(facts: GuideFacts, said: Said) -> Iterator[Block]:
    if facts.issuers:
        links = (Link(each.title, each.url, each.note) for each in facts.issuers)
        yield Links(said["issuers"], tuple(links))


def _own_key(facts: GuideFacts, said: Said) -> Iterator[Block]:
    if facts.own_key:
        yield _plain(said["own_key"])
        yield Links("", (Link(said["own_key_link"], facts.own_key),))


def _try(facts: GuideFacts, said: Said) -> Iterator[Block]:
    if facts.robot:
        before, _, after = said["try"].partition("{robot}")
        robot = Span(Style.CODE, facts.robot)
        yield Paragraph((Span(Style.PLAIN, before), robot, Span(Style.PLAIN, after)))
        if facts.robot_page:
            yield Links("", (Link(said["try_link"], facts.robot_page),))


def _contact(facts: GuideFacts, said: Said) -> Iterator[Block]:
    ways = [way for way in (facts.contact_phone, facts.contact_address) if way]
    if ways:
        yield _plain(said["contact"].replace("{contact}", said["or"].join(ways)))
    else:
        yield _plain(said["no_contact"])


def _named(one: Vouching, said: Said) -> str:
    return said["root" if one.is_root else "intermediate"].replace("{name}", one.name)


def _plain(text: str) -> Paragraph:
    return Paragraph((Span(Style.PLAIN, text),))


_PLACED = {
    Fact.FILES: _files,
    Fact.FINGERPRINTS: _fingerprints,
    Fact.ISSUERS: _issuers,
    Fact.OWN_KEY: _own_key,
    Fact.TRY: _try,
    Fact.CONTACT: _contact,
}
