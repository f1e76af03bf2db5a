"""The first page: what waits, for whom, with one action each, and always the same few queries."""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from siegel.base.address import EmailAddress
from siegel.flows import attention
from siegel.flows.attention import Matter, Waiting
from siegel.flows.people import Role
from siegel.pki.certificate import parse_certificate
from siegel.policy.access import Capacity, Standing
from siegel.policy.health import Check, Checked, State
from siegel.store.queries import account_people, accounts, alerts, locked, pending
from siegel.transport.envelope import Role as Direction
from siegel.web import clock
from siegel.web.start import facts
from siegel.wording.health import NAMES
from siegel.wording.words import Language
from tests.flows.office import ALICE, DANA, HUBER, Office, mail, signed_bytes
from tests.web.conftest import Ports, SignIn
from tests.world import WORLD, WORLD_NOW

ENDS = parse_certificate(ALICE.certificate_der).not_after
DAY = timedelta(days=1)


def page(client: Client, language: str = "de") -> str:
    cache.clear()
    answer = client.get("/", headers={"accept-language": language})
    assert answer.status_code == 200
    return answer.content.decode()


def matters(office: Office) -> dict[Matter, int]:
    return {w.matter: w.number for w in attention.of_the_house(office.at)}


def test_an_office_in_order_is_told_that_nothing_waits(sign_in: SignIn, office: Office) -> None:
    assert matters(office) == {}
    assert "Nichts wartet auf Sie." in page(sign_in(Role.CERTIFICATE_MANAGER))
    assert "All is in order." in page(sign_in(Role.CERTIFICATE_MANAGER), "en")


def test_everything_that_waits_is_counted(office: Office) -> None:
    locked.add("a.p12", b"a", by="test", at=office.at)
    locked.add("b.p12", b"b", by="test", at=office.at)
    office.own(DANA, account=False)
    dana, huber = (EmailAddress.parse(one.address) for one in (DANA, HUBER))
    certificate = parse_certificate(HUBER.certificate_der)
    pending.add_pending(certificate, huber, reasons=[], at=office.at)
    alerts.add_alert(dana, previous="0" * 64, current="1" * 64, at=office.at)
    assert matters(office) == {
        Matter.LOCKED: 2,
        Matter.NO_ACCOUNT: 1,
        Matter.KEY_CHANGES: 1,
        Matter.PENDING: 1,
    }


def test_an_authority_that_nobody_judged_waits(office: Office) -> None:
    ursula = WORLD.person("ursula")
    letter = signed_bytes(ursula, mail(ursula.address, ALICE.address))
    office.receive(letter, ursula.address, ALICE.address)
    assert matters(office)[Matter.UNKNOWN_ROOTS] == 1


def test_certificates_that_end_are_said_by_address_and_in_time(office: Office) -> None:
    office.at = ENDS - 31 * DAY
    assert matters(office) == {}
    office.at = ENDS - 30 * DAY
    assert matters(office) == {Matter.ENDING: 2}
    office.at = ENDS + DAY
    assert matters(office) == {Matter.ENDED: 2}


def test_a_certificate_that_a_longer_one_replaces_does_not_count(office: Office) -> None:
    shorter = WORLD.person("alice_renewed")
    office.key(shorter)
    office.at = parse_certificate(shorter.certificate_der).not_after - DAY
    assert office.at < ENDS - 60 * DAY
    assert matters(office) == {}


def test_an_account_that_is_switched_off_does_not_nag(office: Office) -> None:
    accounts.set_active(EmailAddress.parse(ALICE.address), False)
    office.at = ENDS + DAY
    assert matters(office)[Matter.ENDED] == 1


def test_an_installation_without_certificates_is_told_how_to_begin(db: None) -> None:
    found = attention.of_the_house(WORLD_NOW)
    assert found == (Waiting(matter=Matter.NOTHING_YET, number=1),)


