"""The pages of checklists: made, worked off, due again, deleted."""

import html
from typing import Protocol

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from siegel.flows import checklists
from siegel.policy.checklists import StepKind
from siegel.policy.roles import Role
from tests.browser.hostile import CANARY, HOSTILE
from tests.flows.office import ALICE, Office
from tests.web.conftest import SignIn
from tests.world import WORLD


class Answer(Protocol):
    @property
    def content(self) -> bytes: ...


def text(answer: Answer) -> str:
    return html.unescape(answer.content.decode())


@pytest.fixture
def manager(sign_in: SignIn) -> Client:
    return sign_in(Role.CERTIFICATE_MANAGER)


def make(client: Client, **given: str) -> str:
    values = {"counterpart": "employment_agency", "account": ALICE.address, **given}
    return text(client.post(reverse("checklists:new"), values, follow=True))


def the_list(office: Office) -> checklists.ChecklistState:
    return checklists.listing(office.at)[0]


def address_of(view: str, office: Office, kind: StepKind) -> str:
    state = the_list(office)
    step = next(each.row.id for each in state.steps if each.row.kind is kind)
    return reverse(f"checklists:{view}", args=[state.row.id, step])


@pytest.mark.requirement("A45", "A55", "A84")
def test_a_list_shows_every_step_and_offers_the_right_file(manager: Client, office: Office) -> None:
    page = make(manager)
    for words in ("Bundesagentur für Arbeit", "Ansprechpartner fragen", "Einladung abwarten",
                  "Zertifikat hochladen", "konnten wir nicht prüfen"):  # fmt: skip
        assert words in page
    current = the_list(office).current
    assert current is not None
    file = reverse("certificates:export", args=[current.fingerprint, "der"])
    assert file in page
    assert b"PRIVATE" not in manager.get(file).content


def test_a_step_is_done_with_a_note_and_open_again(manager: Client, office: Office) -> None:
    make(manager)
    done = address_of("done", office, StepKind.UPLOAD)
    page = text(manager.post(done, {"note": "Frau Sommer"}, follow=True))
    assert "Der Schritt ist erledigt." in page
    assert "Frau Sommer" in page
    assert "1 von 6 erledigt" in text(manager.get(reverse("checklists:list")))
    page = text(manager.post(address_of("reopen", office, StepKind.UPLOAD), follow=True))
    assert "wieder offen" in page
    assert "Frau Sommer" not in page


def test_after_a_renewal_the_list_says_so(manager: Client, office: Office) -> None:
    make(manager)
    manager.post(address_of("done", office, StepKind.UPLOAD))
    office.key(WORLD.person("alice_rekeyed"))
    assert "Wieder fällig" in text(manager.get(reverse("checklists:list")))
    number = the_list(office).row.id
    assert "Tun Sie es mit dem neuen noch einmal" in text(
        manager.get(reverse("checklists:one", args=[number]))
    )


def test_own_steps_are_added_and_taken_out(manager: Client, office: Office) -> None:
    make(manager, counterpart="own", title="Kreisportal", page="https://portal.example/")
    number = the_list(office).row.id
    add = reverse("checklists:add", args=[number])
    page = text(manager.post(add, {"title": "Anrufen", "text": "Vormittags"}, follow=True))
    assert "1. <bdi>Anrufen</bdi>" in page
    assert "https://portal.example/" in page
    assert "braucht einen kurzen Namen" in text(manager.post(add, {"title": ""}, follow=True))
    gone = manager.post(address_of("remove_step", office, StepKind.OWN), follow=True)
    assert "Anrufen</bdi>" not in text(gone)


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"page": "javascript:alert(1)"}, "keine Adresse einer Webseite"),
        ({"account": "fremd@partner.example"}, "id_account_error"),
        ({"counterpart": "nobody"}, "id_counterpart_error"),
    ],
)
def test_what_is_no_list_is_refused_at_its_field(
    manager: Client, office: Office, changed: dict[str, str], why: str
) -> None:
    assert why in make(manager, **changed)
    assert checklists.listing(office.at) == ()


def test_a_list_is_deleted_after_a_question(manager: Client, office: Office) -> None:
    make(manager)
    number = the_list(office).row.id
    remove = reverse("checklists:remove", args=[number])
    assert "bleibt im Journal" in text(manager.get(remove))
    assert "gelöscht" in text(manager.post(remove, follow=True))
    for view in ("one", "remove"):
        assert manager.get(reverse(f"checklists:{view}", args=[number])).status_code == 404


def test_members_have_no_lists(sign_in: SignIn, office: Office) -> None:
    del office
    client = sign_in(Role.MEMBER)
    for view in ("list", "new"):
        assert client.get(reverse(f"checklists:{view}")).status_code == 403


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_stay_text(manager: Client, office: Office, name: str) -> None:
    make(manager, counterpart="own", title=name)
    number = the_list(office).row.id
    manager.post(
        reverse("checklists:add", args=[number]), {"title": name, "text": name}, follow=True
    )
    step = the_list(office).steps[0].row.id
    manager.post(reverse("checklists:done", args=[number, step]), {"note": name})
    for view in ("list", "one", "remove"):
        arguments = [] if view == "list" else [number]
        page = manager.get(reverse(f"checklists:{view}", args=arguments)).content.decode()
        assert f"<{CANARY}" not in page


def test_ten_lists_ask_the_store_no_more_often_than_two(manager: Client) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            manager.get(reverse("checklists:list"))
        return len(queries)

    for _ in range(2):
        make(manager)
    few = asked()
    for _ in range(8):
        make(manager)
    assert asked() == few


def test_it_is_all_in_english_too(manager: Client) -> None:
    manager.cookies["django_language"] = "en"
    page = text(
        manager.post(
            reverse("checklists:new"),
            {"counterpart": "bamf", "account": ALICE.address},
            follow=True,
            headers={"accept-language": "en"},
        )
    )
    assert "Federal Office for Migration" in page
    assert "Upload the certificate in the portal" in page
