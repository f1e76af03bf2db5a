"""Mail accounts: who sees and arranges which, deputies with dates, keys without an account."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from siegel.base.address import EmailAddress
from siegel.flows import accounts as flow
from siegel.policy.access import Capacity, Standing
from siegel.policy.roles import Role
from siegel.store import models
from siegel.store.queries import account_people, accounts, journal, users
from tests.flows.office import ALICE, BOB, HUBER, Office
from tests.web.conftest import SignIn
from tests.world import WORLD_NOW as NOW

DAY = timedelta(days=1)
EVA = EmailAddress.parse("eva@office.example")
A, B = (EmailAddress.parse(person.address) for person in (ALICE, BOB))
HOSTILE = "<script>alert(1)</script>\"'>"


def page(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return answer.content.decode()


def put(person: EmailAddress, account: EmailAddress, capacity: Capacity, **days: int) -> None:
    standing = Standing(
        capacity=capacity,
        since=NOW + days.get("since", -1) * DAY,
        until=NOW + days["until"] * DAY if "until" in days else None,
    )
    flow.admit(account, person, standing, by="test", at=NOW)


@pytest.fixture
def eva(sign_in: SignIn) -> Client:
    """A member who works with nothing yet."""
    return sign_in(Role.MEMBER, str(EVA))


@pytest.mark.requirement("A47", "A89")
def test_a_member_sees_only_accounts_she_works_with(eva: Client) -> None:
    put(EVA, A, Capacity.MEMBER)
    listed = page(eva, "/accounts/")
    assert ALICE.address in listed.replace("<wbr>", "")
    assert BOB.address not in listed.replace("<wbr>", "")
    assert eva.get(f"/accounts/{A}/").status_code == 200
    assert eva.get(f"/accounts/{B}/").status_code == 404
    assert eva.get("/accounts/nobody@office.example/").status_code == 404


@pytest.mark.parametrize(("since", "until", "code"), [(-2, -1, 404), (-1, 1, 200), (1, 2, 404)])
def test_a_deputy_sees_the_account_in_her_time_only(
    eva: Client, since: int, until: int, code: int
) -> None:
    put(EVA, A, Capacity.DEPUTY, since=since, until=until)
    assert eva.get(f"/accounts/{A}/").status_code == code


@pytest.mark.parametrize("path", ["new/", "{a}/name/", "{a}/address/"])
def test_only_administrators_arrange_accounts(eva: Client, sign_in: SignIn, path: str) -> None:
    put(EVA, A, Capacity.OWNER)
    where = "/accounts/" + path.format(a=A)
    manager = sign_in(Role.CERTIFICATE_MANAGER, "claus@office.example")
    for client in (eva, manager):
        assert client.get(where).status_code == 403
        assert client.post(where, {"name": "X", "address": "x@y.example"}).status_code == 403
    assert sign_in(Role.ADMINISTRATOR, "ada@office.example").get(where).status_code == 200


def test_members_switch_and_withdraw_nothing(eva: Client) -> None:
    put(EVA, A, Capacity.OWNER)
    assert eva.post(f"/accounts/{A}/switch/").status_code == 403
    assert eva.post(f"/accounts/{A}/address/remove/", {"address": "x@y.z"}).status_code == 403
    assert accounts.get(A).active


@pytest.mark.parametrize("capacity", [Capacity.MEMBER, Capacity.DEPUTY])
def test_who_does_not_own_an_account_appoints_nobody(eva: Client, capacity: Capacity) -> None:
    put(EVA, A, capacity, until=1)
    form = {"person": str(EVA), "capacity": "owner"}
    assert eva.post(f"/accounts/{A}/person/", form).status_code == 404
    assert eva.get(f"/accounts/{A}/person/").status_code == 404


def test_an_owner_appoints_deputies_and_nobody_else(eva: Client, sign_in: SignIn) -> None:
    sign_in(Role.MEMBER, "tom@office.example")
    tom = EmailAddress.parse("tom@office.example")
    put(EVA, A, Capacity.OWNER)
    form = {"person": str(tom), "capacity": "member", "until": f"{NOW + 3 * DAY:%Y-%m-%d}"}
    assert eva.post(f"/accounts/{A}/person/", form).status_code == 200, "no such choice"
    assert account_people.standing(A, tom) is None
    assert eva.post(f"/accounts/{A}/person/", form | {"capacity": "deputy"}).status_code == 302
    standing = account_people.standing(A, tom)
    assert standing is not None
    assert standing.until is not None
    assert standing.until.date() == (NOW + 4 * DAY).date(), "the last day is included"
    form = {"person": str(EVA), "capacity": "deputy", "until": "2099-01-01"}
    assert eva.post(f"/accounts/{A}/person/", form).status_code == 200, "herself she stays"
    standing = account_people.standing(A, EVA)
    assert standing is not None
    assert standing.capacity is Capacity.OWNER
    assert eva.post(f"/accounts/{A}/person/remove/?person={EVA}").status_code == 404
    assert eva.post(f"/accounts/{A}/person/remove/?person={tom}").status_code == 302
    assert account_people.standing(A, tom) is None


def test_people_are_changed_only_with_the_password_given_again(sign_in: SignIn) -> None:
    client = sign_in(Role.ADMINISTRATOR, long_ago=True)
    for path in (f"/accounts/{A}/person/", f"/accounts/{A}/address/"):
        answer = client.get(path)
        assert answer.status_code == 302
        assert answer["Location"].startswith("/sign/again/")


@pytest.mark.parametrize(
    ("form", "words"),
    [
        pytest.param({"capacity": "deputy"}, "Eine Vertretung muss einmal enden", id="no_end"),
        pytest.param(
            {"capacity": "member", "since": "2030-02-02", "until": "2030-02-01"},
            "vor dem ersten", id="backwards",
        ),
        pytest.param({"capacity": "deputy", "until": "2001-01-01"}, "schon vorbei", id="past"),
        pytest.param({"capacity": "member", "person": "x@y.example"}, "Laden Sie", id="stranger"),
        pytest.param({"capacity": "member", "person": "nobody"}, "keine E-Mail-Adresse", id="word"),
    ],
)  # fmt: skip
def test_wrong_forms_are_answered_in_words(
    sign_in: SignIn, form: dict[str, str], words: str
) -> None:
    client = sign_in(Role.ADMINISTRATOR)
    answer = client.post(f"/accounts/{A}/person/", {"person": "mira@office.example"} | form)
    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert account_people.of_account(A) == ()


@pytest.mark.requirement("A42", "A91")
def test_a_certificate_without_an_account_is_named_and_offers_to_create_it(
    office: Office, sign_in: SignIn
) -> None:
    office.own(HUBER, account=False)
    client = sign_in(Role.ADMINISTRATOR)
    assert "Zertifikate ohne Konto" in page(client, "/accounts/")
    assert f'href="/accounts/new/?address={HUBER.address.replace("@", "%40")}"' in page(
        client, "/accounts/"
    )
    form = {"address": HUBER.address, "name": "Schule", "owner": "mira@office.example"}
    assert client.post("/accounts/new/", form).status_code == 302
    assert "Zertifikate ohne Konto" not in page(client, "/accounts/")
    (person,) = account_people.of_account(EmailAddress.parse(HUBER.address))
    assert person.standing.capacity is Capacity.OWNER
    assert journal.read(action="account.created")[0].actor == "user:mira@office.example"
    assert "gibt es schon ein Konto" in client.post("/accounts/new/", form).content.decode()


def test_members_learn_nothing_of_keys_without_an_account(office: Office, eva: Client) -> None:
    office.own(HUBER, account=False)
    assert HUBER.address not in page(eva, "/accounts/").replace("<wbr>", "")


def test_names_addresses_and_switches_are_changed(sign_in: SignIn) -> None:
    client = sign_in(Role.ADMINISTRATOR)
    client.post(f"/accounts/{A}/name/", {"name": HOSTILE})
    seen = page(client, f"/accounts/{A}/")
    assert "<script>alert" not in seen
    assert "&lt;script&gt;" in seen
    alias = {"address": "a.adler@office.example", "kind": "alias"}
    assert client.post(f"/accounts/{A}/address/", alias).status_code == 302
    assert client.post(f"/accounts/{B}/address/", alias).status_code == 200, "somebody's already"
    assert [str(each) for each in accounts.get(A).aliases] == ["a.adler@office.example"]
    client.post(f"/accounts/{A}/address/remove/", alias)
    client.post(f"/accounts/{A}/address/remove/", {"address": "\0"})
    assert accounts.get(A).aliases == ()
    client.post(f"/accounts/{A}/switch/")
    assert not accounts.get(A).active
    assert "ausgeschaltet" in page(client, f"/accounts/{A}/")
    client.post(f"/accounts/{A}/switch/")
    assert accounts.get(A).active


def test_the_list_goes_on_page_by_page_and_back(sign_in: SignIn) -> None:
    models.MailAccount.objects.bulk_create(
        models.MailAccount(address=f"z{number:03}@office.example", added_at=NOW)
        for number in range(120)
    )
    client = sign_in(Role.ADMINISTRATOR)
    assert 'rel="prev"' not in page(client, "/accounts/")
    second = page(client, "/accounts/?after=z047%40office.example")
    assert "z048<wbr>@office.example" in second
    assert "z098<wbr>" not in second
    first = page(client, "/accounts/?before=z048%40office.example")
    assert "z047<wbr>" in first
    assert 'rel="next"' in first
    assert 'rel="next"' not in page(client, "/accounts/?q=z119")


@pytest.mark.parametrize("role", [Role.MEMBER, Role.ADMINISTRATOR])
def test_queries_of_the_list_do_not_grow(sign_in: SignIn, role: Role) -> None:
    client, used = sign_in(role), []
    for number in (10, 1000):
        models.MailAccount.objects.bulk_create(
            models.MailAccount(address=f"{number}-{each}@office.example", added_at=NOW)
            for each in range(number)
        )
        page(client, "/accounts/")  # the first visit is written down as one
        with CaptureQueriesContext(connection) as asked:
            page(client, "/accounts/")
        used.append(len(asked))
    assert used[0] == used[1]


@pytest.mark.requirement("A90")
def test_both_languages_speak(sign_in: SignIn) -> None:
    client = sign_in(Role.ADMINISTRATOR)
    users.prefer(EmailAddress.parse("mira@office.example"), language="en")
    assert "Mail accounts" in page(client, "/accounts/")
    users.prefer(EmailAddress.parse("mira@office.example"), language="de")
    assert "E-Mail-Konten" in page(client, "/accounts/")