def test_administrators_also_see_how_the_installation_is(
    sign_in: SignIn, ports: Ports, office: Office
) -> None:
    locked.add("a.p12", b"a", by="test", at=office.at)
    ports.silence(Direction.INBOUND)
    seen = page(sign_in(Role.ADMINISTRATOR))
    assert "Annahme eingehender Mail: Gestört" in seen
    assert "Annahme ausgehender Mail" not in seen
    assert seen.index("Gestört") < seen.index("wartet auf ihre Passphrase")
    manager = sign_in(Role.CERTIFICATE_MANAGER, "carl@office.example")
    assert "Gestört" not in page(manager)


@pytest.mark.parametrize("language", Language)
def test_a_check_that_is_not_good_has_its_words_and_a_way(language: Language) -> None:
    (line,) = facts.of_checks([Checked(check=Check.KEY_FILE, state=State.BAD)], language)
    assert NAMES[language][Check.KEY_FILE] in line.title
    assert line.address.startswith("/")
    assert line.why.endswith(".")
    assert line.state == "is-bad"


def test_a_member_sees_what_concerns_the_own_accounts_and_nothing_else(
    sign_in: SignIn, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = sign_in(Role.MEMBER)
    locked.add("a.p12", b"a", by="test", at=office.at)
    monkeypatch.setattr(clock, "now", lambda: ENDS - DAY)
    seen = page(client)
    assert "Passphrase" not in seen
    assert "Nichts wartet auf Sie." in seen
    assert "Ihnen ist kein E-Mail-Konto zugeordnet." in seen
    standing = Standing(capacity=Capacity.OWNER, since=WORLD_NOW, until=None)
    account_people.admit(
        EmailAddress.parse(ALICE.address), EmailAddress.parse("mira@office.example"), standing,
        by="test", at=WORLD_NOW,
    )  # fmt: skip
    seen = page(client)
    assert "Das Zertifikat von 1 Adresse läuft innerhalb von 30 Tagen ab." in seen
    assert "alice<wbr>@office.example" in seen
    assert "bob" not in seen


def test_mail_of_the_last_day_is_counted(sign_in: SignIn, office: Office) -> None:
    office.send(mail(ALICE.address, HUBER.address), ALICE.address, HUBER.address)
    assert re.search(r"<dt>signiert</dt><dd>1</dd>", page(sign_in(Role.MEMBER)))


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("number", [1, 7])
@pytest.mark.parametrize("matter", Matter)
def test_every_matter_has_words_a_mark_and_an_action(
    matter: Matter, number: int, language: str
) -> None:
    with translation.override(language):
        (line,) = facts.lines((Waiting(matter=matter, number=number),))
    assert line.title.endswith(".")
    assert "%" not in line.title
    assert line.why.endswith(".")
    assert line.action
    assert line.address.startswith("/")
    assert line.state in ("is-bad", "is-warn", "is-todo")


def test_the_two_languages_differ() -> None:
    said = []
    for language in ("de", "en"):
        with translation.override(language):
            said.append([facts.lines((Waiting(matter=m, number=2),))[0] for m in Matter])
    for german, english in zip(*said, strict=True):
        assert german.title != english.title
        assert german.why != english.why
        assert german.action != english.action


@pytest.mark.parametrize("role", Role)
def test_the_number_of_queries_is_fixed(
    sign_in: SignIn, ports: Ports, office: Office, role: Role
) -> None:
    client = sign_in(role)
    page(client)  # a new session writes itself down once
    used = []
    for number in (1, 60):
        for n in range(number):
            locked.add(f"{n}.p12", bytes([n, number]), by="test", at=office.at)
            address = EmailAddress.parse(f"p{n}-{number}@partner.example")
            alerts.add_alert(address, previous="0" * 64, current="1" * 64, at=office.at)
        cache.clear()
        with CaptureQueriesContext(connection) as queries:
            client.get("/")
        used.append(len(queries))
    assert used[0] == used[1]
    assert used[0] < 32  # one of them: what is unread, for the navigation of every page
