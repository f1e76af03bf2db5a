"""Rules of domains, partners and accounts, obeyed by real mail and told by the explanation."""

from pathlib import Path

import pytest

from siegel.base.errors import ConfigurationError
from siegel.flows.explaining import explain
from siegel.flows.ruling import set_level_rule
from siegel.policy.rule_levels import Level
from siegel.store.queries import journal, rule_levels
from tests.flows.office import ALICE, BOB, HUBER, Office, mail, signed_bytes
from tests.world import WORLD

DANA = WORLD.person("dana")


def sent_encrypted(office: Office, *to: str, sender: str = BOB.address) -> bool:
    office.out.sent.clear()
    assert office.send(mail(sender, *to), sender, *to).code == 250
    return all(b"nveloped" in copy.content for copy in office.out.sent)


@pytest.fixture
def office(office: Office) -> Office:
    for partner in (HUBER, DANA):
        office.partner(partner)
    return office


def rule(office: Office, level: Level, name: str, what: str, value: object) -> None:
    set_level_rule(level, name, what, value, by="chief", at=office.at)


@pytest.mark.requirement("A60")
@pytest.mark.parametrize(
    ("level", "name"),
    [(Level.DOMAIN, "school.example"), (Level.PARTNER, HUBER.address)],
)
def test_mail_to_a_partner_who_does_not_want_it_is_not_encrypted_by_itself(
    office: Office, level: Level, name: str
) -> None:
    assert sent_encrypted(office, HUBER.address)
    rule(office, level, name, "mode", "offered")
    assert not sent_encrypted(office, HUBER.address)
    assert sent_encrypted(office, DANA.address)
    assert sent_encrypted(office, HUBER.address, DANA.address), "the stricter rule counts"
    rule(office, level, name, "mode", None)
    assert sent_encrypted(office, HUBER.address)


@pytest.mark.requirement("A60")
def test_an_account_may_have_a_mode_of_its_own(office: Office) -> None:
    rule(office, Level.ACCOUNT, BOB.address, "mode", "offered")
    assert not sent_encrypted(office, HUBER.address)
    assert sent_encrypted(office, HUBER.address, sender=ALICE.address)


def test_a_stricter_key_length_of_one_partner_concerns_him_alone(office: Office) -> None:
    rule(office, Level.PARTNER, HUBER.address, "min_rsa_bits", 4096)
    assert not sent_encrypted(office, HUBER.address)
    assert sent_encrypted(office, DANA.address)


def test_incoming_mail_is_judged_by_the_rules_of_its_author(office: Office) -> None:
    """Nobody can say whether a certificate is revoked: a domain may refuse that."""
    raw = signed_bytes(HUBER, mail(HUBER.address, ALICE.address))
    office.receive(raw, HUBER.address, ALICE.address)
    assert b"X-Siegel-Summary: verified" in office.into.sent[-1].content
    rule(office, Level.DOMAIN, "school.example", "unknown_revocation", "refuse")
    office.receive(raw + b"\r\n", HUBER.address, ALICE.address)
    assert b"X-Siegel-Summary: unprotected" in office.into.sent[-1].content


def test_the_explanation_names_the_levels_that_had_a_say(office: Office) -> None:
    rule(office, Level.DOMAIN, "school.example", "mode", "offered")
    rule(office, Level.DOMAIN, "elsewhere.example", "mode", "offered")
    told = explain(BOB.address, [HUBER.address], "none", at=office.at).to_json()
    assert told["encryption"] == "offered"
    assert told["levels"] == [
        {"level": "domain", "name": "school.example", "rules": {"mode": "offered"}}
    ]


def test_the_journal_keeps_the_level_and_the_value_before(office: Office) -> None:
    rule(office, Level.PARTNER, "Huber@School.example", "mode", "offered")
    rule(office, Level.PARTNER, HUBER.address, "mode", None)
    newest, oldest = journal.read(action="rule.changed")
    assert (oldest.actor, oldest.about) == ("chief", "mode")
    assert oldest.detail == {
        "level": "partner", "name": HUBER.address, "before": None, "after": "offered",
    }  # fmt: skip
    assert newest.detail["before"] == "offered"
    assert rule_levels.page() == (), "an empty layer is none"


@pytest.mark.parametrize(
    ("level", "name", "what", "value"),
    [
        (Level.ACCOUNT, BOB.address, "min_rsa_bits", 4096),
        (Level.DOMAIN, "school.example", "nonsense", None),
        (Level.DOMAIN, "school.example", "mode", "sometimes"),
        (Level.PARTNER, "nobody", "mode", "offered"),
    ],
)
def test_senseless_rules_are_refused_and_nothing_changes(
    office: Office, level: Level, name: str, what: str, value: object
) -> None:
    with pytest.raises(ConfigurationError):
        rule(office, level, name, what, value)
    assert rule_levels.page() == ()


def test_rules_are_read_on_in_pages(office: Office) -> None:
    for number in range(5):
        rule(office, Level.DOMAIN, f"d{number}.example", "mode", "offered")
    first = rule_levels.page(limit=3)
    rest = rule_levels.page(after=first[-1].id, limit=3)
    names = [row.layer.name for row in (*first, *rest)]
    assert names == [f"d{number}.example" for number in range(4, -1, -1)]


def test_the_command_sets_lists_and_takes_back(tmp_path: Path) -> None:
    from tests.cli.command import Office as CommandOffice

    with CommandOffice(tmp_path) as desk:
        said = desk.siegel("rules", "set", "mode", "offered", "--domain", "Kreis.example")
        assert said == 'mode = "offered"\n'
        assert desk.json("rules", "levels") == [
            {"level": "domain", "name": "kreis.example", "rules": {"mode": "offered"}}
        ]
        assert 'kreis.example  mode  "offered"' in desk.siegel("rules", "levels")
        two = desk.ask("rules", "set", "mode", "offered", "--domain", "a.example", "--account", "b")
        assert two.code == 2
        desk.siegel("rules", "set", "mode", "null", "--domain", "kreis.example")
        assert desk.json("rules", "levels") == []
