"""What holds for every page there is, found by walking the addresses: new pages are covered.

Who may see it, where forms may come from, where redirects may lead, what a browser may keep, and
that nothing a stranger wrote becomes markup.
"""

from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import replace
from email.message import Message
from urllib.parse import urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import resolve, reverse
from pytest_django import Settings

from siegel.base.address import EmailAddress
from siegel.config.django import UNCONFIGURED
from siegel.config.pages import pages as settings_of_pages
from siegel.config.schema import Web
from siegel.policy.actions import Action
from siegel.policy.roles import Role
from siegel.store.queries import journal
from siegel.web.person import Person
from tests.browser.hostile import CANARY
from tests.browser.scenery import COLLEAGUES, PASSWORD
from tests.flows.office import BOB
from tests.web.addresses import Address, addresses
from tests.web.furnished import Furnished, undone
from tests.web.html import read_html

PUBLIC_OF_ALLAUTH = {
    "account_inactive",
    "account_login",
    "account_logout",
    "account_set_password",  # leads to the change of the password
    "account_signup",
    "mfa_login_webauthn",
}
"""Of what we did not write: what somebody sees who is not signed in."""

BETWEEN = {"mfa_authenticate", "mfa_trust"}
"""Only between password and second step; everybody else is led to the sign-in page."""

OF_ONE_VIEW = 14  # addresses that a walk along all links follows to the same view
OF_THE_PROVIDER = {"organisation_again"}
"""Not there without an identity provider (the browser tests have one)."""

SHOWING = {
    "certificates:list",
    "certificates:one",
    "contacts:list",
    "contacts:one",
    "trust:overview",
    "trust:root",
}
"""Where the walk must meet what strangers wrote; else it looked at the wrong pages."""

EVIL = (
    "https://evil.example/",
    "//evil.example/",
    "/\\evil.example/",
    "https:evil.example",
    "\thttps://evil.example/",
    "javascript:alert(1)",
    "http://localhost@evil.example/",
)


def ours() -> list[Address]:
    return [address for address in addresses() if hasattr(address.callback, "siegel_role")]


def is_public(address: Address) -> bool:
    return getattr(address.callback, "siegel_public", False) or address.view in PUBLIC_OF_ALLAUTH


def ask(client: Client, method: str, path: str) -> HttpResponse:
    """The answer to an empty form, or to a look; nothing of it stays."""
    with undone():
        answer = client.post(path) if method == "POST" else client.generic(method, path)
    assert isinstance(answer, HttpResponse) or answer.streaming
    return answer  # type: ignore[return-value]  # streamed ones have status and header fields, too


@pytest.mark.requirement("A54")
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_nobody_sees_anything_without_signing_in(furnished: Furnished, method: str) -> None:
    """405 tells a stranger nothing but the method."""
    let_in = []
    for address in addresses():
        if is_public(address):
            continue
        answer = ask(furnished.client(None), method, furnished.path(address))
        to_sign_in = answer.status_code == 302 and answer["Location"].startswith("/sign/in/")
        if not to_sign_in and answer.status_code != 405:
            let_in.append(f"{address.view}: {answer.status_code} {answer.get('Location', '')}")
    assert not let_in, "\n".join(let_in)


@pytest.mark.requirement("A54")
@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("role", Role)
def test_each_role_gets_exactly_what_the_view_says(
    furnished: Furnished, role: Role, method: str
) -> None:
    email, name = COLLEAGUES[role]
    person = Person(
        email=EmailAddress.parse(email),
        display_name=name,
        roles=frozenset({role}),
        language="",
        theme="",
    )
    wrong = []
    for address in ours():
        answer = ask(furnished.client(role), method, furnished.path(address))
        may = person.may(address.callback.siegel_role)  # type: ignore[attr-defined]
        refused = answer.status_code == 403
        if answer.status_code != 405 and refused == may:
            wrong.append(f"{address.view}: {answer.status_code}, may: {may}")
        assert answer.status_code < 500, address.view
    assert not wrong, "\n".join(wrong)


def test_no_form_is_taken_from_another_page(furnished: Furnished) -> None:
    """Each POST without its token is refused before any view sees it. Programs that ask after
    revocation have none: they send no form, and nothing they send belongs to a person."""
    for address in addresses():
        if address.view.startswith("pki:"):
            continue
        strict = furnished.client(Role.ADMINISTRATOR, checks_csrf=True)
        assert strict.post(furnished.path(address)).status_code == 403, address.view


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE"])
def test_other_methods_are_refused(furnished: Furnished, method: str) -> None:
    public = [a for a in addresses() if getattr(a.callback, "siegel_public", False)]
    for address in (*ours(), *public):
        answer = ask(furnished.administrator, method, furnished.path(address))
        assert answer.status_code == 405, address.view


