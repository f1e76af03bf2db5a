"""The lists of the help: shipped until somebody changes them, read strictly, every change noted."""

import pytest

from siegel.base.errors import LimitExceeded, NotFound
from siegel.flows import help_links
from siegel.flows.help_links import MAX_LINKS, Draft, Fault, Refused
from siegel.pki.anchors import public_email_roots
from siegel.store.queries import journal
from siegel.wording.help_links import (
    LONGEST_NOTE,
    LONGEST_TITLE,
    SHIPPED,
    HelpList,
)
from siegel.wording.words import Language
from tests.world import WORLD_NOW

pytestmark = pytest.mark.django_db
BY = "admin@office.example"


def draft(url: str = "https://intranet.office.example/smime", title: str = "Intranet",
          note: str = "") -> Draft:  # fmt: skip
    return Draft(
        url=url, titles=dict.fromkeys(Language, title), notes=dict.fromkeys(Language, note)
    )


def keys(kind: HelpList = HelpList.LINK) -> list[str]:
    return [link.key for link in help_links.listed(kind).links]


@pytest.mark.requirement("A84", "A85", "A86")
def test_the_shipped_lists_hold_until_somebody_changes_them() -> None:
    for kind in HelpList:
        found = help_links.listed(kind)
        assert found.links == SHIPPED[kind]
        assert found.changed_at is None
        assert help_links.all_listed()[kind] == found
    assert keys() == ["bamf", "employment-agency", "smime-io"]
    assert {"harica", "actalis"} < set(keys(HelpList.CA))


def test_every_shipped_entry_would_be_accepted_and_is_encrypted_on_its_way() -> None:
    for kind in HelpList:
        for link in SHIPPED[kind]:
            again = Draft(url=link.url, titles=link.titles, notes=link.notes)
            help_links.change(kind, link.key, again, by=BY, at=WORLD_NOW)
            assert link.url.startswith("https://")
        assert help_links.listed(kind).links == SHIPPED[kind]


@pytest.mark.requirement("B36")
def test_every_shipped_authority_is_publicly_trusted_for_mail() -> None:
    subjects = " ".join(anchor.certificate.subject for anchor in public_email_roots()).lower()
    for link in SHIPPED[HelpList.CA]:
        named = {"dfn": "harica"}.get(link.key, link.key)  # DFN's certificates are HARICA's
        assert named in subjects


@pytest.mark.requirement("A84")
def test_an_administrator_adds_changes_moves_and_removes() -> None:
    new = help_links.add(HelpList.LINK, draft(), by=BY, at=WORLD_NOW)
    assert keys() == ["bamf", "employment-agency", "smime-io", new]
    help_links.move(HelpList.LINK, new, -2, by=BY, at=WORLD_NOW)
    assert keys() == ["bamf", new, "employment-agency", "smime-io"]
    help_links.change(HelpList.LINK, "bamf", draft(title="BAMF"), by=BY, at=WORLD_NOW)
    assert help_links.listed(HelpList.LINK).links[0].titles[Language.EN] == "BAMF"
    help_links.remove(HelpList.LINK, "smime-io", by=BY, at=WORLD_NOW)
    assert keys() == ["bamf", new, "employment-agency"]
    found = help_links.listed(HelpList.LINK)
    assert (found.changed_by, found.changed_at) == (BY, WORLD_NOW)
    assert help_links.all_listed()[HelpList.LINK] == found
    assert help_links.listed(HelpList.CA).links == SHIPPED[HelpList.CA]


def test_every_change_is_in_the_journal() -> None:
    new = help_links.add(HelpList.CA, draft(), by=BY, at=WORLD_NOW)
    help_links.move(HelpList.CA, new, -1, by=BY, at=WORLD_NOW)
    help_links.change(HelpList.CA, new, draft(), by=BY, at=WORLD_NOW)
    help_links.remove(HelpList.CA, new, by=BY, at=WORLD_NOW)
    help_links.restore(HelpList.CA, by=BY, at=WORLD_NOW)
    entries = journal.read(actor=BY)
    assert [entry.action for entry in entries] == [
        "help.list.restored", "help.link.removed", "help.link.changed", "help.link.moved",
        "help.link.added",
    ]  # fmt: skip
    assert {entry.about for entry in entries} == {"ca"}
    assert entries[-1].detail == {
        "key": new, "url": "https://intranet.office.example/smime", "title": "Intranet",
    }  # fmt: skip


