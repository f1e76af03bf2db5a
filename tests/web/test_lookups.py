"""The pages of foreign directories: who may, what is said, and that nothing is given away."""

import html
from dataclasses import replace
from typing import Protocol

import pytest
from django.test import Client
from django.urls import reverse

from siegel.base.address import EmailAddress
from siegel.flows import contacts, lookup_sources
from siegel.policy.access import Capacity, Standing
from siegel.policy.roles import Role
from siegel.store.lookup_rows import LdapSettings, Security
from siegel.store.queries import account_people, candidates, journal
from siegel.store.queries.contacts import Given
from siegel.transport.mail_server import Reach
from siegel.web import running
from tests.flows.lookups import Web, certificate, with_store
from tests.flows.office import ALICE, UNKNOWN, Office
from tests.web.conftest import SignIn
from tests.world import WORLD

pytestmark = pytest.mark.requirement("A45")
PETRA = WORLD.person("petra")
GIVEN = {
    "name": "Behörde",
    "host": "ldap.behoerde.example",
    "port": "636",
    "security": "tls",
    "base": "o=behoerde,c=de",
    "filter": "(mail={address})",
    "user": "cn=siegel",
    "password": "sehr geheim",
    "domains": "behoerde.example",
    "active": "on",
}


class Answer(Protocol):
    @property
    def content(self) -> bytes: ...


def text(answer: Answer) -> str:
    return html.unescape(answer.content.decode())


@pytest.fixture
def web(office: Office) -> Web:
    found = with_store(office)
    running.install(office.site)
    return found


@pytest.fixture
def offline(office: Office) -> Office:
    """No name of the outside is found."""

    def nobody(host: str, port: int) -> tuple[str, ...]:
        raise OSError(host, port)

    finders = replace(office.site.finders, reach=Reach(resolve=nobody))
    office.site = replace(office.site, finders=finders)
    running.install(office.site)
    return office


def put(office: Office, **changed: object) -> int:
    settings = LdapSettings(
        name="Behörde",
        host="ldap.behoerde.example",
        port=636,
        security=Security.TLS,
        base="",
        filter="(mail={address})",
    )
    row = lookup_sources.put_directory(
        None,
        replace(settings, **changed),  # type: ignore[arg-type]  # fields by name
        None,
        office.site,
        by="test",
        at=office.at,
    )
    return row.id


@pytest.mark.parametrize("role", [Role.MEMBER, Role.CERTIFICATE_MANAGER])
def test_only_administrators_change_directories(
    sign_in: SignIn, office: Office, role: Role
) -> None:
    number = put(office)
    client = sign_in(role)
    for name, arguments in (("new", []), ("edit", [number]), ("new_store", [])):
        assert client.get(reverse(f"lookups:{name}", args=arguments)).status_code == 403
    listed = client.get(reverse("lookups:list")).status_code
    assert listed == (403 if role is Role.MEMBER else 200)


def test_a_directory_that_does_not_answer_is_explained_by_steps(
    sign_in: SignIn, offline: Office
) -> None:
    client = sign_in(Role.ADMINISTRATOR)
    page = text(client.post(reverse("lookups:new"), GIVEN))
    assert "Server nicht gefunden" in page
    assert "Trotzdem speichern" in page
    assert "sehr geheim" not in page
    assert lookup_sources.directories() == ()


def test_it_is_kept_all_the_same_and_its_password_is_never_shown(
    sign_in: SignIn, offline: Office
) -> None:
    client = sign_in(Role.ADMINISTRATOR)
    client.post(reverse("lookups:new"), {**GIVEN, "do": "keep"})
    (row,) = lookup_sources.directories()
    assert row.has_password
    assert row.settings.domains == ("behoerde.example",)
    page = text(client.get(reverse("lookups:edit", args=[row.id])))
    assert "cn=siegel" in page
    assert "sehr geheim" not in page
    (entry,) = journal.read(action="lookup.directory_added")
    assert "geheim" not in str(entry)


def test_the_password_goes_to_no_other_host(sign_in: SignIn, offline: Office) -> None:
    client = sign_in(Role.ADMINISTRATOR)
    client.post(reverse("lookups:new"), {**GIVEN, "do": "keep"})
    (row,) = lookup_sources.directories()
    moved = {**GIVEN, "host": "evil.example", "password": "", "do": "keep"}
    page = text(client.post(reverse("lookups:edit", args=[row.id]), moved))
    assert "id_password_error" in page
    assert lookup_sources.directory(row.id).settings.host == "ldap.behoerde.example"


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"filter": "(mail=*)"}, "filter"),
        ({"filter": "mail={address}"}, "filter"),
        ({"domains": "not a domain!"}, "domains"),
        ({"port": "0"}, "port"),
        ({"host": ""}, "host"),
        ({"host": "a\u200bb"}, "host"),
        ({"probe": "nobody"}, "probe"),
        ({"password": ""}, "password"),
    ],
)
def test_what_is_wrong_is_said_at_the_field(
    sign_in: SignIn, offline: Office, changed: dict[str, str], field: str
) -> None:
    client = sign_in(Role.ADMINISTRATOR)
    page = text(client.post(reverse("lookups:new"), {**GIVEN, **changed, "do": "keep"}))
    assert f"id_{field}_error" in page
    assert lookup_sources.directories() == ()


