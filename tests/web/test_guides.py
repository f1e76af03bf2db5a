"""The guides: on the partner site, inside the office, on paper, by mail."""

import html
import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Protocol

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import Settings

from siegel.base.address import EmailAddress
from siegel.flows import accounts, guide_paper, publishing, publishing_site
from siegel.policy.access import Capacity, Standing
from siegel.policy.actions import Action
from siegel.policy.roles import Role
from siegel.store.queries import journal
from siegel.wording.guides.model import Audience
from siegel.wording.guides.reading import PARTNER_GUIDES, all_guides
from siegel.wording.partner_site import SiteTexts
from siegel.wording.words import Language
from tests.browser.hostile import CANARY, HOSTILE
from tests.flows.office import ALICE, BOB, Office
from tests.web.conftest import SignIn

BY = "user:mira@office.example"
ROOT = "Siegel Test Root"


class Answer(Protocol):
    @property
    def content(self) -> bytes: ...


def text(answer: Answer) -> str:
    return html.unescape(answer.content.decode())


def plain(page: str) -> str:
    """Words as they are read."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


@pytest.fixture(autouse=True)
def _fresh_paper() -> None:
    guide_paper._made.cache_clear()


@pytest.fixture
def visitor(office: Office) -> Client:
    """Somebody outside, while the site is open and Alice's certificate is published."""
    publishing_site.open_(by=BY, at=office.at)
    publishing.publish([EmailAddress.parse(ALICE.address)], by=BY, at=office.at)
    return Client(headers={"accept-language": "de"})


def name_the_office(office: Office, name: str) -> None:
    written = publishing_site.as_written()
    texts = {each: replace(SiteTexts(), name=name) for each in Language}
    publishing_site.save(replace(written, texts=texts), by=BY, at=office.at)


def paper_of(client: Client, slug: str = "thunderbird", language: str = "de") -> bytes:
    answer = client.get(reverse("guides:pdf", kwargs={"slug": slug, "language": language}))
    assert answer["Content-Type"] == "application/pdf"
    return answer.content


def read(pdf: bytes, folder: Path, *options: str) -> str:
    """Text, or facts, as a program reads them that we did not write."""
    file = folder / "guide.pdf"
    file.write_bytes(pdf)
    program = "pdftotext" if not options else options[0]
    asked = ["-layout", str(file), "-"] if not options else [*options[1:], str(file)]
    found = shutil.which(program)
    assert found, f"{program} is missing: apt install poppler-utils"
    return subprocess.run([found, *asked], capture_output=True, text=True, check=True).stdout


@pytest.mark.requirement("B5", "B7", "B26", "B45")
def test_the_list_names_every_program(visitor: Client) -> None:
    page = text(visitor.get(reverse("guides:list")))
    for guide in all_guides(Audience.PARTNER, Language.DE):
        assert guide.name in page
        assert reverse("guides:program", args=[guide.slug]) in page
    assert "wie eine Postkarte" in page


@pytest.mark.requirement("B2", "B10", "B25", "B27", "B37", "B40", "B41", "B42", "B43", "B44")
@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("slug", PARTNER_GUIDES)
def test_each_guide_leads_from_the_first_file_to_daily_use(
    visitor: Client, slug: str, language: Language
) -> None:
    address = reverse("guides:program", args=[slug])
    answer = visitor.get(address, headers={"accept-language": language.value})
    page = answer.content.decode()
    assert f'<html lang="{language}">' in page
    guide = next(g for g in all_guides(Audience.PARTNER, language) if g.slug == slug)
    for step in guide.steps:
        assert html.escape(step.title) in page
    assert page.count('role="img"') == len(guide.steps)
    assert guide.tested in html.unescape(page)
    assert re.search(r"{(office|address|site|file|root_file)}", page) is None


@pytest.mark.requirement("B29", "B30", "B31", "B32")
def test_the_chain_stands_there_with_its_fingerprint_and_its_file(
    visitor: Client, office: Office
) -> None:
    page = visitor.get(reverse("guides:program", args=["outlook"])).content.decode()
    (root,) = [each for each in publishing.chain_files(office.at) if each.is_self_issued]
    groups = re.findall(r"<span>([0-9A-F]{4})</span>", page)
    assert root.fingerprint.upper() in "".join(groups)
    assert f"{root.fingerprint}.cer" in page


