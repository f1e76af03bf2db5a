"""The tour of the demo: six steps, ticked by what really happened; nothing of it elsewhere."""

from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from siegel.base.address import EmailAddress
from siegel.base.secret import Secret
from siegel.flows import accounts, deciding, filing, importing
from siegel.flows.filing import Arrival
from siegel.flows.people import Role
from siegel.flows.trusting import standing
from siegel.serve.demonstration import cast, places
from siegel.serve.demonstration.places import Places
from siegel.store import tour_files
from siegel.store.mail_rows import Flags
from siegel.store.queries import locked, mail_folders
from siegel.store.queries.mail_folders import FolderRole
from siegel.store.tour_files import Exhibit
from tests.flows.office import Office, mail
from tests.web.conftest import SignIn


@pytest.fixture
def exhibit(office: Office, settings: Settings, tmp_path: Path) -> Exhibit:
    del office
    here = Places(tmp_path / "demo")
    places.lay_out(here)
    cast.prepare_tour(here, datetime.now(UTC))
    settings.SIEGEL_DATA_DIR = here.data
    settings.SIEGEL = replace(settings.SIEGEL, web=replace(settings.SIEGEL.web, demo=True))
    found = tour_files.read(here.data)
    assert found is not None
    return found


def bar(client: Client, language: str = "de") -> str:
    page = client.get("/me/", headers={"accept-language": language}).content.decode()
    if '<aside class="tour"' not in page:
        return ""
    return page.partition('<aside class="tour"')[2].partition("</aside>")[0]


def go(client: Client, what: str, **more: str) -> str:
    answer = client.post("/tour/", {"do": what, **more})
    assert answer.status_code == 302
    return str(answer["Location"])


def test_the_tour_begins_by_itself_and_goes_through_six_steps(
    sign_in: SignIn, exhibit: Exhibit
) -> None:
    client = sign_in(Role.ADMINISTRATOR)
    said = []
    for number in range(1, 7):
        shown = bar(client)
        assert f"Rundgang, Schritt {number} von 6" in shown
        said.append(shown)
        go(client, "next")
    assert exhibit.file in said[0]
    assert exhibit.passphrase in said[1]
    assert exhibit.root[:4].upper() in said[2]
    assert exhibit.recipient in said[5]
    assert "Das war der Rundgang." in bar(client)


def test_the_tour_speaks_english_too(sign_in: SignIn, exhibit: Exhibit) -> None:
    del exhibit
    assert "Tour, step 1 of 6" in bar(sign_in(Role.MEMBER), "en")


def test_steps_are_ticked_by_what_really_happened(
    sign_in: SignIn, exhibit: Exhibit, office: Office, settings: Settings
) -> None:
    client, now = sign_in(Role.ADMINISTRATOR), datetime.now(UTC)
    data = tour_files.content(settings.SIEGEL_DATA_DIR, exhibit)
    assert sha256(data).hexdigest() == exhibit.sha256
    assert "Geschafft" not in bar(client)
    locked.add("carla.p12", data, by="test", at=now)
    assert "Geschafft" in bar(client)
    go(client, "next")
    assert "Geschafft" not in bar(client)
    importing.import_file(
        data, Secret(exhibit.passphrase.encode()), office.site.vault, by="test", at=now
    )
    assert "Geschafft" in bar(client)
    go(client, "next")
    assert "Geschafft" not in bar(client)
    deciding.trust_by_hand(
        exhibit.root, exhibit.root, channel="Telefon", why="", domains=(), by="test", at=now
    )
    assert "Geschafft" in bar(client)
    go(client, "next")
    assert "Geschafft" not in bar(client)
    read_mail(EmailAddress.parse(exhibit.sender), office)
    assert "Geschafft" in bar(client)