@pytest.mark.parametrize(("steps", "order"), [(-9, "cab"), (-1, "acb"), (1, "abc"), (0, "abc")])
def test_nothing_moves_beyond_an_end_of_the_list(steps: int, order: str) -> None:
    named = dict(zip("abc", keys(), strict=True))
    help_links.move(HelpList.LINK, named["c"], steps, by=BY, at=WORLD_NOW)
    assert keys() == [named[letter] for letter in order]


def test_an_emptied_list_stays_empty_until_it_is_restored() -> None:
    for key in keys():
        help_links.remove(HelpList.LINK, key, by=BY, at=WORLD_NOW)
    assert keys() == []
    help_links.restore(HelpList.LINK, by=BY, at=WORLD_NOW)
    assert help_links.listed(HelpList.LINK).links == SHIPPED[HelpList.LINK]


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("javascript:alert(1)", id="fail/script"),
        pytest.param("data:text/html,x", id="fail/data"),
        pytest.param("ftp://example.org/", id="fail/other scheme"),
        pytest.param("//example.org/", id="fail/no scheme"),
        pytest.param("https://user:secret@example.org/", id="fail/credentials"),
        pytest.param("https://example.org/\u202egro", id="fail/direction"),
        pytest.param("https://example.org/\r\nx", id="fail/line end"),
        pytest.param("https://exa\u0430mple.org/", id="fail/letters of another script"),
        pytest.param("https:///x", id="fail/no host"),
        pytest.param("", id="fail/nothing"),
        pytest.param("https://example.org/" + "x" * 2000, id="fail/too long"),
    ],
)
def test_only_plain_web_addresses_are_taken(url: str) -> None:
    with pytest.raises(Refused) as refused:
        help_links.add(HelpList.LINK, draft(url=url), by=BY, at=WORLD_NOW)
    assert refused.value.faults == {"url": Fault.ADDRESS}
    assert help_links.listed(HelpList.LINK).changed_at is None


@pytest.mark.parametrize(
    ("title", "note", "faults"),
    [
        ("", "", {"title_de": Fault.MISSING, "title_en": Fault.MISSING}),
        ("x" * (LONGEST_TITLE + 1), "", {"title_de": Fault.TOO_LONG, "title_en": Fault.TOO_LONG}),
        ("x\u202ey", "", {"title_de": Fault.CHARACTERS, "title_en": Fault.CHARACTERS}),
        ("x", "a\nb", {"note_de": Fault.CHARACTERS, "note_en": Fault.CHARACTERS}),
        ("x", "y" * (LONGEST_NOTE + 1), {"note_de": Fault.TOO_LONG, "note_en": Fault.TOO_LONG}),
    ],
    ids=["fail/no title", "fail/long title", "fail/direction", "fail/lines", "fail/long note"],
)
def test_texts_are_one_plain_line(title: str, note: str, faults: dict[str, Fault]) -> None:
    with pytest.raises(Refused) as refused:
        help_links.change(HelpList.LINK, "bamf", draft(title=title, note=note), by=BY, at=WORLD_NOW)
    assert refused.value.faults == faults


def test_a_list_has_an_end() -> None:
    for _ in range(MAX_LINKS - len(keys())):
        help_links.add(HelpList.LINK, draft(), by=BY, at=WORLD_NOW)
    with pytest.raises(LimitExceeded):
        help_links.add(HelpList.LINK, draft(), by=BY, at=WORLD_NOW)


def test_what_somebody_else_took_out_cannot_be_changed_and_nothing_is_noted() -> None:
    help_links.remove(HelpList.LINK, "bamf", by="other@office.example", at=WORLD_NOW)
    with pytest.raises(NotFound):
        help_links.change(HelpList.LINK, "bamf", draft(), by=BY, at=WORLD_NOW)
    with pytest.raises(NotFound):
        help_links.move(HelpList.LINK, "bamf", 1, by=BY, at=WORLD_NOW)
    with pytest.raises(NotFound):
        help_links.remove(HelpList.LINK, "bamf", by=BY, at=WORLD_NOW)
    assert journal.read(actor=BY) == ()
