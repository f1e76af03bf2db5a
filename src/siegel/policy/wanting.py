"""For which recipients of a mail foreign directories shall be asked."""

from siegel.base.address import EmailAddress
from siegel.policy.outbound import OutboundFacts, selected_for_encryption


def worth_looking_for(facts: OutboundFacts) -> tuple[EmailAddress, ...]:
    """Those outside to whom nothing could be encrypted, where a rule says so. What goes to many is
    never encrypted, so nobody is asked for."""
    if facts.bulk:
        return ()
    selected = selected_for_encryption(facts)
    return tuple(
        address
        for address in dict.fromkeys(facts.recipients)
        if facts.rules_of.get(address, facts.rules).look_up
        and address not in facts.internal
        and not selected[address].usable
    )