@pytest.mark.requirement("B24", "B28")
def test_who_writes_to_one_address_gets_the_file_of_that_address(visitor: Client) -> None:
    address = reverse("guides:program", args=["thunderbird"])
    named = text(visitor.get(address, {"address": ALICE.address}))
    assert f"Zertifikat von {ALICE.address}" in named
    assert f"einen Kontakt für {ALICE.address}" in plain(named)
    assert f"?address={ALICE.address.replace('@', '%40')}" in named


def test_an_address_that_nobody_published_is_not_confirmed(visitor: Client) -> None:
    """The page for it is the page for an address that does not exist."""
    address = reverse("guides:program", args=["thunderbird"])
    pages = [
        visitor.get(address, {"address": asked})
        .content.decode()
        .replace(asked.replace("@", "%40"), "X")
        for asked in (BOB.address, "niemand@office.example")
    ]
    assert pages[0] == pages[1]


def test_a_closed_site_shows_no_guide(office: Office) -> None:
    del office
    for path in (
        reverse("guides:list"),
        reverse("guides:program", args=["thunderbird"]),
        reverse("guides:pdf", args=["thunderbird", "de"]),
    ):
        assert Client().get(path).status_code == 404


@pytest.mark.parametrize(
    "path", ["nobody/", "office-outlook/", "nobody/de.pdf", "office-outlook/de.pdf",
             "thunderbird/fr.pdf"],
)  # fmt: skip
def test_what_is_no_guide_for_partners_is_not_found(visitor: Client, path: str) -> None:
    assert visitor.get(reverse("guides:list") + path).status_code == 404


@pytest.mark.requirement("B1", "B3", "B4", "B27")
@pytest.mark.parametrize("language", Language)
def test_paper_is_tagged_in_its_language_and_says_what_the_page_says(
    visitor: Client, tmp_path: Path, language: Language
) -> None:
    pdf = paper_of(visitor, language=language.value)
    assert re.search(rb"/Lang ?\(%s\)" % language.value.encode(), pdf)
    facts = read(pdf, tmp_path, "pdfinfo")
    assert re.search(r"Tagged:\s+yes", facts)
    assert re.search(r"Page size:.*A4", facts)
    assert "pdfuaid" in read(pdf, tmp_path, "pdfinfo", "-meta")
    words = " ".join(read(pdf, tmp_path).split())
    guide = next(g for g in all_guides(Audience.PARTNER, language) if g.slug == "thunderbird")
    for step in guide.steps:
        assert step.title in words
    texts = publishing_site.site().texts[language]
    assert texts.disclaimer[:40] in words
    assert texts.legal_note[:30] in words
    assert "http://testserver/partner/guides/thunderbird/" in words


def test_paper_shows_the_fingerprint(visitor: Client, office: Office, tmp_path: Path) -> None:
    (root,) = [each for each in publishing.chain_files(office.at) if each.is_self_issued]
    words = "".join(read(paper_of(visitor), tmp_path).split())
    assert root.fingerprint.upper()[:32] in words


