"""The organisation, its rules, and the people who administer it."""

from dataclasses import replace

import pytest
from django.db import IntegrityError, transaction
from pytest_django import Settings

from siegel.base.address import EmailAddress
from siegel.base.errors import ConfigurationError, MalformedAddress, NotFound
from siegel.base.secret import Secret
from siegel.policy.rules import OrganisationRules
from siegel.store import models
from siegel.store.queries import organisation, users
from tests.store.given import ALICE, BOB, DAY, NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def quick(settings: Settings) -> None:
    """A hash that costs nothing, where the cost is not what is tested."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def test_before_anything_is_set_the_rules_are_the_defaults() -> None:
    assert organisation.get_rules() == OrganisationRules()
    assert organisation.domains() == frozenset()


def test_rules_come_back_as_they_were_set() -> None:
    rules = replace(OrganisationRules(), must_encrypt_domains=frozenset({"bamf.example"}))
    organisation.set_rules(rules)
    assert organisation.get_rules() == rules


def test_setting_up_again_keeps_rules_and_further_domains() -> None:
    rules = replace(OrganisationRules(), subject_tag=False)
    organisation.establish(name="Amt", language="de", domains=("Office.example",))
    organisation.set_rules(rules)
    organisation.add_domain("bücher.example")
    organisation.establish(name="Landratsamt", language="en", domains=("office.example",))
    row = organisation.get()
    assert (row.name, row.language, row.rules) == ("Landratsamt", "en", rules)
    assert row.domains == {"office.example", "xn--bcher-kva.example"}


def test_a_rule_from_another_version_is_an_error_not_a_default() -> None:
    organisation.set_rules(OrganisationRules())
    models.Organisation.objects.update(rules={"invented": True})
    with pytest.raises(ConfigurationError):
        organisation.get_rules()


def test_what_is_no_domain_is_not_stored() -> None:
    with pytest.raises(MalformedAddress):
        organisation.add_domain("not a domain")


def test_there_is_one_organisation() -> None:
    organisation.establish(name="Amt", language="de", domains=())
    with pytest.raises(IntegrityError), transaction.atomic():
        models.Organisation.objects.create(id=2, name="Other", language="de")


@pytest.mark.usefixtures("quick")
def test_an_administrator_can_log_in() -> None:
    row = users.create_admin(ALICE, password=Secret("sesam öffne dich"), at=NOW)
    assert row.roles == {users.Role.ADMINISTRATOR}
    assert users.check_password(
        EmailAddress.parse("ALICE@office.example"), Secret("sesam öffne dich")
    )
    assert not users.check_password(ALICE, Secret("sesam"))
    assert not users.check_password(BOB, Secret("sesam öffne dich"))


@pytest.mark.usefixtures("quick")
def test_creating_an_administrator_again_is_the_way_back() -> None:
    users.create_admin(ALICE, password=Secret("old"), at=NOW, display_name="Alice")
    models.User.objects.update(is_active=False)
    assert not users.check_password(ALICE, Secret("old"))
    row = users.create_admin(ALICE, password=Secret("new"), at=NOW + DAY)
    assert row.active
    assert row.display_name == "Alice"
    assert users.check_password(ALICE, Secret("new"))
    assert not users.check_password(ALICE, Secret("old"))
    assert models.Membership.objects.count() == 1


@pytest.mark.usefixtures("quick")
def test_without_a_password_nobody_logs_in_by_one() -> None:
    users.create_admin(ALICE, password=None, at=NOW)
    assert not users.check_password(ALICE, Secret(""))


def test_a_role_ends_when_it_says() -> None:
    users.create_admin(ALICE, password=None, at=NOW)
    models.Membership.objects.update(until=NOW + DAY)
    assert users.find(ALICE, at=NOW).roles == {users.Role.ADMINISTRATOR}
    assert users.find(ALICE, at=NOW + DAY).roles == frozenset()
    assert users.find(ALICE, at=NOW - DAY).roles == frozenset()
    assert [row.roles for row in users.list_all(at=NOW)] == [{users.Role.ADMINISTRATOR}]


def test_an_unknown_user_is_not_found() -> None:
    with pytest.raises(NotFound):
        users.find(BOB, at=NOW)


def test_passwords_are_stored_hashed() -> None:
    users.create_admin(ALICE, password=Secret("sesam"), at=NOW)
    stored = models.User.objects.get().password
    assert "sesam" not in stored
    assert stored.split("$")[0] in ("argon2", "pbkdf2_sha256")
