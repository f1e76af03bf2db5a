"""The partner site: open or closed, in the language and the colours of its organisation."""

from dataclasses import replace

import pytest
from django.test import Client

from siegel.base.address import EmailAddress
from siegel.directory.colours import NotReadable
from siegel.flows import publishing_site
from siegel.policy.roles import Role
from siegel.wording.partner_site import PRESETS
from siegel.wording.words import Language
from tests.flows.office import Office
from tests.web.conftest import SignIn

BY = "user:mira@office.example"


@pytest.fixture
def visitor(office: Office) -> Client:
    """Somebody from outside, while the site is open."""
    publishing_site.open_(by=BY, at=office.at)
    return Client()


def test_a_site_that_nobody_opened_is_not_found(office: Office) -> None:
    del office
    assert Client().get("/partner/").status_code == 404


def test_who_looks_after_certificates_sees_it_before_it_opens(sign_in: SignIn) -> None:
    assert "Vorschau" in sign_in(Role.CERTIFICATE_MANAGER).get("/partner/").content.decode()
    assert sign_in(Role.MEMBER, "otto@office.example").get("/partner/").status_code == 404


def test_it_speaks_the_language_of_the_browser_and_another_one_on_demand(visitor: Client) -> None:
    german = visitor.get("/partner/", headers={"accept-language": "de"})
    assert '<html lang="de">' in german.content.decode()
    assert german["Content-Language"] == "de"
    english = visitor.get("/partner/?lang=en", headers={"accept-language": "de"})
    assert '<html lang="en">' in english.content.decode()
    assert '<html lang="en">' in visitor.get("/partner/").content.decode()


def test_reading_it_sets_no_cookie(visitor: Client) -> None:
    assert not visitor.get("/partner/").cookies


def test_the_colours_are_a_stylesheet_of_our_own_origin(visitor: Client, office: Office) -> None:
    written = replace(publishing_site.as_written(), colour="#20447c", colour_dark="#a3c1f4")
    publishing_site.save(written, by=BY, at=office.at)
    answer = visitor.get("/partner/colours.css")
    assert answer["Content-Type"] == "text/css"
    assert "--org:light-dark(#20447c,#a3c1f4)" in answer.content.decode()


def test_a_colour_that_cannot_be_read_is_refused(office: Office) -> None:
    pale = replace(publishing_site.as_written(), colour="#ffe066")
    with pytest.raises(NotReadable):
        publishing_site.save(pale, by=BY, at=office.at)


def test_where_nobody_wrote_a_text_the_preset_stands(office: Office) -> None:
    written = publishing_site.as_written()
    own = replace(written.texts[Language.DE], disclaimer="Eigene Worte.")
    texts = {**written.texts, Language.DE: own}
    publishing_site.save(
        replace(written, texts=texts, contact_address=EmailAddress.parse("smime@office.example")),
        by=BY,
        at=office.at,
    )
    shown = publishing_site.site()
    assert shown.texts[Language.DE].disclaimer == "Eigene Worte."
    assert shown.texts[Language.EN].disclaimer == PRESETS[Language.EN].disclaimer
    assert shown.texts[Language.EN].name
