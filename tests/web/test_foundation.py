"""What all pages share: nobody sees more than his role allows, preferences, errors, addresses."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from siegel.policy.roles import Role
from tests.web.conftest import SignIn

ALLAUTH = "allauth"


def patterns(within: URLResolver | None = None) -> Iterator[URLPattern]:
    for each in (within or get_resolver()).url_patterns:
        if isinstance(each, URLResolver):
            yield from patterns(each)
        else:
            yield each


def test_every_view_says_who_may_see_it() -> None:
    """A view without a decorator of ``access`` would be open to everybody."""
    for pattern in patterns():
        view = pattern.callback
        if view.__module__.startswith((ALLAUTH, "django.views")):
            continue
        named = hasattr(view, "siegel_role") or getattr(view, "siegel_public", False)
        assert named, f"{view.__module__}.{view.__name__} says neither for_role nor public"


def test_who_is_not_signed_in_comes_to_the_sign_in_page_and_back(db: None) -> None:
    answer = Client().get("/me/")
    assert (answer.status_code, answer["Location"]) == (302, "/sign/in/?next=/me/")


@pytest.mark.parametrize("path", ["/", "/me/", "/menu/", "/sign/second/", "/sign/sessions/"])
def test_a_member_sees_the_common_pages(sign_in: SignIn, path: str) -> None:
    assert sign_in(Role.MEMBER).get(path).status_code == 200


def test_the_language_is_remembered_with_the_person(sign_in: SignIn) -> None:
    client = sign_in(Role.MEMBER)
    assert client.post("/me/language/", {"language": "en", "next": "/me/"}).status_code == 302
    client.cookies.clear()
    again = sign_in(Role.MEMBER)
    assert "My sign-in" in again.get("/me/", headers={"accept-language": "de"}).content.decode()


def test_a_language_choice_leads_to_no_foreign_address(sign_in: SignIn) -> None:
    answer = sign_in(Role.MEMBER).post(
        "/me/language/", {"language": "en", "next": "https://evil.example/"}
    )
    assert answer["Location"] == "/"


def test_colours_are_remembered_and_others_are_not_taken(sign_in: SignIn) -> None:
    client = sign_in(Role.MEMBER)
    client.post("/me/theme/", {"theme": "dark"})
    client.post("/me/theme/", {"theme": '"><script>'})
    assert 'data-theme="dark"' in client.get("/me/").content.decode()


def test_forms_of_other_pages_are_refused(sign_in: SignIn) -> None:
    client = sign_in(Role.MEMBER)
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client.cookies
    answer = strict.post("/me/theme/", {"theme": "dark"})
    assert answer.status_code == 403
    assert "Dieses Formular ist zu alt" in answer.content.decode()


def test_every_answer_forbids_foreign_content(sign_in: SignIn) -> None:
    for path in ("/", "/nothing"):
        policy = sign_in(Role.MEMBER).get(path)["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy


def test_second_factors_are_sealed_under_the_key_file(sign_in: SignIn) -> None:
    from allauth.mfa.adapter import get_adapter

    adapter = get_adapter()
    sealed = adapter.encrypt("JBSWY3DPEHPK3PXP")
    assert "JBSWY3DPEHPK3PXP" not in sealed
    assert adapter.decrypt(sealed) == "JBSWY3DPEHPK3PXP"


@pytest.mark.parametrize("part", ["/certificates/", "/trust/", "/rules/", "/journal/", "/help/"])
def test_no_part_hides_the_navigation(sign_in: SignIn, part: str) -> None:
    """Names that a view gives its template go before those of the context processor."""
    page = sign_in(Role.ADMINISTRATOR).get(part).content.decode()
    assert 'href="/accounts/"' in page  # the bar of a phone does not have it