def test_the_same_guide_is_the_same_octets_and_made_once(
    visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = paper_of(visitor)
    guide_paper._made.cache_clear()
    assert paper_of(visitor) == first
    assert guide_paper._made.cache_info().misses == 1
    paper_of(visitor)
    assert guide_paper._made.cache_info().misses == 1


@pytest.mark.parametrize(
    "name", [*HOSTILE, '#read("/etc/passwd")', "]#panic()[", "\\u{0} ﷽ 漢字 😀"]
)
def test_hostile_names_stay_text_on_page_and_paper(
    visitor: Client, office: Office, tmp_path: Path, name: str
) -> None:
    name_the_office(office, name)
    page = visitor.get(reverse("guides:program", args=["outlook"])).content.decode()
    assert f"<{CANARY}" not in page
    words = read(paper_of(visitor, "outlook"), tmp_path)
    assert "root:" not in words
    assert "Zwei Dateien laden" in words


def test_a_guide_that_is_too_long_is_not_printed(
    visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guide_paper, "LONGEST", 100)
    visitor.raise_request_exception = False
    assert visitor.get(reverse("guides:pdf", args=["gmail", "de"])).status_code in (413, 500)
    assert guide_paper._made.cache_info().misses == 0


def test_pages_of_guides_ask_the_store_as_often_for_many_addresses(
    visitor: Client, office: Office
) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            visitor.get(reverse("guides:program", args=["gmail"]))
        return len(queries)

    few = asked()
    publishing.publish([EmailAddress.parse(BOB.address)], by=BY, at=office.at)
    assert asked() == few


@pytest.mark.requirement("B6", "B16", "B17")
def test_the_staff_has_guides_of_its_own(sign_in: SignIn, tmp_path: Path) -> None:
    client = sign_in(Role.MEMBER)
    page = text(client.get(reverse("office_guides:list")))
    assert "Im Haus mit Outlook" in page
    assert "Die Partnerseite ist geschlossen" in page
    one = plain(client.get(reverse("office_guides:one", args=["office-outlook"])).content.decode())
    assert "Vertraulichkeit" in one
    pdf = client.get(reverse("office_guides:pdf", args=["office-own-program", "de"])).content
    assert "Geben Sie die Datei niemals weiter" in " ".join(read(pdf, tmp_path).split())
    assert client.get(reverse("office_guides:one", args=["nobody"])).status_code == 404
    assert Client().get(reverse("office_guides:list")).status_code == 302


CHOSEN = {
    "to": "frau.huber@school.example",
    "program": "thunderbird",
    "language": "de",
    "sender": ALICE.address,
}


@pytest.mark.requirement("A31", "A51", "B14", "B39")
def test_a_guide_is_looked_at_and_then_sent_signed(sign_in: SignIn, office: Office) -> None:
    client = sign_in(Role.CERTIFICATE_MANAGER)
    address = reverse("office_guides:send")
    assert "frau.huber@school.example" in text(client.get(address, {"to": CHOSEN["to"]}))
    seen = text(client.post(address, {**CHOSEN, "look": ""}))
    assert "Verschlüsselt schreiben: Anleitung für Thunderbird" in seen
    assert "thunderbird-de.pdf" in seen
    assert office.out.sent == []
    assert "ist unterwegs" in text(client.post(address, {**CHOSEN, "send": ""}, follow=True))
    (sent,) = office.out.sent
    assert b"multipart/signed" in sent.content[: sent.content.index(b"\r\n\r\n")]
    raw = sent.content.decode("latin-1")
    assert re.search(r'filename="?thunderbird-de.pdf', raw)
    assert re.search(rf'filename="?{re.escape(ALICE.address)}.cer', raw)
    assert raw.count("Content-Type: application/pkix-cert") >= 2, "the root comes along"
    assert "per E-Mail bekommen" in seen, "the site is closed"
    entry = journal.read(action=Action.GUIDE_SENT)[0]
    assert entry.detail["guide"] == "thunderbird"


def test_only_a_signed_guide_leaves(sign_in: SignIn, office: Office) -> None:
    """Nothing is sent in the name of an account without a certificate to give."""
    client = sign_in(Role.CERTIFICATE_MANAGER)
    asked = {**CHOSEN, "sender": "niemand@office.example", "send": ""}
    assert "id_sender_error" in text(client.post(reverse("office_guides:send"), asked))
    assert office.out.sent == []


def test_members_send_for_accounts_that_they_write_for(sign_in: SignIn, office: Office) -> None:
    client = sign_in(Role.MEMBER)
    page = text(client.get(reverse("office_guides:send")))
    assert "Keines Ihrer Konten" in page
    assert ALICE.address not in page
    standing = Standing(capacity=Capacity.OWNER, since=office.at, until=None)
    mira, account = EmailAddress.parse("mira@office.example"), EmailAddress.parse(ALICE.address)
    accounts.admit(account, mira, standing, by=BY, at=office.at)
    page = text(client.get(reverse("office_guides:send")))
    assert ALICE.address in page
    assert BOB.address not in page


def test_a_printed_address_is_that_of_the_sites_own_host(
    visitor: Client, settings: Settings, tmp_path: Path
) -> None:
    own = replace(settings.SIEGEL.directory, hosts=("smime.office.example",))
    settings.SIEGEL = replace(settings.SIEGEL, directory=own)
    words = " ".join(read(paper_of(visitor), tmp_path).split())
    assert "https://smime.office.example/partner/guides/thunderbird/" in words
