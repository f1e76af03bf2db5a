"""Sign-in with the organisation account, against a real OpenID provider on loopback."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import jwt
import pytest
from allauth.socialaccount.models import SocialAccount
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client
from pytest_django import Settings

from siegel.base.address import EmailAddress
from siegel.base.secret import Secret
from siegel.config.pages import pages
from siegel.config.schema import Oidc
from siegel.flows import people
from siegel.policy.roles import Role
from siegel.store.models import JournalEntry, Membership, User
from tests.flows.office import Office
from tests.web.provider import CLIENT, SECRET, Provider, provider

NINA = "nina@office.example"
ENTER = "/sign/organisation/"


@pytest.fixture
def idp(office: Office, settings: Settings, tmp_path: Path) -> Iterator[Provider]:
    del office
    secret = tmp_path / "client.secret"
    secret.write_text(SECRET)
    secret.chmod(0o600)
    with provider() as running:
        oidc = Oidc(
            issuer=running.issuer,
            client_id=CLIENT,
            client_secret_file=secret,
            member_groups=("siegel-members",),
            certificate_manager_groups=("siegel-certificates",),
            administrator_groups=("siegel-admins",),
        )
        web = replace(settings.SIEGEL.web, oidc=oidc)
        settings.SIEGEL = replace(settings.SIEGEL, web=web)
        settings.SOCIALACCOUNT_PROVIDERS = pages(settings.SIEGEL)["SOCIALACCOUNT_PROVIDERS"]
        yield running


def way_back(client: Client, idp: Provider, query: str = "") -> str:
    """To the provider, and the address by which it sends the browser back."""
    asked = client.get(ENTER + query)
    assert asked.status_code == 302, asked.content
    assert asked["Location"].startswith(f"{idp.issuer}/authorize?")
    return idp.authorize(asked["Location"])


def sign_in(client: Client, idp: Provider, query: str = "") -> Any:
    return client.get(way_back(client, idp, query))


def is_in(client: Client) -> bool:
    return client.get("/me/").status_code == 200


def roles_of(email: str, office: Office) -> set[str]:
    return set(people.find(EmailAddress.parse(email), at=office.at).roles)


def refused(client: Client, answer: Any) -> str:
    assert answer["Location"] == "/sign/organisation/refused/"
    assert not is_in(client)
    page = client.get("/sign/organisation/refused/")
    assert page.status_code == 403
    return str(page.content.decode())


def test_a_new_person_comes_in_with_the_role_of_the_groups(idp: Provider, office: Office) -> None:
    client = Client()
    answer = sign_in(client, idp, "?next=/me/")
    assert (answer.status_code, answer["Location"]) == (302, "/me/")
    assert is_in(client)
    assert roles_of(NINA, office) == {Role.MEMBER}
    user = User.objects.get(email=NINA)
    assert user.display_name == "Nina Neu"
    assert not user.has_usable_password()
    entry = JournalEntry.objects.get(action="user.signed_in")
    assert entry.detail["methods"] == ["socialaccount"]


def test_roles_are_set_anew_at_each_sign_in(idp: Provider) -> None:
    sign_in(Client(), idp)
    idp.claims["groups"] = ["siegel-admins", "siegel-members", "football"]
    sign_in(Client(), idp)
    idp.claims["groups"] = ["siegel-members"]
    sign_in(Client(), idp)
    changed = JournalEntry.objects.filter(action="user.roles_changed").order_by("pk")
    assert [entry.detail["after"] for entry in changed] == [
        ["member"],
        ["administrator", "member"],
        ["member"],
    ]
    assert {entry.actor for entry in changed} == {"system:oidc"}


def test_a_leaver_is_out_at_once_in_every_browser(idp: Provider) -> None:
    old, new = Client(), Client()
    sign_in(old, idp)
    idp.claims["groups"] = []
    assert "keine Rolle" in refused(new, sign_in(new, idp))
    assert not is_in(old)
    assert not User.objects.get(email=NINA).is_active
    assert JournalEntry.objects.filter(action="user.left").count() == 1


@pytest.mark.parametrize("groups", [["football"], None, "siegel", {"siegel-members": True}, [7]])
def test_unknown_groups_give_no_access_and_no_person(idp: Provider, groups: object) -> None:
    idp.claims["groups"] = groups
    client = Client()
    assert "keine Rolle" in refused(client, sign_in(client, idp))
    assert not User.objects.filter(email=NINA).exists()


def test_groups_may_come_from_userinfo(idp: Provider, office: Office) -> None:
    idp.claims["groups"] = None
    idp.userinfo["groups"] = ["siegel-certificates"]
    sign_in(Client(), idp)
    assert roles_of(NINA, office) == {Role.CERTIFICATE_MANAGER}


@pytest.mark.parametrize("verified", [False, None, "no", 0])
def test_an_address_nobody_checked_opens_nothing(idp: Provider, verified: object) -> None:
    idp.claims["email_verified"] = verified
    client = Client()
    assert "keine geprüfte E-Mail-Adresse" in refused(client, sign_in(client, idp))


@pytest.mark.parametrize("email", ["nina@elsewhere.example", "nina@sub.office.example"])
def test_an_address_of_another_domain_opens_nothing(idp: Provider, email: str) -> None:
    idp.claims["email"] = email
    client = Client()
    assert "keiner Domain" in refused(client, sign_in(client, idp))


def test_whom_the_provider_answers_for_has_no_other_door(idp: Provider, office: Office) -> None:
    user = User(email=NINA, created_at=office.at)
    user.set_password("Ein langes Kennwort 7")
    user.save()
    Membership.objects.create(user=user, role=Role.MEMBER, since=office.at)
    sign_in(Client(), idp)
    assert User.objects.count() == 1, "the person known by this address, not a second one"
    client = Client()
    answer = client.post("/sign/in/", {"login": NINA, "password": "Ein langes Kennwort 7"})
    assert answer["Location"] == "/sign/in/"
    assert "Organisationskonto" in client.get("/sign/in/").content.decode()
    assert not is_in(client)


def test_the_command_line_opens_the_door_when_the_provider_is_gone(
    idp: Provider, office: Office
) -> None:
    sign_in(Client(), idp)
    password = Secret(b"Ein langes Kennwort 7")
    people.make_administrator(EmailAddress.parse(NINA), "", password, by="cli:root", at=office.at)
    client = Client()
    client.post("/sign/in/", {"login": NINA, "password": "Ein langes Kennwort 7"})
    assert is_in(client)


def test_nothing_the_provider_said_is_kept(idp: Provider) -> None:
    sign_in(Client(), idp)
    sign_in(Client(), idp)
    account = SocialAccount.objects.get()
    assert account.extra_data == {}


def test_an_answer_for_another_browser_is_refused(idp: Provider) -> None:
    victim, attacker = Client(), Client()
    address = way_back(attacker, idp)
    assert victim.get(address).status_code == 401
    assert not is_in(victim)


def test_an_answer_works_once(idp: Provider) -> None:
    client = Client()
    address = way_back(client, idp)
    client.get(address)
    assert client.get(address).status_code == 401


@pytest.mark.parametrize(
    "claims",
    [
        pytest.param({"aud": "another"}, id="for another application"),
        pytest.param({"aud": [CLIENT, "x"], "azp": "x"}, id="given to another application"),
        pytest.param({"iss": "https://evil.example"}, id="of another issuer"),
        pytest.param({"exp": 1}, id="too old"),
        pytest.param({"exp": None}, id="without an end"),
        pytest.param({"sub": None}, id="about nobody"),
    ],
)
def test_a_token_that_is_not_ours_opens_nothing(idp: Provider, claims: dict[str, Any]) -> None:
    idp.claims.update(claims)
    client = Client()
    answer = sign_in(client, idp)
    assert answer.status_code == 401
    assert "hat nicht richtig geantwortet" in answer.content.decode()
    assert not is_in(client)


@pytest.mark.parametrize(
    "claims",
    [
        pytest.param({"nonce": "another"}, id="another nonce"),
        pytest.param({"nonce": None}, id="no nonce"),
        pytest.param({"sub": "0815"}, id="userinfo about somebody else"),
    ],
)
def test_a_token_of_another_sign_in_opens_nothing(idp: Provider, claims: dict[str, Any]) -> None:
    idp.claims.update(claims)
    client = Client()
    assert "gehörte nicht zu dieser Anmeldung" in refused(client, sign_in(client, idp))


def test_a_token_signed_by_a_stranger_opens_nothing(idp: Provider) -> None:
    idp.published = rsa.generate_private_key(65537, 2048).public_key()
    client = Client()
    assert sign_in(client, idp).status_code == 401
    assert not is_in(client)


@pytest.mark.filterwarnings("ignore:The HMAC key:jwt.InsecureKeyLengthWarning")
@pytest.mark.parametrize("algorithm", ["none", "HS256"])
def test_a_token_without_a_real_signature_opens_nothing(idp: Provider, algorithm: str) -> None:
    idp.algorithm = algorithm
    client = Client()
    assert sign_in(client, idp).status_code == 401
    assert not is_in(client)
    assert jwt.algorithms.get_default_algorithms()[algorithm] is not None, "the test could fail"


def test_a_provider_under_another_name_is_not_asked(idp: Provider, settings: Settings) -> None:
    oidc = replace(settings.SIEGEL.web.oidc, issuer=idp.issuer + "/")
    settings.SIEGEL = replace(settings.SIEGEL, web=replace(settings.SIEGEL.web, oidc=oidc))
    assert Client().get(ENTER).status_code == 401


def test_a_silent_provider_is_said_in_words(idp: Provider) -> None:
    idp.web.routes.clear()
    answer = Client().get(ENTER)
    assert answer.status_code == 401
    assert "hat nicht richtig geantwortet" in answer.content.decode()


def test_going_back_at_the_provider_is_no_error(idp: Provider) -> None:
    client = Client()
    address = way_back(client, idp)
    state = address.partition("state=")[2]
    answer = client.get(f"/sign/organisation/back/?error=access_denied&state={state}")
    assert answer["Location"] == "/sign/organisation/cancelled/"


def test_another_site_sends_nobody_to_the_provider(idp: Provider) -> None:
    answer = Client().get(ENTER, headers={"sec-fetch-site": "cross-site"})
    assert answer["Location"] == "/sign/in/"


@pytest.mark.parametrize("query", ["?next=https://evil.example/", "?next=//evil.example"])
def test_sign_in_leads_to_no_foreign_address(idp: Provider, query: str) -> None:
    assert sign_in(Client(), idp, query)["Location"] == "/in/"


def test_a_confirmation_is_asked_for_at_the_provider(idp: Provider) -> None:
    client = Client()
    sign_in(client, idp)
    session = client.session
    session["account_authentication_methods"][0]["at"] -= 10_000
    session.save()
    answer = client.get("/sign/second/totp/activate/")
    assert answer["Location"].startswith("/sign/organisation/again/?next=")
    page = client.get(answer["Location"]).content.decode()
    assert "/sign/organisation/?again=1&amp;next=%2Fsign%2Fsecond%2Ftotp%2Factivate%2F" in page
    asked = client.get(ENTER + "?again=1&next=/sign/second/totp/activate/")["Location"]
    assert "prompt=login" in asked
    assert "max_age=0" in asked
    back = client.get(idp.authorize(asked))
    assert back["Location"] == "/sign/second/totp/activate/"
    assert client.get(back["Location"]).status_code == 200


@pytest.mark.parametrize("auth_time", [1, None])
def test_a_confirmation_without_a_fresh_password_is_none(idp: Provider, auth_time: object) -> None:
    client = Client()
    sign_in(client, idp)
    idp.claims["auth_time"] = auth_time
    answer = sign_in(client, idp, "?again=1")
    assert answer["Location"] == "/sign/organisation/refused/"


def test_a_confirmation_by_somebody_else_is_none(idp: Provider) -> None:
    client = Client()
    sign_in(client, idp)
    idp.claims["email"] = "otto@office.example"
    assert sign_in(client, idp, "?again=1")["Location"] == "/sign/organisation/refused/"


def test_who_comes_by_the_provider_needs_no_second_factor_of_ours(
    idp: Provider, settings: Settings
) -> None:
    web = replace(settings.SIEGEL.web, require_second_factor=True)
    settings.SIEGEL = replace(settings.SIEGEL, web=web)
    idp.claims["groups"] = ["siegel-admins"]
    client = Client()
    sign_in(client, idp)
    assert client.get("/").status_code == 200


def test_without_a_provider_there_are_no_pages_for_it(office: Office) -> None:
    del office
    assert Client().get(ENTER).status_code == 404
    assert "Organisationskonto" not in Client().get("/sign/in/").content.decode()
