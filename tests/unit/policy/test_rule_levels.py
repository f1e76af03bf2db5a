"""Rules of several levels: the nearer one counts, and each has only what makes sense there."""

import pytest

from siegel.base.address import EmailAddress
from siegel.base.errors import ConfigurationError
from siegel.policy.rule_levels import SETTABLE, Level, RuleBook, domains_of, layer
from siegel.policy.rules import CalendarRule, KeyChangeRule, Mode, OrganisationRules, describe

ANNA = EmailAddress.parse("anna@team.kreis.example")
BERT = EmailAddress.parse("bert@elsewhere.example")
WRITER = EmailAddress.parse("alice@office.example")
RULES = OrganisationRules()


def book(*layers: tuple[Level, str, dict[str, object]]) -> RuleBook:
    return RuleBook(
        organisation=RULES, layers=tuple(layer(level, name, given) for level, name, given in layers)
    )


def test_without_layers_the_organisations_rules_count_for_everybody() -> None:
    assert book().for_partner(ANNA) is RULES
    assert book().for_message(WRITER, [ANNA, BERT]) is RULES


@pytest.mark.parametrize(
    ("layers", "bits"),
    [
        pytest.param([(Level.DOMAIN, "kreis.example", 3072)], 3072, id="domain_above"),
        pytest.param(
            [(Level.DOMAIN, "team.kreis.example", 4096), (Level.DOMAIN, "kreis.example", 3072)],
            4096,
            id="the_nearer_domain",
        ),
        pytest.param(
            [(Level.PARTNER, str(ANNA), 2048), (Level.DOMAIN, "team.kreis.example", 4096)],
            2048,
            id="the_partner_before_the_domain",
        ),
        pytest.param([(Level.DOMAIN, "s.example", 4096)], 2048, id="no_part_of_a_label"),
        pytest.param([(Level.PARTNER, "anna@kreis.example", 4096)], 2048, id="another_address"),
    ],
)
def test_the_nearer_level_counts(layers: list[tuple[Level, str, int]], bits: int) -> None:
    written: list[tuple[Level, str, dict[str, object]]] = [
        (level, name, {"min_rsa_bits": value}) for level, name, value in layers
    ]
    found = book(*written)
    assert found.for_partner(ANNA).min_rsa_bits == bits


def test_levels_change_only_what_they_name() -> None:
    found = book(
        (Level.DOMAIN, "kreis.example", {"key_change": "hold", "mode": "offered"}),
        (Level.PARTNER, str(ANNA), {"mode": "automatic"}),
    ).for_partner(ANNA)
    assert (found.key_change, found.mode) == (KeyChangeRule.HOLD, Mode.AUTOMATIC)


def test_an_account_has_the_last_word_about_its_own_mail() -> None:
    found = book(
        (Level.PARTNER, str(ANNA), {"mode": "automatic"}),
        (Level.ACCOUNT, str(WRITER), {"mode": "offered", "calendar": "protect"}),
    )
    assert found.for_message(WRITER, [ANNA]).mode is Mode.OFFERED
    assert found.for_message(WRITER, [ANNA]).calendar is CalendarRule.PROTECT
    assert found.for_message(BERT, [ANNA]).mode is Mode.AUTOMATIC
    assert found.for_message(None, [ANNA]).calendar is CalendarRule.SIGN


def test_where_recipients_differ_the_stricter_rule_counts() -> None:
    found = book((Level.PARTNER, str(ANNA), {"mode": "offered"}))
    assert found.for_message(WRITER, [ANNA]).mode is Mode.OFFERED
    assert found.for_message(WRITER, [ANNA, BERT]).mode is Mode.AUTOMATIC


def test_what_had_a_say_is_named_once() -> None:
    found = book(
        (Level.DOMAIN, "kreis.example", {"mode": "offered"}),
        (Level.DOMAIN, "elsewhere.example", {"mode": "offered"}),
        (Level.ACCOUNT, str(WRITER), {"mode": "offered"}),
    )
    other = EmailAddress.parse("x@kreis.example")
    named = [one.name for one in found.concerning(WRITER, [ANNA, other])]
    assert named == ["kreis.example", str(WRITER)]


@pytest.mark.parametrize(
    ("level", "name", "given"),
    [
        pytest.param(Level.ACCOUNT, str(WRITER), {"key_change": "hold"}, id="rule_of_partners"),
        pytest.param(Level.DOMAIN, "a.example", {"subject_word": "x"}, id="rule_of_all"),
        pytest.param(Level.DOMAIN, "a.example", {"nonsense": 1}, id="no_rule"),
        pytest.param(Level.DOMAIN, "a@b.example", {}, id="no_domain"),
        pytest.param(Level.PARTNER, "b.example", {}, id="no_address"),
        pytest.param(Level.PARTNER, str(ANNA), {"min_rsa_bits": 512}, id="too_weak"),
    ],
)
def test_senseless_layers_are_refused(level: Level, name: str, given: dict[str, object]) -> None:
    with pytest.raises(ConfigurationError):
        layer(level, name, given)


def test_names_are_folded() -> None:
    assert layer(Level.DOMAIN, "Kreis.EXAMPLE", {}).name == "kreis.example"
    assert layer(Level.PARTNER, "Anna@Team.Kreis.Example", {}).name == str(ANNA)


def test_every_rule_of_a_level_is_a_rule_of_the_organisation() -> None:
    known = {name for name, _, _ in describe()}
    assert all(set(names) <= known for names in SETTABLE.values())


def test_a_domain_means_itself_and_what_lies_above() -> None:
    assert domains_of(ANNA) == {"team.kreis.example", "kreis.example", "example"}