@pytest.mark.parametrize("evil", EVIL)
def test_no_redirect_leads_away(furnished: Furnished, evil: str) -> None:
    for address in addresses():
        for who in (None, Role.ADMINISTRATOR):
            for answer in _with_next(furnished, furnished.path(address), who, evil):
                target = urlsplit(answer.get("Location", "").replace("\\", "/").strip())
                assert target.netloc in ("", "localhost"), f"{address.view}: {target.geturl()}"
                assert target.scheme in ("", "http"), f"{address.view}: {target.geturl()}"


def _with_next(
    furnished: Furnished, path: str, who: str | None, evil: str
) -> Iterator[HttpResponse]:
    with undone():
        yield furnished.client(who).get(path, {"next": evil})  # type: ignore[misc]
    with undone():
        yield furnished.client(who).post(path, {"next": evil})  # type: ignore[misc]


def test_signing_in_leads_to_no_foreign_page(furnished: Furnished) -> None:
    email, _ = COLLEAGUES[Role.MEMBER]
    for evil in EVIL:
        client = furnished.client(None)
        answer = client.post("/sign/in/", {"login": email, "password": PASSWORD, "next": evil})
        assert answer.status_code == 302
        assert answer["Location"] == reverse("landing")


FOR_EVERYBODY = frozenset(
    {"stylesheet", "directory:colours", "directory:logo", "http_store:robots"}
)
"""The same for all strangers."""


def test_browsers_keep_nothing_that_concerns_a_person(furnished: Furnished) -> None:
    kept = {
        address.view
        for address in addresses()
        for answer in [ask(furnished.administrator, "GET", furnished.path(address))]
        if "no-store" not in answer["Cache-Control"]
    }
    assert kept <= FOR_EVERYBODY


def test_every_answer_has_the_strict_header_fields(furnished: Furnished) -> None:
    """One document cannot say DENY: HTML mail, which a page of ours holds. It goes to readers of
    its account alone and has a test of its own (``test_the_frame_has_a_policy_of_its_own``);
    everybody else gets the strict answer at its address, too."""
    for address in addresses():
        for who in (None, Role.ADMINISTRATOR):
            answer = ask(furnished.client(who), "GET", furnished.path(address))
            policy = answer["Content-Security-Policy"]
            assert "default-src 'none'" in policy, address.view
            assert "unsafe" not in policy, address.view
            assert answer["X-Content-Type-Options"] == "nosniff", address.view
            assert answer["X-Frame-Options"] == "DENY", address.view
            assert answer["Referrer-Policy"] in ("same-origin", "no-referrer"), address.view


def test_cookies_are_for_the_server_alone(furnished: Furnished) -> None:
    client = furnished.client(None)
    client.get("/sign/in/")
    email, _ = COLLEAGUES[Role.MEMBER]
    client.post("/sign/in/", {"login": email, "password": PASSWORD})
    client.post("/me/language/", {"language": "de"})
    assert {"siegel_session", "siegel_csrf", "siegel_language"} <= set(client.cookies)
    for cookie in client.cookies.values():
        assert cookie["httponly"], cookie.key
        assert cookie["samesite"] == "Lax", cookie.key


def test_behind_https_cookies_travel_by_https_only() -> None:
    settings = settings_of_pages(
        replace(UNCONFIGURED, web=Web(url="https://siegel.office.example"))
    )
    for name in ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "LANGUAGE_COOKIE_SECURE"):
        assert settings[name] is True
    assert settings["SECURE_HSTS_SECONDS"]


def test_a_foreign_host_name_is_refused(furnished: Furnished) -> None:
    """Else links of a page would follow whoever made the request."""
    answer = Client(SERVER_NAME="evil.example").get("/")
    assert answer.status_code == 400


def test_what_strangers_wrote_is_text_on_every_page(furnished: Furnished) -> None:
    """A walk along all links, as the administrator: no markup of strangers, no dead link."""
    problems: list[str] = []
    shown = set()
    for path, origin, answer in _walk(furnished):
        if answer.status_code >= 400:
            problems.append(f"{path}: {answer.status_code}, link on {origin}")
        problems += [f"{path}: {problem}" for problem in _header_problems(answer)]
        if answer["Content-Type"].startswith("text/html"):
            html = answer.content.decode()
            problems += [f"{path}: {problem}" for problem in read_html(html, path).problems]
            shown |= {resolve(path.partition("?")[0]).view_name} if CANARY in html else set()
    assert not problems, "\n".join(problems)
    assert shown >= SHOWING, SHOWING - shown


