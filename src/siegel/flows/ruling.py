"""Rules of all levels: which count for a mail, and changing them; the journal keeps what was."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from siegel.base.address import EmailAddress
from siegel.policy.actions import Action
from siegel.policy.rule_levels import Level, RuleBook, layer
from siegel.policy.rules import Json, OrganisationRules
from siegel.store.queries import journal, organisation, rule_levels
from siegel.store.rows import LevelRow
from siegel.store.transaction import together


def book(
    rules: OrganisationRules, sender: EmailAddress | None, partners: Iterable[EmailAddress]
) -> RuleBook:
    """The organisation's rules with the levels that may concern mail between these; one query."""
    return RuleBook(organisation=rules, layers=rule_levels.concerning(sender, partners))


def rules_for_mail_from(
    rules: OrganisationRules, senders: Sequence[EmailAddress]
) -> OrganisationRules:
    """Incoming mail is judged by the rules of its author, if it has exactly one."""
    return book(rules, None, senders).for_partner(senders[0]) if len(senders) == 1 else rules


def set_level_rule(
    level: Level, name: str, rule: str, value: object, *, by: str, at: datetime
) -> Json:
    """The value as stored; None takes the rule back, so that the level above counts again.

    ``ConfigurationError`` for what this level has not, and for senseless names and values.
    """
    empty = layer(level, name, {})
    with together():
        row = rule_levels.get(level, empty.name)
        before = dict(row.layer.values) if row is not None else {}
        wanted: dict[str, object] = {**before, rule: value}
        if value is None:
            layer(level, name, {rule: OrganisationRules().to_dict().get(rule)})
            del wanted[rule]
        made = layer(level, name, wanted)
        rule_levels.put(made, by=by, at=at)
        after = made.values.get(rule)
        journal.write(
            at=at,
            actor=by,
            action=Action.RULE_CHANGED,
            about=rule,
            detail={
                "level": level.value,
                "name": made.name,
                "before": before.get(rule),
                "after": after,
            },
        )
    return after


def set_rules(changed: Mapping[str, object], *, by: str, at: datetime) -> tuple[str, ...]:
    """All of them or none; the names of those that are different now."""
    before = organisation.get_rules().to_dict()
    wanted = OrganisationRules.from_dict({**before, **changed}).to_dict()
    different = tuple(name for name in changed if wanted[name] != before[name])
    with together():
        for name in different:
            set_rule(name, wanted[name], by=by, at=at)
    return different


def organisation_rules() -> OrganisationRules:
    return organisation.get_rules()


def levels(*, after: int | None = None, limit: int = 50) -> tuple[LevelRow, ...]:
    """Domains, partners and accounts with rules of their own, the newest first."""
    return rule_levels.page(after=after, limit=limit)


def level_of(level: Level, name: str) -> LevelRow | None:
    return rule_levels.get(level, layer(level, name, {}).name)


def set_rule(name: str, value: object, *, by: str, at: datetime) -> Json:
    """The value as stored; ``ConfigurationError`` for an unknown rule or a senseless value."""
    with together():
        before = organisation.get_rules().to_dict()
        rules = OrganisationRules.from_dict({**before, name: value})
        organisation.set_rules(rules)
        after = rules.to_dict()[name]
        journal.write(
            at=at,
            actor=by,
            action=Action.RULE_CHANGED,
            about=name,
            detail={"before": before[name], "after": after},
        )
    return after