def read_mail(account: EmailAddress, office: Office) -> None:
    accounts.create(account, "", by="test", at=office.at)
    folder = mail_folders.ensure(account, "INBOX", role=FolderRole.INBOX)
    arrival = Arrival(
        account=account,
        folder=folder.id,
        raw=mail("frau.huber@school.example", str(account)),
        received_at=office.at,
        flags=Flags(seen=True),
    )
    filing.file(arrival, office.site, at=office.at)


def test_the_file_of_the_tour_can_be_saved(
    sign_in: SignIn, exhibit: Exhibit, settings: Settings
) -> None:
    answer = sign_in(Role.MEMBER).get("/tour/file/")
    assert answer.content == tour_files.content(settings.SIEGEL_DATA_DIR, exhibit)
    assert answer["Content-Disposition"] == 'attachment; filename="carla.p12"'
    assert Client().get("/tour/file/").status_code == 302


def test_everybody_has_a_place_of_his_own_and_may_go_back(
    sign_in: SignIn, exhibit: Exhibit
) -> None:
    del exhibit
    mira, carl = sign_in(Role.MEMBER), sign_in(Role.MEMBER, "carl@office.example")
    go(mira, "next")
    go(mira, "next")
    go(mira, "back")
    assert "Schritt 2" in bar(mira)
    assert "Schritt 1" in bar(carl)
    for _ in range(3):
        go(carl, "back")
    assert "Schritt 1" in bar(carl)


def test_who_ended_it_does_not_see_it_and_can_begin_anew(sign_in: SignIn, exhibit: Exhibit) -> None:
    del exhibit
    client = sign_in(Role.MEMBER)
    go(client, "next")
    go(client, "close")
    assert bar(client) == ""
    assert "Rundgang beginnen" in client.get("/help/").content.decode()
    go(client, "begin")
    assert "Schritt 1" in bar(client)


@pytest.mark.parametrize("there", ["https://evil.example/", "//evil.example", "javascript:x", ""])
def test_a_step_leads_to_no_foreign_address(sign_in: SignIn, exhibit: Exhibit, there: str) -> None:
    del exhibit
    client = sign_in(Role.MEMBER)
    assert go(client, "close", next=there) == "/"
    assert go(client, "close", next="/me/") == "/me/"


def test_a_step_leads_to_the_page_where_it_is_done(sign_in: SignIn, exhibit: Exhibit) -> None:
    del exhibit
    client = sign_in(Role.ADMINISTRATOR)
    assert go(client, "next", next="/me/") == "/certificates/"
    assert go(client, "next", next="/me/") == "/trust/"
    assert go(client, "next", next="/me/") in ("/mail/", "/me/")
    assert go(client, "next", next="/me/") == "/journal/"
    asked = "/rules/explain/?sender=carla%40office.example&to=herr.neu%40verein.example"
    assert go(client, "next", next="/me/") == asked
    assert "herr.neu" in client.get(asked).content.decode()
    assert go(client, "back", next="/me/") == "/journal/"
    go(client, "next")
    assert go(client, "next", next="/me/") == "/me/"


def test_outside_a_demo_there_is_no_tour(sign_in: SignIn) -> None:
    client = sign_in(Role.ADMINISTRATOR)
    assert bar(client) == ""
    assert client.get("/tour/file/").status_code == 404
    assert client.post("/tour/", {"do": "next"}).status_code == 404
    assert "Rundgang" not in client.get("/help/").content.decode()


def test_a_demo_without_the_files_has_no_tour_and_works(
    sign_in: SignIn, settings: Settings
) -> None:
    settings.SIEGEL = replace(settings.SIEGEL, web=replace(settings.SIEGEL.web, demo=True))
    assert bar(sign_in(Role.MEMBER)) == ""


def test_nobody_trusts_the_authority_of_the_tour_before_somebody_decides(
    exhibit: Exhibit, office: Office
) -> None:
    anchors = standing(office.at).anchors(office.at).anchors
    assert exhibit.root not in {anchor.certificate.fingerprint for anchor in anchors}
