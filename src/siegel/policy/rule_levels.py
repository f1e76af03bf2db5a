"""Rules of several levels: organisation ← domain ← partner ← account; the nearer one counts.

A level holds only what it changes. Not every rule makes sense everywhere: at a domain and a partner
stands what concerns certificates of one recipient, at an account what its owner's mail is like.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from siegel.base.address import EmailAddress
from siegel.base.errors import ConfigurationError
from siegel.policy import values
from siegel.policy.rules import Json, Mode, OrganisationRules


class Level(StrEnum):
    """Below the organisation. DOMAIN and PARTNER are of those we write to, ACCOUNT is ours."""

    DOMAIN = "domain"
    PARTNER = "partner"
    ACCOUNT = "account"


_OF_PARTNERS = (
    "mode",
    "key_change",
    "unknown_revocation",
    "min_rsa_bits",
    "organisation_certificates",
    "look_up",
)
SETTABLE: Mapping[Level, tuple[str, ...]] = {
    Level.DOMAIN: _OF_PARTNERS,
    Level.PARTNER: _OF_PARTNERS,
    Level.ACCOUNT: ("mode", "calendar"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleLayer:
    """What one domain, partner or account has otherwise. Made by ``layer``."""

    level: Level
    name: str
    values: Mapping[str, Json]


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleBook:
    """The organisation's rules and the layers that may concern one mail."""

    organisation: OrganisationRules
    layers: tuple[RuleLayer, ...] = ()

    def for_partner(self, address: EmailAddress) -> OrganisationRules:
        """The domain's rules over the organisation's, those below it over its, the person's over
        all of these."""
        return _merged(self.organisation, self.of_partner(address))

    def for_message(
        self, sender: EmailAddress | None, recipients: Iterable[EmailAddress]
    ) -> OrganisationRules:
        """What concerns the mail as a whole. Where recipients differ the stricter rule counts: a
        mail that goes to one of them encrypted of its own accord goes so to all."""
        if not self.layers:
            return self.organisation
        own = self.of_account(sender)
        merged = _merged(self.organisation, own)
        modes = {self.for_partner(address).mode for address in recipients}
        if not modes or any("mode" in layer.values for layer in own):
            return merged
        mode = Mode.AUTOMATIC if Mode.AUTOMATIC in modes else Mode.OFFERED
        return _with(merged, {"mode": mode.value})

    def of_partner(self, address: EmailAddress) -> tuple[RuleLayer, ...]:
        """The layers that concern a recipient, the nearest last."""
        names = domains_of(address)
        found = [one for one in self.layers if one.level is Level.DOMAIN and one.name in names]
        found.sort(key=lambda one: one.name.count("."))
        mine = [one for one in self.layers if one.level is Level.PARTNER]
        return (*found, *(one for one in mine if one.name == str(address)))

    def of_account(self, sender: EmailAddress | None) -> tuple[RuleLayer, ...]:
        mine = [one for one in self.layers if one.level is Level.ACCOUNT]
        return tuple(one for one in mine if sender is not None and one.name == str(sender))

    def concerning(
        self, sender: EmailAddress | None, recipients: Iterable[EmailAddress]
    ) -> tuple[RuleLayer, ...]:
        """Each layer once that had a say in a mail, to tell people."""
        partners = (layer for address in recipients for layer in self.of_partner(address))
        once = {(one.level, one.name): one for one in (*partners, *self.of_account(sender))}
        return tuple(once.values())


def domains_of(address: EmailAddress) -> frozenset[str]:
    """The domain and those above it."""
    labels = address.domain.split(".")
    return frozenset(".".join(labels[start:]) for start in range(len(labels)))


def layer(level: Level, name: str, given: Mapping[str, object]) -> RuleLayer:
    """Read strictly; ``ConfigurationError`` for a rule that this level has not, and for a senseless
    name or value."""
    strange = sorted(given.keys() - set(SETTABLE[level]))
    if strange:
        raise ConfigurationError(f"no rule of a {level.value}: {', '.join(strange)}", rules=strange)
    folded = values.domain(name) if level is Level.DOMAIN else values.address(name)
    read = OrganisationRules.from_dict(given).to_dict()
    return RuleLayer(level=level, name=folded, values={rule: read[rule] for rule in given})


def _merged(base: OrganisationRules, layers: Iterable[RuleLayer]) -> OrganisationRules:
    changed: dict[str, Json] = {}
    for one in layers:
        changed |= one.values
    return _with(base, changed)


def _with(base: OrganisationRules, changed: Mapping[str, Json]) -> OrganisationRules:
    return OrganisationRules.from_dict({**base.to_dict(), **changed}) if changed else base
