"""The pages of the help: for everybody, in both languages; the lists for administrators only."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from siegel.flows import help_links
from siegel.flows.help_links import Draft
from siegel.flows.people import Role
from siegel.web.help.chapters import chapters
from siegel.web.templatetags.siegel import plain
from siegel.wording.help_links import SHIPPED, HelpList
from siegel.wording.words import Language
from tests.web.conftest import SignIn
from tests.world import WORLD_NOW

PAGES = ["/help/", "/help/?open=all", "/help/search/?q=passphrase", "/help/set-up/"]
GIVEN = {"url": "https://intranet.office.example/", "title_de": "Intranet", "title_en": "Intranet"}
LISTS = "/help/lists/"


def text_of(client: Client, path: str, language: str = "de") -> str:
    answer = client.get(path, headers={"accept-language": language})
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.requirement("A9", "A90")
@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize(("language", "word"), [("de", "Hilfe"), ("en", "help")])
def test_everybody_reads_the_help_in_his_language(
    db: None, path: str, language: str, word: str
) -> None:
    page = text_of(Client(), path, language)
    assert f'<html lang="{language}"' in page
    assert word.lower() in page.lower()
    assert page.count("<h1>") == 1


@pytest.mark.parametrize("path", PAGES)
def test_whoever_is_signed_in_keeps_the_navigation(sign_in: SignIn, path: str) -> None:
    page = text_of(sign_in(Role.MEMBER), path)
    assert 'class="rail lining"' in page
    assert "help-top" not in page


@pytest.mark.requirement("A9")
def test_all_chapters_fold_out_on_one_page_and_have_a_page_of_their_own(db: None) -> None:
    folded, unfolded = text_of(Client(), "/help/"), text_of(Client(), "/help/?open=all")
    assert folded.count('<details class="chapter"') == len(chapters(Language.DE))
    assert " open>" not in folded
    assert unfolded.count(" open>") == len(chapters(Language.DE))
    for chapter in chapters(Language.DE):
        assert f"/help/{chapter.slug}/" in folded
        page = text_of(Client(), f"/help/{chapter.slug}/")
        assert f"<h1>{chapter.title}</h1>" in page
        assert "Erstellt am 28. November 2026" in page


@pytest.mark.parametrize("path", ["/help/", "/help/?open=all", "/help/trouble/"])
def test_no_identifier_stands_twice_on_a_page(sign_in: SignIn, path: str) -> None:
    found = re.findall(r'\sid="([^"]+)"', text_of(sign_in(Role.ADMINISTRATOR), path))
    assert len(found) == len(set(found))


def test_every_address_within_the_help_exists(db: None) -> None:
    page = text_of(Client(), "/help/?open=all")
    for target in set(re.findall(r'href="(/help/[^"]*)"', page)):
        path, _, anchor = target.partition("#")
        there = text_of(Client(), path)
        assert not anchor or f'id="{anchor}"' in there, target


@pytest.mark.parametrize("slug", ["nothing", "01-basics", "Basics"])
def test_a_chapter_that_does_not_exist_is_not_found(db: None, slug: str) -> None:
    assert Client().get(f"/help/{slug}/").status_code == 404


@pytest.mark.parametrize(
    "question", ["", "<script>alert(1)</script>", '" onfocus="x', "a" * 5000, "\x00", "%"]
)
def test_no_question_becomes_part_of_the_page(db: None, question: str) -> None:
    answer = Client().get("/help/search/", {"q": question})
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "<script>alert" not in page
    assert 'onfocus="x' not in page


def test_hits_are_marked_and_lead_to_their_section(db: None) -> None:
    page = text_of(Client(), "/help/search/?q=umlaute")
    assert "<mark>Umlaute</mark>" in page
    assert "/help/set-up/#passphrase" in page


@pytest.mark.requirement("A84")
def test_what_an_administrator_adds_stands_in_the_help(sign_in: SignIn) -> None:
    client = sign_in(Role.ADMINISTRATOR)
    given = {**GIVEN, "note_de": "Bei uns <b>im Haus</b>.", "note_en": "Ours."}
    answer = client.post("/help/lists/link/add/", given)
    assert answer["Location"] == LISTS
    page = text_of(Client(), "/help/links/")
    assert (
        '<a href="https://intranet.office.example/" rel="noopener noreferrer">Intranet</a>' in page
    )
    assert "&lt;b&gt;im Haus&lt;/b&gt;" in page
    assert "Der Link steht in der Liste." in text_of(client, LISTS)


def test_an_entry_is_changed_moved_removed_and_the_list_restored(sign_in: SignIn) -> None:
    client = sign_in(Role.ADMINISTRATOR)
    changed = {**GIVEN, "title_de": "BAMF neu"}
    assert client.post("/help/lists/link/bamf/", changed)["Location"] == LISTS
    client.post("/help/lists/link/smime-io/move/", {"where": "up"})
    client.post("/help/lists/link/employment-agency/remove/")
    links = help_links.listed(HelpList.LINK).links
    assert [link.key for link in links] == ["bamf", "smime-io"]
    assert links[0].titles[Language.DE] == "BAMF neu"
    assert "mira@office.example" in text_of(client, LISTS)
    client.post("/help/lists/link/restore/")
    assert help_links.listed(HelpList.LINK).links == SHIPPED[HelpList.LINK]


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("url", "javascript:alert(1)", "Das ist keine Adresse einer Webseite."),
        ("url", "", "Dieses Feld ist zwingend erforderlich."),
        ("title_de", "a\u202eb", "Darin sind Zeichen, die man nicht sieht."),
    ],
)
def test_what_does_not_fit_is_said_beside_its_field(
    sign_in: SignIn, field: str, value: str, said: str
) -> None:
    client = sign_in(Role.ADMINISTRATOR)
    answer = client.post(
        "/help/lists/link/add/", {**GIVEN, field: value}, headers={"accept-language": "de"}
    )
    assert answer.status_code == 200
    page = answer.content.decode()
    assert said in page
    assert f'aria-describedby="id_{field}' in page
    assert help_links.listed(HelpList.LINK).changed_at is None


def test_a_full_list_says_so(sign_in: SignIn) -> None:
    draft = Draft(
        url=GIVEN["url"], titles=dict.fromkeys(Language, "x"), notes=dict.fromkeys(Language, "")
    )
    for _ in range(help_links.MAX_LINKS - 3):
        help_links.add(HelpList.LINK, draft, by="test", at=WORLD_NOW)
    answer = sign_in(Role.ADMINISTRATOR).post("/help/lists/link/add/", GIVEN)
    assert str(help_links.MAX_LINKS) in answer.content.decode()


@pytest.mark.parametrize("role", [Role.MEMBER, Role.CERTIFICATE_MANAGER])
@pytest.mark.parametrize(
    "path",
    ["", "link/add/", "link/bamf/", "link/bamf/move/", "link/bamf/remove/", "link/restore/"],
)
def test_only_administrators_keep_the_lists(sign_in: SignIn, role: Role, path: str) -> None:
    client = sign_in(role)
    method = client.post if path.endswith(("move/", "remove/", "restore/")) else client.get
    assert method(LISTS + path).status_code == 403
    assert 'href="/help/lists/"' not in text_of(client, "/help/")


@pytest.mark.parametrize("path", ["nonsense/add/", "link/nobody/", "nonsense/bamf/"])
def test_lists_and_entries_that_do_not_exist_are_not_found(sign_in: SignIn, path: str) -> None:
    assert sign_in(Role.ADMINISTRATOR).get(LISTS + path).status_code == 404


def test_an_entry_that_somebody_else_took_out_is_not_found(sign_in: SignIn) -> None:
    help_links.remove(HelpList.LINK, "bamf", by="other", at=WORLD_NOW)
    client = sign_in(Role.ADMINISTRATOR)
    for path in ("move/", "remove/"):
        assert client.post(f"/help/lists/link/bamf/{path}").status_code == 404


@pytest.mark.parametrize("path", ["move/", "remove/"])
def test_looking_changes_nothing(sign_in: SignIn, path: str) -> None:
    assert sign_in(Role.ADMINISTRATOR).get(f"/help/lists/link/bamf/{path}").status_code == 405


@pytest.mark.parametrize("path", ["/help/", "/help/links/", LISTS])
def test_the_number_of_queries_does_not_grow_with_the_list(sign_in: SignIn, path: str) -> None:
    client = sign_in(Role.ADMINISTRATOR)
    draft = Draft(
        url=GIVEN["url"], titles=dict.fromkeys(Language, "x"), notes=dict.fromkeys(Language, "")
    )
    text_of(client, path)  # a new session writes itself down once
    used = []
    for number in (1, 30):
        for _ in range(number):
            help_links.add(HelpList.LINK, draft, by="test", at=WORLD_NOW)
        with CaptureQueriesContext(connection) as queries:
            text_of(client, path)
        used.append(len(queries))
    assert used[0] == used[1]


def test_names_in_lists_are_harmless(sign_in: SignIn) -> None:
    hostile = "\u2713 <script>alert(1)</script> Geprüft"
    sign_in(Role.ADMINISTRATOR).post("/help/lists/link/add/", {**GIVEN, "title_de": hostile})
    page = text_of(sign_in(Role.ADMINISTRATOR), LISTS)
    assert "<script>alert" not in page
    assert plain(hostile) == "<script>alert(1)</script> Geprüft"