def test_two_directories_do_not_share_a_name(sign_in: SignIn, offline: Office) -> None:
    put(offline)
    page = text(sign_in(Role.ADMINISTRATOR).post(reverse("lookups:new"), {**GIVEN, "do": "keep"}))
    assert "gibt es schon" in page


def test_a_preset_names_no_host(sign_in: SignIn, office: Office) -> None:
    page = text(sign_in(Role.ADMINISTRATOR).get(reverse("lookups:new"), {"preset": "ba"}))
    assert "Bundesagentur für Arbeit" in page
    assert "arbeitsagentur.de" in page
    assert "auf Antrag" in page


def test_a_directory_is_removed_after_a_question(sign_in: SignIn, office: Office) -> None:
    number = put(office)
    client = sign_in(Role.ADMINISTRATOR)
    address = reverse("lookups:remove", args=[number])
    assert "Gefundene Zertifikate bleiben" in text(client.get(address))
    client.post(address)
    assert lookup_sources.directories() == ()


def test_a_store_is_entered_changed_and_removed(sign_in: SignIn, office: Office) -> None:
    client = sign_in(Role.ADMINISTRATOR)
    given = {"name": "Partner", "url": "https://p.example/search.cgi", "active": "on"}
    client.post(reverse("lookups:new_store"), given)
    (row,) = lookup_sources.stores()
    wrong = client.post(reverse("lookups:edit_store", args=[row.id]), {**given, "url": "ldap://x"})
    assert "id_url_error" in text(wrong)
    client.post(reverse("lookups:edit_store", args=[row.id]), {"name": "P", "url": given["url"]})
    assert not lookup_sources.store(row.id).active
    client.post(reverse("lookups:remove_store", args=[row.id]))
    assert lookup_sources.stores() == ()


def test_dns_is_switched_on_and_the_page_says_what_is_missing(
    sign_in: SignIn, office: Office
) -> None:
    client = sign_in(Role.ADMINISTRATOR)
    assert "kein Resolver" in text(client.get(reverse("lookups:list")))
    client.post(reverse("lookups:dns"), {"smimea": "on"})
    assert lookup_sources.settings().smimea
    assert not lookup_sources.settings().domain_asserts


@pytest.mark.requirement("C2")
def test_everybody_may_look_for_an_address(sign_in: SignIn, web: Web) -> None:
    web.has[PETRA.address] = certificate(PETRA)
    client = sign_in(Role.MEMBER)
    page = text(client.post(reverse("lookups:ask"), {"address": PETRA.address}))
    assert "Gefunden" in page
    assert "Verzeichnis" in page
    page = text(client.post(reverse("lookups:ask"), {"address": UNKNOWN}))
    assert "Nichts gefunden" in page


def test_nobody_is_asked_before_the_form_is_sent(sign_in: SignIn, web: Web) -> None:
    page = text(sign_in(Role.MEMBER).get(reverse("lookups:ask"), {"address": PETRA.address}))
    assert PETRA.address in page
    assert web.asked == []


@pytest.mark.requirement("B24")
def test_a_contact_without_certificate_leads_to_the_search(
    sign_in: SignIn, web: Web, office: Office
) -> None:
    given = Given(name="Petra", addresses=(EmailAddress.parse(PETRA.address),))
    number = contacts.add(given, by="test", at=office.at)
    page = text(sign_in(Role.MEMBER).get(reverse("contacts:one", args=[number])))
    assert "In Verzeichnissen suchen" in page
    assert f"{reverse('lookups:ask')}?address={PETRA.address.replace('@', '%40')}" in page


def writer(sign_in: SignIn, office: Office) -> Client:
    """Somebody who works with Alice's account."""
    client = sign_in(Role.MEMBER)
    account_people.admit(
        EmailAddress.parse(ALICE.address),
        EmailAddress.parse("mira@office.example"),
        Standing(capacity=Capacity.MEMBER, since=office.at, until=None),
        by="test",
        at=office.at,
    )
    return client


def write(client: Client, do: str) -> str:
    given = {
        "from": ALICE.address,
        "to": PETRA.address,
        "subject": "Betreff",
        "text": "Hallo",
        "do": do,
    }
    return text(client.post(reverse("compose:new"), given))


@pytest.mark.requirement("A45", "C2")
def test_a_writer_looks_in_directories_and_may_then_encrypt(
    sign_in: SignIn, web: Web, office: Office
) -> None:
    client = writer(sign_in, office)
    assert "In Verzeichnissen suchen" in write(client, "check")
    assert "Nichts gefunden" in write(client, "look_up")
    web.has[PETRA.address] = certificate(PETRA)
    page = write(client, "look_up")
    assert "Das Zertifikat ist da und wird ab jetzt benutzt." in page
    assert "Betreff" in page
    assert candidates.for_addresses([EmailAddress.parse(PETRA.address)])


def test_without_a_directory_no_writer_is_offered_a_search(sign_in: SignIn, office: Office) -> None:
    client = writer(sign_in, office)
    assert "In Verzeichnissen suchen" not in write(client, "check")
