"""Sign-in by password and second step: who comes in, what is refused, what the journal keeps."""

import re
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace

import pytest
from allauth.account.adapter import DefaultAccountAdapter, get_adapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    hotp_value,
)
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import gettext, override
from pytest_django import Settings

from siegel.base.address import EmailAddress
from siegel.config.pages import pages
from siegel.config.schema import Settings as OurSettings
from siegel.config.schema import Web
from siegel.flows import people
from siegel.policy.roles import Role
from siegel.store.models import JournalEntry, Membership, User
from siegel.web.login.foreign_words import SENTENCES
from siegel.web.templatetags.sign_in import browser
from tests.flows.office import Office
from tests.web.conftest import SignIn

MIRA = "mira@office.example"
PASSWORD = "Ein langes Kennwort 7"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
IN = "/sign/in/"
Callbacks = Callable[..., AbstractContextManager[list[object]]]


@pytest.fixture
def mira(office: Office, settings: Settings) -> User:
    """With a password that is quick to check; how slow the real one is has no place here."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    user = User(email=MIRA, display_name="Mira Köhler", created_at=office.at)
    user.set_password(PASSWORD)
    user.save()
    Membership.objects.create(user=user, role=Role.ADMINISTRATOR, since=office.at)
    return user


def code(secret: str = SECRET) -> str:
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))


def journaled(action: str) -> list[JournalEntry]:
    return list(JournalEntry.objects.filter(action=action).order_by("pk"))


def test_the_right_password_opens_the_overview_and_the_journal_says_so(mira: User) -> None:
    client = Client()
    answer = client.post(IN, {"login": MIRA.upper(), "password": PASSWORD})
    assert (answer.status_code, answer["Location"]) == (302, reverse("landing"))
    [entry] = journaled("user.signed_in")
    assert (entry.actor, entry.about) == (f"user:{MIRA}", MIRA)
    assert entry.detail == {"methods": ["password"], "client": "127.0.0.1"}


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(mira: User) -> None:
    said = []
    for email in (MIRA, "nobody@office.example"):
        page = Client().post(IN, {"login": email, "password": "wrong"}).content.decode()
        said.append(re.findall(r'<div class="note is-bad" role="alert">.*?</div>', page, re.S))
    assert said[0] == said[1]
    assert "E-Mail-Adresse oder Passwort stimmt nicht." in said[0][0]


def test_what_strangers_type_never_comes_into_the_journal(mira: User) -> None:
    Client().post(IN, {"login": "nobody@office.example", "password": "wrong"})
    assert not journaled("user.sign_in_failed")


def test_many_failures_of_one_person_are_one_entry(mira: User) -> None:
    for _ in range(4):
        Client().post(IN, {"login": MIRA, "password": "wrong"})
    assert len(journaled("user.sign_in_failed")) == 1


def test_after_five_failures_even_the_right_password_waits(mira: User) -> None:
    for number in range(5):
        Client(REMOTE_ADDR=f"192.0.2.{number}").post(IN, {"login": MIRA, "password": "wrong"})
    client = Client(REMOTE_ADDR="192.0.2.99")
    answer = client.post(IN, {"login": MIRA, "password": PASSWORD})
    assert "Zu viele Versuche" in answer.content.decode()
    assert "_auth_user_id" not in client.session


def test_another_port_in_the_host_field_gives_no_more_attempts(mira: User) -> None:
    for number in range(5):
        Client(SERVER_NAME="localhost", SERVER_PORT=str(8000 + number)).post(
            IN, {"login": MIRA, "password": "wrong"}
        )
    answer = Client().post(IN, {"login": MIRA, "password": PASSWORD})
    assert "Zu viele Versuche" in answer.content.decode()


def test_one_client_cannot_try_many_addresses(mira: User) -> None:
    client = Client(REMOTE_ADDR="192.0.2.7")
    for number in range(10):
        client.post(IN, {"login": f"a{number}@office.example", "password": "wrong"})
    answer = client.post(IN, {"login": MIRA, "password": PASSWORD})
    assert "Zu viele Versuche" in answer.content.decode()


def test_a_flood_of_requests_gets_a_friendly_page(mira: User) -> None:
    client = Client(REMOTE_ADDR="192.0.2.8")
    for _ in range(31):
        answer = client.post(IN, {"login": "", "password": ""})
    assert answer.status_code == 429
    assert "Bitte warten Sie fünf Minuten" in answer.content.decode()


def test_a_password_field_never_comes_back_filled(mira: User) -> None:
    page = Client().post(IN, {"login": MIRA, "password": "geheim-geheim"}).content.decode()
    assert "geheim-geheim" not in page


@pytest.mark.parametrize("next_", ["https://evil.example/", "//evil.example", "javascript:1"])
def test_sign_in_leads_to_no_foreign_address(mira: User, next_: str) -> None:
    answer = Client().post(IN, {"login": MIRA, "password": PASSWORD, "next": next_})
    assert answer["Location"] == reverse("landing")


def test_a_new_password_ends_every_session_and_is_journaled(mira: User) -> None:
    client, other = Client(), Client()
    for each in (client, other):
        each.post(IN, {"login": MIRA, "password": PASSWORD})
    new = "Noch ein langes Kennwort 8"
    answer = client.post(
        "/sign/password/", {"oldpassword": PASSWORD, "password1": new, "password2": new}
    )
    assert answer.status_code == 302
    for each in (client, other):
        assert each.get("/me/")["Location"].startswith(IN)
    assert journaled("user.password_changed")


@pytest.mark.parametrize("weak", ["kurz", "1q2w3e4r5t6y", "mira@office.example"])
def test_weak_passwords_are_refused(mira: User, weak: str) -> None:
    client = Client()
    client.post(IN, {"login": MIRA, "password": PASSWORD})
    answer = client.post(
        "/sign/password/", {"oldpassword": PASSWORD, "password1": weak, "password2": weak}
    )
    assert answer.status_code == 200
    assert 'aria-invalid="true"' in answer.content.decode()


def test_sign_out_is_a_post_and_journaled(sign_in: SignIn) -> None:
    client = sign_in(Role.MEMBER)
    assert client.get("/sign/out/").status_code == 200
    assert client.get("/me/").status_code == 200
    client.post("/sign/out/")
    assert client.get("/me/").status_code == 302
    assert [entry.about for entry in journaled("user.signed_out")] == [MIRA]


def test_nobody_without_a_role_signs_in(mira: User, office: Office) -> None:
    Membership.objects.update(until=office.at)
    client = Client()
    answer = client.post(IN, {"login": MIRA, "password": PASSWORD})
    assert answer["Location"] == "/sign/closed/"
    assert client.get("/me/").status_code == 302


def test_nobody_inactive_signs_in(mira: User) -> None:
    User.objects.update(is_active=False)
    client = Client()
    client.post(IN, {"login": MIRA, "password": PASSWORD})
    assert client.get("/me/").status_code == 302


def test_a_session_ends_with_the_last_role(sign_in: SignIn, office: Office) -> None:
    client = sign_in(Role.MEMBER)
    Membership.objects.update(until=office.at)
    assert client.get("/me/")["Location"] == "/sign/closed/"
    Membership.objects.update(until=None)
    assert client.get("/me/")["Location"].startswith(IN), "the session itself is gone"


def test_a_session_ends_with_deactivation(sign_in: SignIn, office: Office) -> None:
    client = sign_in(Role.MEMBER)
    people.deactivate(EmailAddress.parse(MIRA), by="user:x", at=office.at)
    assert client.get("/me/")["Location"].startswith(IN)


def test_nobody_signs_up(db: None) -> None:
    assert Client().get("/sign/up/")["Location"] == IN


@pytest.fixture
def strict(settings: Settings) -> None:
    web = replace(settings.SIEGEL.web, require_second_factor=True)
    settings.SIEGEL = replace(settings.SIEGEL, web=web)


def test_password_and_code_together_open(mira: User) -> None:
    TOTP.activate(mira, SECRET)
    client = Client()
    first = client.post(IN, {"login": MIRA, "password": PASSWORD})
    assert first["Location"] == "/sign/second/authenticate/"
    assert client.get("/me/").status_code == 302, "the password alone opens nothing"
    second = client.post("/sign/second/authenticate/", {"code": code()})
    assert second["Location"] == reverse("landing")
    [entry] = journaled("user.signed_in")
    assert entry.detail["methods"] == ["password", "totp"]


def test_a_code_works_once(mira: User) -> None:
    TOTP.activate(mira, SECRET)
    used = code()
    for expected in (302, 200):
        client = Client()
        client.post(IN, {"login": MIRA, "password": PASSWORD})
        assert client.post("/sign/second/authenticate/", {"code": used}).status_code == expected


def test_codes_cannot_be_guessed(mira: User) -> None:
    TOTP.activate(mira, SECRET)
    client = Client()
    client.post(IN, {"login": MIRA, "password": PASSWORD})
    for _ in range(5):
        client.post("/sign/second/authenticate/", {"code": "000000"})
    answer = client.post("/sign/second/authenticate/", {"code": code()})
    assert "Zu viele Versuche" in answer.content.decode()
    assert len(journaled("user.sign_in_failed")) == 1


def test_an_app_is_set_up_sealed_and_journaled(
    sign_in: SignIn, django_capture_on_commit_callbacks: Callbacks
) -> None:
    client = sign_in(Role.MEMBER)
    page = client.get("/sign/second/totp/activate/").content.decode()
    shown = re.search(r'class="secret"><code>([A-Z2-7 ]+)</code>', page)
    assert shown is not None
    secret = shown[1].replace(" ", "")
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post("/sign/second/totp/activate/", {"code": code(secret)})
    assert answer["Location"] == "/sign/second/recovery-codes/"
    assert secret not in str(list(Authenticator.objects.values_list("data", flat=True)))
    added = [entry.detail["kind"] for entry in journaled("user.second_factor_added")]
    assert "totp" in added


def test_second_steps_are_changed_only_after_a_fresh_password(sign_in: SignIn) -> None:
    client = sign_in(Role.MEMBER, long_ago=True)
    User.objects.get(email=MIRA).set_password(PASSWORD)
    for path in ("totp/activate/", "webauthn/add/"):
        assert client.get(f"/sign/second/{path}").status_code in (302, 403)


def test_whoever_decides_about_keys_sets_it_up_first(strict: None, sign_in: SignIn) -> None:
    del strict
    client = sign_in(Role.CERTIFICATE_MANAGER)
    for path in ("/", "/me/", "/menu/", "/sign/sessions/"):
        assert client.get(path)["Location"] == "/sign/second/", path
    assert "Bitte richten Sie das zuerst ein" in client.get("/sign/second/").content.decode()
    TOTP.activate(User.objects.get(email=MIRA), SECRET)
    assert client.get("/").status_code == 200


def test_a_member_may_go_without(strict: None, sign_in: SignIn) -> None:
    del strict
    assert sign_in(Role.MEMBER).get("/").status_code == 200


def test_a_demo_asks_for_none(strict: None, sign_in: SignIn, settings: Settings) -> None:
    del strict
    web = replace(settings.SIEGEL.web, demo=True)
    settings.SIEGEL = replace(settings.SIEGEL, web=web)
    assert sign_in(Role.ADMINISTRATOR).get("/").status_code == 200


def test_a_passkey_is_named_and_harmless_to_read(sign_in: SignIn) -> None:
    client = sign_in(Role.MEMBER)
    user = User.objects.get(email=MIRA)
    data = {"name": "<script>alert(1)</script>\u202e", "credential": {}}
    Authenticator.objects.create(user=user, type=Authenticator.Type.WEBAUTHN, data=data)
    page = client.get("/sign/second/").content.decode()
    assert "<script>alert" not in page
    assert "\u202e" not in page


def test_nobody_touches_the_passkeys_of_others(sign_in: SignIn, mira: User) -> None:
    other = sign_in(Role.MEMBER, "bob@office.example")
    data = {"name": "Telefon", "credential": {}}
    row = Authenticator.objects.create(user=mira, type=Authenticator.Type.WEBAUTHN, data=data)
    for page in ("edit", "remove"):
        answer = other.post(f"/sign/second/webauthn/keys/{row.pk}/{page}/", {"name": "x"})
        assert answer.status_code == 404


def test_own_sessions_are_listed_and_the_others_ended(mira: User) -> None:
    client, other = Client(), Client(REMOTE_ADDR="192.0.2.5")
    for each in (client, other):
        each.post(IN, {"login": MIRA, "password": PASSWORD})
    page = client.get("/sign/sessions/").content.decode()
    assert "192.0.2.5" in page
    client.post("/sign/sessions/")
    assert client.get("/me/").status_code == 200
    assert other.get("/me/").status_code == 302


def test_browsers_are_named_in_words() -> None:
    chrome = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/131.0 Safari/537.36"
    assert browser(chrome) == "Chrome unter Linux"
    assert browser(chrome.replace("X11; Linux x86_64", "Windows NT 10.0") + " Edg/131.0") == (
        "Edge unter Windows"
    )
    assert browser("curl/8") == "Ein unbekanntes Programm"


def seen(settings: Settings, url: str, forwarded: str) -> str:
    derived = pages(OurSettings(web=Web(url=url)))
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = derived["ALLAUTH_TRUSTED_PROXY_COUNT"]
    request = RequestFactory().get("/", headers={"x-forwarded-for": forwarded})
    return str(get_adapter().get_client_ip(request))


def test_behind_a_proxy_what_the_proxy_itself_wrote_counts(settings: Settings) -> None:
    url = "https://siegel.office.example"
    assert seen(settings, url, "198.51.100.1, 192.0.2.9") == "192.0.2.9"


def test_without_a_proxy_nobody_names_the_own_address(settings: Settings) -> None:
    assert seen(settings, "", "192.0.2.9") == "127.0.0.1"


def test_the_sentences_we_translate_are_those_of_allauth() -> None:
    with override("en"):
        said = {
            str(each)
            for adapter in (DefaultAccountAdapter, DefaultMFAAdapter)
            for each in adapter.error_messages.values()
        }
    assert set(SENTENCES) - said == {"You must type the same password each time."}


@pytest.mark.parametrize("sentence", SENTENCES)
def test_no_german_sentence_of_a_form_says_du(sentence: str) -> None:
    with override("de"):
        german = gettext(sentence)
    assert german != sentence
    assert not re.search(r"\b(Du|Dein\w*|Dich|Dir)\b", german, re.IGNORECASE)


def test_looking_at_a_page_writes_nothing(sign_in: SignIn) -> None:
    client = sign_in(Role.MEMBER)
    client.get("/me/")
    with CaptureQueriesContext(connection) as asked:
        client.get("/me/")
    wrote = [each["sql"] for each in asked if not each["sql"].startswith("SELECT")]
    assert not wrote
    assert len(asked) <= 7  # one of them counts what waits, for the navigation
