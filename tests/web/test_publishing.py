"""The administrator's side of the partner site: what is chosen, how it looks, the record."""

import struct
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from siegel.base.address import EmailAddress
from siegel.flows import accounts, publishing, publishing_site
from siegel.policy.actions import Action
from siegel.policy.roles import Role
from siegel.store.queries import journal
from siegel.wording.words import Language
from tests.flows.office import ALICE, BOB, Office
from tests.web.conftest import SignIn

BY = "user:mira@office.example"
A, B = EmailAddress.parse(ALICE.address), EmailAddress.parse(BOB.address)
COLOURS = {"colour": "#20447c", "colour_dark": "#a3c1f4"}


def picture() -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + body))
        return struct.pack(">I4s", len(body), kind) + body + check

    header = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"\0\x7f\x1d\x35")
    parts = (chunk(b"IHDR", header), chunk(b"IDAT", pixels), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


@pytest.fixture
def manager(sign_in: SignIn) -> Client:
    return sign_in(Role.CERTIFICATE_MANAGER)


@pytest.fixture
def administrator(sign_in: SignIn) -> Client:
    return sign_in(Role.ADMINISTRATOR)


class TestChoosing:
    @pytest.mark.requirement("A55")
    @pytest.mark.requirement("B23")
    def test_nothing_is_published_before_somebody_chooses_it(
        self, manager: Client, office: Office
    ) -> None:
        page = manager.get("/publishing/").content.decode()
        assert page.count("Nicht veröffentlicht") == 2
        assert publishing.all_published(office.at) == ()

    def test_what_is_chosen_is_published_and_in_the_journal(
        self, manager: Client, office: Office
    ) -> None:
        chosen = {"address": [str(A), str(B)], "act": "publish"}
        manager.post("/publishing/change/", chosen)
        assert {one.address for one in publishing.all_published(office.at)} == {A, B}
        (entry,) = journal.read(action=Action.DIRECTORY_PUBLISHED)
        assert set(entry.recipients) == {str(A), str(B)}
        manager.post("/publishing/change/", {"address": [str(A)], "act": "withdraw"})
        assert {one.address for one in publishing.all_published(office.at)} == {B}

    @pytest.mark.parametrize("address", ["", "x", "frau.huber@school.example", "a@b\x00.example"])
    def test_what_is_not_ours_cannot_be_published(self, manager: Client, address: str) -> None:
        answer = manager.post("/publishing/change/", {"address": address, "act": "publish"})
        assert answer.status_code == 302
        assert publishing.count() == 0

    def test_a_member_sees_nothing_of_it(self, sign_in: SignIn) -> None:
        member = sign_in(Role.MEMBER, "otto@office.example")
        for path in ("/publishing/", "/publishing/site/", f"/publishing/record/{A}/"):
            assert member.get(path).status_code == 403

    def test_a_renewal_needs_nobody(self, manager: Client, office: Office) -> None:
        """What is handed out is asked for each time; the page says so."""
        publishing.publish([A], by=BY, at=office.at)
        page = manager.get("/publishing/").content.decode()
        assert "Eine Erneuerung braucht hier nichts" in page

    def test_an_address_without_a_certificate_says_that_nothing_is_handed_out(
        self, manager: Client, office: Office
    ) -> None:
        bare = EmailAddress.parse("leer@office.example")
        accounts.create(bare, "Leer", by=BY, at=office.at)
        publishing.publish([bare], by=BY, at=office.at)
        page = manager.get("/publishing/", {"q": "leer"}).content.decode()
        assert "Veröffentlicht, aber nichts auszugeben" in page

    def test_the_number_of_queries_does_not_grow_with_accounts(
        self, manager: Client, office: Office
    ) -> None:
        def asked() -> int:
            with CaptureQueriesContext(connection) as queries:
                manager.get("/publishing/")
            return len(queries)

        asked()  # the first visit of a session notes it
        before = asked()
        for number in range(20):
            address = EmailAddress.parse(f"konto{number}@office.example")
            accounts.create(address, "", by=BY, at=office.at)
            publishing.publish([address], by=BY, at=office.at)
        assert asked() == before


class TestTheSite:
    @pytest.mark.requirement("B1")
    @pytest.mark.requirement("B4")
    @pytest.mark.requirement("B35")
    def test_texts_contact_and_colours_are_what_partners_see(self, administrator: Client) -> None:
        said = {
            **COLOURS,
            "name_de": "Landratsamt Musterthal",
            "contact_address": "smime@office.example",
            "contact_phone": "09999 555-0",
            "contact_de": "Zimmer 12",
            "disclaimer_de": "Eigene Worte <b>fett</b>.",
            "legal_note_de": "Es gilt das Recht am Ort.",
            "imprint_url": "https://www.office.example/impressum",
        }
        assert administrator.post("/publishing/site/", said).status_code == 302
        administrator.post("/publishing/open/", {"act": "open"})
        page = Client(headers={"accept-language": "de"}).get("/partner/").content.decode()
        for shown in (
            "Landratsamt Musterthal", "smime<wbr>@office.example", "09999 555-0", "Zimmer 12",
            "Eigene Worte &lt;b&gt;fett&lt;/b&gt;.", "Es gilt das Recht am Ort.",
            "https://www.office.example/impressum",
        ):  # fmt: skip
            assert shown in page

    def test_a_preset_that_nobody_changed_is_not_kept(self, administrator: Client) -> None:
        shown = administrator.get("/publishing/site/").context["form"].initial
        administrator.post("/publishing/site/", {k: v for k, v in shown.items() if v})
        assert publishing_site.as_written().texts[Language.DE].disclaimer == ""

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("colour", "#ffe066"),
            ("colour", "red;} body{display:none"),
            ("colour_dark", "#111111"),
            ("imprint_url", "javascript:alert(1)"),
            ("privacy_url", "https://user@evil.example/"),
            ("contact_address", "nobody"),
        ],
    )
    def test_what_cannot_be_shown_is_refused_beside_its_field(
        self, administrator: Client, field: str, value: str
    ) -> None:
        answer = administrator.post("/publishing/site/", {**COLOURS, field: value})
        assert answer.status_code == 200
        assert field in answer.context["form"].errors
        assert publishing_site.as_written().changed_at is None

    def test_a_manager_chooses_but_does_not_change_the_page(self, manager: Client) -> None:
        assert manager.get("/publishing/site/").status_code == 403
        assert manager.post("/publishing/open/", {"act": "open"}).status_code == 403

    def test_a_picture_is_taken_shown_and_removed(self, administrator: Client) -> None:
        file = SimpleUploadedFile("wappen.png", picture(), "image/png")
        administrator.post("/publishing/site/logo/", {"logo": file, "act": "put"})
        answer = Client().get("/partner/logo.png")
        assert (answer.content, answer["Content-Type"]) == (picture(), "image/png")
        administrator.post("/publishing/site/logo/", {"act": "remove"})
        assert Client().get("/partner/logo.png").status_code == 404

    def test_a_drawing_with_scripts_is_refused(self, administrator: Client) -> None:
        svg = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
        file = SimpleUploadedFile("wappen.png", svg, "image/png")
        answer = administrator.post("/publishing/site/logo/", {"logo": file, "act": "put"})
        assert "Das ist kein PNG-Bild" in answer.content.decode()
        assert publishing_site.logo() is None


class TestTheRecord:
    def test_the_text_names_the_address_and_warns(self, manager: Client) -> None:
        page = manager.get(f"/publishing/record/{A}/").content.decode()
        assert "._smimecert.office.example. 3600 IN SMIMEA 3 0 0 (" in page
        assert "IN TYPE53" in page
        assert "NSEC3" in page

    @pytest.mark.parametrize("address", ["nobody@office.example", "frau.huber@school.example", "x"])
    def test_there_is_none_for_others(self, manager: Client, address: str) -> None:
        assert manager.get(f"/publishing/record/{address}/").status_code == 404
