"""The organisation, its domains and its rules."""

from django.db import transaction

from siegel.base.address import EmailAddress
from siegel.policy.rules import OrganisationRules
from siegel.store.models import Domain, Organisation
from siegel.store.models.organisation import THE_ORGANISATION
from siegel.store.rows import OrganisationRow
from siegel.store.text import clean


def establish(*, name: str, language: str, domains: tuple[str, ...]) -> None:
    """Name, language and domains as the configuration says; rules and further domains stay."""
    with transaction.atomic():
        Organisation.objects.update_or_create(
            id=THE_ORGANISATION, defaults={"name": clean(name, 500), "language": language}
        )
        for domain in domains:
            add_domain(domain)


def get() -> OrganisationRow:
    rows = list(
        Organisation.objects.values_list("name", "language", "rules", "domains__name").order_by()
    )
    if not rows:
        return OrganisationRow(
            name="", language="de", domains=frozenset(), rules=OrganisationRules()
        )
    name, language, rules, _ = rows[0]
    return OrganisationRow(
        name=name,
        language=language,
        domains=frozenset(row[3] for row in rows if row[3]),
        rules=OrganisationRules.from_dict(rules),
    )


def get_rules() -> OrganisationRules:
    return get().rules


def set_rules(rules: OrganisationRules) -> None:
    organisation, _ = Organisation.objects.get_or_create(id=THE_ORGANISATION, defaults=_UNNAMED)
    organisation.rules = rules.to_dict()
    organisation.save(update_fields=["rules"])


def domains() -> frozenset[str]:
    return frozenset(Domain.objects.values_list("name", flat=True))


def add_domain(name: str) -> None:
    """``name`` in any spelling; stored as folded A-labels. Raises ``MalformedAddress``."""
    Organisation.objects.get_or_create(id=THE_ORGANISATION, defaults=_UNNAMED)
    Domain.objects.get_or_create(
        name=EmailAddress.parse(f"postmaster@{name}").domain,
        defaults={"organisation_id": THE_ORGANISATION},
    )


_UNNAMED: dict[str, object] = {"name": "", "language": "de"}
