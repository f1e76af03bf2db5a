"""People: only administrators, invitations by a link that works once, nobody locks the house."""

import re
from dataclasses import replace

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from siegel.base.address import EmailAddress
from siegel.base.secret import Secret
from siegel.flows import people
from siegel.policy.roles import Role
from siegel.store import models
from siegel.store.queries import journal, users
from siegel.web import running
from tests.flows.office import ALICE, Office
from tests.web.conftest import SignIn
from tests.world import WORLD_NOW as NOW

EVA = EmailAddress.parse("eva@office.example")
PASSWORD = "ein langer Satz als Passwort"
ME = EmailAddress.parse("mira@office.example")


def page(client: Client, path: str, code: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == code, (path, answer.status_code)
    return answer.content.decode()


@pytest.fixture
def admin(sign_in: SignIn) -> Client:
    return sign_in(Role.ADMINISTRATOR)


def link_in(text: str) -> str:
    (path,) = set(re.findall(r"/people/welcome/[0-9a-f]{64}/", text))
    return str(path)


def invited(admin: Client, **more: object) -> str:
    form = {"email": str(EVA), "name": "Eva", "roles": ["member"], **more}
    answer = admin.post("/people/invite/", form)
    assert answer.status_code == 200
    return link_in(answer.content.decode())


@pytest.mark.parametrize("role", [Role.MEMBER, Role.CERTIFICATE_MANAGER])
@pytest.mark.parametrize(
    "path", ["", "invite/", "{me}/", "{me}/roles/", "{me}/link/", "{me}/active/",
             "{me}/second-factor/"],
)  # fmt: skip
def test_nobody_but_administrators_sees_or_changes_people(
    sign_in: SignIn, role: Role, path: str
) -> None:
    client = sign_in(role)
    where = "/people/" + path.format(me=ME)
    assert client.get(where).status_code == 403
    assert client.post(where, {"roles": ["administrator"]}).status_code in (403, 405)
    assert users.find(ME, at=NOW).roles == {role}


def test_an_invitation_is_mailed_and_its_link_sets_a_password_once(
    office: Office, admin: Client
) -> None:
    running.install(replace(office.site, notices_from=EmailAddress.parse(ALICE.address)))
    link = invited(admin)
    assert office.out.sent[0].recipients == (str(EVA),)
    stranger = Client()
    form = {"name": "Eva Ernst", "password": PASSWORD, "again": PASSWORD}
    assert "eva@office.example" in page(stranger, link)
    assert stranger.post(link, form).status_code == 302
    assert users.check_password(EVA, Secret(PASSWORD))
    assert users.find(EVA, at=NOW).display_name == "Eva Ernst"
    assert "öffnet nichts" in page(stranger, link, 404)
    assert stranger.post(link, form).status_code == 404
    assert "user.password_set" in [row.action for row in journal.read()]


@pytest.mark.parametrize(
    ("form", "words"),
    [
        pytest.param({"password": "kurz", "again": "kurz"}, "zwölf|12", id="short"),
        pytest.param({"password": PASSWORD, "again": PASSWORD + "x"}, "nicht gleich", id="other"),
        pytest.param({"password": "passwordpassword"[:12], "again": ""}, "", id="empty_again"),
    ],
)
def test_a_password_that_will_not_do_leaves_the_link_good(
    admin: Client, form: dict[str, str], words: str
) -> None:
    link = invited(admin)
    answer = Client().post(link, form)
    assert answer.status_code == 200
    assert re.search(words, answer.content.decode())
    assert Client().get(link).status_code == 200
    assert users.find(EVA, at=NOW).waits


def test_a_link_that_cannot_be_mailed_is_shown_all_the_same(admin: Client) -> None:
    answer = admin.post("/people/invite/", {"email": str(EVA), "roles": ["member"]})
    assert "Geben Sie den Link selbst weiter" in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]


def test_a_person_is_not_invited_twice_nor_without_a_role(admin: Client) -> None:
    invited(admin)
    again = admin.post("/people/invite/", {"email": str(EVA), "roles": ["member"]})
    assert "gibt es schon" in again.content.decode()
    none = admin.post("/people/invite/", {"email": "x@office.example"})
    assert none.status_code == 200
    assert "x@office.example" not in [str(row.email) for row in users.list_all(at=NOW)]


def test_roles_are_changed_and_the_last_administrator_stays(admin: Client) -> None:
    invited(admin)
    admin.post(f"/people/{EVA}/roles/", {"roles": ["certificate_manager"]})
    assert users.find(EVA, at=NOW).roles == {Role.CERTIFICATE_MANAGER}
    alone = admin.post(f"/people/{ME}/roles/", {"roles": ["member"]})
    assert "Sonst verwaltet niemand" in alone.content.decode()
    answer = admin.post(f"/people/{ME}/active/", follow=True)
    assert "Sonst verwaltet niemand" in answer.content.decode()
    assert users.find(ME, at=NOW).roles == {Role.ADMINISTRATOR}


def test_who_is_deactivated_is_out_at_once_and_comes_back_by_a_new_link(
    admin: Client, sign_in: SignIn
) -> None:
    eva = sign_in(Role.MEMBER, str(EVA))
    assert eva.get("/accounts/").status_code == 200
    admin.post(f"/people/{EVA}/active/")
    assert eva.get("/accounts/").status_code == 302
    assert "Entsperren Sie" in admin.post(f"/people/{EVA}/link/", follow=True).content.decode()
    admin.post(f"/people/{EVA}/active/")
    link = link_in(admin.post(f"/people/{EVA}/link/").content.decode())
    assert Client().get(link).status_code == 200


def test_a_lost_second_factor_is_removed(admin: Client, sign_in: SignIn) -> None:
    from allauth.mfa.models import Authenticator

    sign_in(Role.MEMBER, str(EVA))
    user = models.User.objects.get(email=str(EVA))
    Authenticator.objects.create(user=user, type="totp", data={"secret": "sealed"})
    admin.post(f"/people/{EVA}/second-factor/")
    assert not Authenticator.objects.exists()
    assert journal.read(action="user.second_factor_reset")[0].detail == {"removed": 1}


def test_the_password_is_asked_for_again_before_people_are_changed(sign_in: SignIn) -> None:
    client = sign_in(Role.ADMINISTRATOR, long_ago=True)
    for path in ("invite/", f"{ME}/", f"{ME}/roles/", f"{ME}/active/"):
        assert client.get(f"/people/{path}")["Location"].startswith("/sign/again/")
    assert client.get("/people/").status_code == 200


def test_actions_opened_by_address_lead_back_to_the_person(admin: Client) -> None:
    for path in ("roles", "link", "active", "second-factor"):
        answer = admin.get(f"/people/{ME}/{path}/")
        assert (answer.status_code, answer["Location"]) == (302, f"/people/{ME}/".replace("@", "@"))


def test_hostile_names_are_text(admin: Client) -> None:
    people.invite(
        EVA, '<img src=x onerror=alert(1)>"', [Role.MEMBER], by="x", at=NOW, rng=lambda n: b"1" * n
    )
    for path in ("/people/", f"/people/{EVA}/", "/people/?q=<img"):
        assert "<img" not in page(admin, path)


def test_queries_of_the_list_do_not_grow(admin: Client) -> None:
    used = []
    for number in (10, 1000):
        models.User.objects.bulk_create(
            models.User(email=f"{number}-{each}@office.example", created_at=NOW)
            for each in range(number)
        )
        page(admin, "/people/")  # the first visit is written down as one
        with CaptureQueriesContext(connection) as asked:
            page(admin, "/people/")
        used.append(len(asked))
    assert used[0] == used[1]
