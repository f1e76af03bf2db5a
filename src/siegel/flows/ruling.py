"""Change one rule of the organisation; the journal keeps the value before."""

from datetime import datetime

from siegel.policy.actions import Action
from siegel.policy.rules import Json, OrganisationRules
from siegel.store.queries import journal, organisation
from siegel.store.transaction import together


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