def _walk(furnished: Furnished) -> Iterator[tuple[str, str, HttpResponse]]:
    """Address, the page that links to it, and the answer."""
    waiting = deque(
        (page.path, "the list of pages")
        for page in furnished.pages()
        if page.who == Role.ADMINISTRATOR and page.view not in OF_THE_PROVIDER
    )
    seen = {path for path, _ in waiting}
    followed: Counter[str] = Counter()
    while waiting:
        path, origin = waiting.popleft()
        answer = ask(furnished.administrator, "GET", path)
        yield path, origin, answer
        if answer.streaming or not answer["Content-Type"].startswith("text/html"):
            continue
        for link in sorted(read_html(answer.content.decode(), path).links - seen):
            if not link.startswith("/") or link.startswith("//"):
                continue
            view = resolve(link.partition("?")[0]).view_name
            followed[view] += 1
            if followed[view] <= OF_ONE_VIEW:
                seen.add(link)
                waiting.append((link, path))


def _header_problems(answer: HttpResponse) -> Iterator[str]:
    """The name of a download is one name: no folder, no other field, nothing that turns round."""
    disposition = answer.get("Content-Disposition")
    if disposition is None:
        return
    parsed = Message()
    parsed["Content-Disposition"] = disposition
    name = parsed.get_filename("")
    if not name or not name.isprintable() or set(name) & set('/\\:"<>|'):
        yield f"file name {disposition!r}"


def test_uploads_are_limited_before_any_view(furnished: Furnished, settings: Settings) -> None:
    body = b"x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
    answer = furnished.administrator.post(
        "/me/theme/", body, content_type="application/x-www-form-urlencoded"
    )
    assert answer.status_code == 400


def test_forms_with_very_many_fields_are_refused(furnished: Furnished) -> None:
    answer = furnished.administrator.post("/me/theme/", {f"f{n}": "x" for n in range(1000)})
    assert answer.status_code == 400


STRANGE_FILES = (
    ("../../etc/cron.d/x.p12", b"\x30\x82\xff\xff" + b"\x00" * 64),
    ("a\x00b.pem", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"),
    ('"><img src=x onerror=alert(1)>.cer', b"<html><script>alert(1)</script>"),
    ("\u202egpj.p12", b"\x30\x80" * 3000),
    ("leer.pem", b""),
    ("zip.p12", b"PK\x03\x04" + b"\x00" * 4000),
    ("n" * 5000 + ".p7b", b"\x30\x03\x02\x01\x00"),
    ("viel.pem", b"-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n" * 2000),
)


@pytest.mark.requirement("A24")
def test_strange_files_are_answered_in_words(furnished: Furnished) -> None:
    for name, octets in STRANGE_FILES:
        client = furnished.client(Role.MEMBER)
        files = [SimpleUploadedFile(name, octets)]
        assert client.post("/certificates/upload/", {"files": files}).status_code == 302, name
        shown = client.get("/certificates/").content.decode()
        assert not read_html(shown).problems, name
        assert "Traceback" not in shown


def test_very_many_files_at_once_are_refused_or_answered(furnished: Furnished) -> None:
    files = [SimpleUploadedFile(f"{n}.cer", b"x") for n in range(300)]
    answer = furnished.client(Role.MEMBER).post("/certificates/upload/", {"files": files})
    assert answer.status_code in (302, 400)


@pytest.mark.requirement("A84", "A88")
def test_a_member_sees_nothing_of_accounts_of_others(furnished: Furnished) -> None:
    """Not that they are there, and not what happened to their mail."""
    member = furnished.client(Role.MEMBER)
    assert member.get(f"/accounts/{BOB.address}/").status_code == 404
    assert BOB.address not in member.get("/accounts/").content.decode()
    of_bob = journal.read(address=BOB.address, action=Action.OUTBOUND_REFUSED)[0]
    assert member.get(f"/journal/{of_bob.id}/").status_code == 404
    assert f"/journal/{of_bob.id}/" not in member.get("/journal/").content.decode()
    told = member.get(f"/journal/why/?message_id={of_bob.message_id}").content.decode()
    assert "emil@partner.example" not in told
