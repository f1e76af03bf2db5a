"""People come, change and go; somebody who administers is always left."""

import pytest
from pytest_django import Settings

from siegel.base.address import EmailAddress
from siegel.base.errors import Conflict, NotFound
from siegel.base.secret import Secret
from siegel.flows import accounts as account_flow
from siegel.flows import people
from siegel.flows.people import INVITED_FOR, LastAdministrator
from siegel.policy.access import Capacity, Standing
from siegel.policy.roles import Role
from siegel.store.queries import account_people, accounts, invitations, journal, users
from tests.store.given import DAY
from tests.world import WORLD_NOW as NOW

pytestmark = pytest.mark.django_db

ADMIN = EmailAddress.parse("admin@office.example")
EVA = EmailAddress.parse("eva@office.example")
INFO = EmailAddress.parse("info@office.example")
TABLE = {Role.MEMBER: frozenset({"staff"}), Role.ADMINISTRATOR: frozenset({"admins"})}


@pytest.fixture(autouse=True)
def _house(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    people.make_administrator(ADMIN, "Ada", Secret("ein langes Passwort"), by="cli", at=NOW)


def numbers(count: int) -> bytes:
    return bytes(range(count))


def invited(*roles: Role) -> str:
    made = people.invite(EVA, "Eva", roles or [Role.MEMBER], by=str(ADMIN), at=NOW, rng=numbers)
    return made.token.reveal().decode()


def from_provider(*groups: str, email: EmailAddress = EVA) -> bool:
    return people.sign_in_by_provider(
        email, "Eva", {"groups": list(groups)}, groups_claim="groups", table=TABLE, at=NOW + DAY
    )


def actions() -> list[str]:
    return [row.action for row in journal.read()]


def test_an_invited_person_sets_a_password_once_with_the_link() -> None:
    token = invited(Role.CERTIFICATE_MANAGER)
    found = people.invitation(token, at=NOW)
    assert found is not None
    assert found.user == EVA
    assert users.find(EVA, at=NOW).waits
    assert people.accept(token, "Eva Ernst", Secret("noch ein Passwort"), at=NOW + DAY) == EVA
    row = users.find(EVA, at=NOW)
    assert (row.display_name, row.waits, row.roles) == (
        "Eva Ernst", False, frozenset({Role.CERTIFICATE_MANAGER}),
    )  # fmt: skip
    assert users.check_password(EVA, Secret("noch ein Passwort"))
    with pytest.raises(NotFound):
        people.accept(token, "", Secret("ein anderes"), at=NOW + DAY)
    assert actions() == ["user.password_set", "user.invited", "user.administrator"]


def test_the_store_and_the_journal_never_see_the_token() -> None:
    token = invited()
    row = invitations.of_user(EVA)
    assert token not in repr(row)
    assert token not in repr(journal.read())


def test_a_link_opens_nothing_after_three_days_nor_when_it_is_another_one() -> None:
    token = invited()
    assert people.invitation(token, at=NOW + INVITED_FOR - DAY / 24) is not None
    assert people.invitation(token, at=NOW + INVITED_FOR) is None
    assert people.invitation(token + "0", at=NOW) is None
    assert people.invitation("\udcff", at=NOW) is None


def test_a_new_link_takes_the_place_of_the_old_one() -> None:
    token = invited()
    again = people.invite_again(EVA, by="x", at=NOW, rng=lambda count: b"7" * count)
    assert people.invitation(token, at=NOW) is None
    assert people.invitation(again.token.reveal().decode(), at=NOW) is not None


def test_nobody_is_invited_twice_or_without_a_role() -> None:
    invited()
    with pytest.raises(Conflict):
        invited()
    with pytest.raises(Conflict):
        people.invite(INFO, "", [], by="x", at=NOW, rng=numbers)


def test_roles_change_from_one_moment_on_and_the_journal_keeps_both() -> None:
    invited(Role.MEMBER)
    people.change_roles(EVA, [Role.ADMINISTRATOR], by=str(ADMIN), at=NOW + DAY)
    assert users.find(EVA, at=NOW).roles == {Role.MEMBER}
    assert users.find(EVA, at=NOW + DAY).roles == {Role.ADMINISTRATOR}
    (entry,) = journal.read(action="user.roles_changed")
    assert entry.detail == {"before": ["member"], "after": ["administrator"]}
    people.change_roles(EVA, [Role.MEMBER], by=str(ADMIN), at=NOW + DAY)
    people.change_roles(EVA, [Role.ADMINISTRATOR], by=str(ADMIN), at=NOW + DAY)
    assert users.find(EVA, at=NOW + DAY).roles == {Role.ADMINISTRATOR}


def test_the_last_administrator_stays() -> None:
    invited(Role.ADMINISTRATOR)
    people.deactivate(EVA, by=str(ADMIN), at=NOW)
    with pytest.raises(LastAdministrator):
        people.deactivate(ADMIN, by=str(ADMIN), at=NOW)
    with pytest.raises(LastAdministrator):
        people.change_roles(ADMIN, [Role.MEMBER], by=str(ADMIN), at=NOW)
    assert users.find(ADMIN, at=NOW).roles == {Role.ADMINISTRATOR}
    people.reactivate(EVA, by=str(ADMIN), at=NOW)
    people.change_roles(ADMIN, [Role.MEMBER], by=str(ADMIN), at=NOW)
    assert users.administrators(at=NOW) == (EVA,)


def test_whoever_is_deactivated_has_no_password_no_link_and_no_account() -> None:
    token = invited()
    accounts.add(INFO, at=NOW)
    standing = Standing(capacity=Capacity.OWNER, since=NOW, until=None)
    account_flow.admit(INFO, EVA, standing, by="x", at=NOW)
    people.deactivate(EVA, by="x", at=NOW)
    assert people.invitation(token, at=NOW) is None
    people.reactivate(EVA, by="x", at=NOW)
    assert people.invitation(token, at=NOW) is None
    assert account_people.standing(INFO, EVA) is not None


def test_the_identity_provider_gives_and_takes_roles() -> None:
    assert from_provider("staff")
    assert users.find(EVA, at=NOW + DAY).roles == {Role.MEMBER}
    assert from_provider("staff", "admins", "others")
    assert users.find(EVA, at=NOW + DAY).roles == {Role.MEMBER, Role.ADMINISTRATOR}
    assert from_provider("staff")
    assert users.find(EVA, at=NOW + DAY).roles == {Role.MEMBER}


def test_a_leaver_loses_access_even_as_the_last_administrator() -> None:
    assert not from_provider("guests", email=ADMIN)
    assert not users.find(ADMIN, at=NOW).active
    assert actions()[0] == "user.left"
    assert not from_provider("admins", email=ADMIN), "only a person lets them in again"


def test_a_stranger_without_a_group_is_not_even_written_down() -> None:
    assert not from_provider("guests")
    with pytest.raises(NotFound):
        users.find(EVA, at=NOW)


def test_a_deputys_time_must_not_end_before_it_begins() -> None:
    invited()
    accounts.add(INFO, at=NOW)
    backwards = Standing(capacity=Capacity.DEPUTY, since=NOW, until=NOW)
    with pytest.raises(Conflict):
        account_flow.admit(INFO, EVA, backwards, by="x", at=NOW)
    assert account_people.of_account(INFO) == ()


def test_changes_of_accounts_stand_in_the_journal() -> None:
    invited()
    account_flow.create(INFO, "Büro", by="x", at=NOW, owner=EVA)
    account_flow.rename(INFO, "Bürgerbüro", by="x", at=NOW)
    account_flow.entitle(INFO, ADMIN, alias=False, by="x", at=NOW)
    account_flow.withdraw(INFO, ADMIN, by="x", at=NOW)
    account_flow.dismiss(INFO, EVA, by="x", at=NOW)
    assert actions()[:6] == [
        "account.person_removed",
        "account.grant_withdrawn",
        "account.delegation_granted",
        "account.renamed",
        "account.person_admitted",
        "account.created",
    ]
