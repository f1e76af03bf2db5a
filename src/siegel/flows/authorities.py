"""In-house authorities: a root with an issuing authority below it, or one below a root outside.

Being ours is not being trusted: the own root becomes an anchor by a decision like any other, which
``create`` records only when it is told to.
"""

from dataclasses import dataclass
from datetime import datetime

from siegel.base.buffers import Random
from siegel.base.errors import Conflict, NotFound
from siegel.ca import authority as making
from siegel.ca import names, profiles
from siegel.ca.authority import Issuer
from siegel.ca.names import Organisation
from siegel.flows import authority_upkeep, deciding, revocation_lists
from siegel.flows.authority_upkeep import certify, issue_lists, renew, trust_own, trust_root
from siegel.flows.issuers import issuer_of, issuing_authority, places, unsealed, within
from siegel.pki import key_generation
from siegel.pki.certificate import Certificate
from siegel.pki.issuer_keys import IssuerKey, issuer_key
from siegel.pki.key_generation import KeyChoice
from siegel.pki.names import display_name
from siegel.pki.request import build_request
from siegel.pki.softkeys import PrivateKey, spki_sha256
from siegel.pki.token_reference import kept_form
from siegel.policy.actions import Action
from siegel.store.authority_rows import AuthorityRow, NewAuthority
from siegel.store.queries import (
    authorities,
    certificates,
    issued,
    keys,
    organisation,
    requests,
)
from siegel.store.queries.authorities import AuthorityKind
from siegel.store.queries.certificates import Source
from siegel.store.transaction import together
from siegel.store.vault import Vault

# Everything about an authority as a whole, for whoever works with one.
__all__ = [
    "AuthorityPlan",
    "Created",
    "certify",
    "create",
    "create_below",
    "issue_lists",
    "issuer_of",
    "issuing_authority",
    "places",
    "renew",
    "request_of",
    "trust_own",
    "trust_root",
    "unsealed",
    "within",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorityPlan:
    """What a new authority shall be. ``domains`` empty: all of the organisation. ``further``:
    domains of others, named on purpose: whoever has an address there must prove it first.
    ``in_token``: its keys are made in hardware, and stay there."""

    name: str
    organisation: Organisation
    publish_at: str
    domains: tuple[str, ...] = ()
    further: tuple[str, ...] = ()
    key: KeyChoice = KeyChoice.RSA_4096
    policy: str = ""
    root_days: int = profiles.ROOT_DAYS
    issuing_days: int = profiles.ISSUING_DAYS
    in_token: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Created:
    root: AuthorityRow
    issuing: AuthorityRow


def create(
    plan: AuthorityPlan, vault: Vault, *, rng: Random, by: str, at: datetime, trust: bool = False
) -> Created:
    """Root and issuing authority with their first lists, at once or not at all.

    ``trust``: somebody decides, by saying so, that certificates of this root count here.
    """
    domains = _domains(plan)
    root_key, issuing_key = (_new_key(plan, kind, vault) for kind in ("Root", "Issuing"))
    root_places = places(plan.publish_at, spki_sha256(root_key))
    root = making.create_root(
        root_key,
        names.authority_name(f"{plan.name} Root", plan.organisation),
        serial=making.new_serial(rng),
        days=plan.root_days,
        at=at,
    )
    below = making.create_issuing(
        Issuer(certificate=root, key=root_key, places=root_places),
        issuing_key.public_key(),
        names.authority_name(f"{plan.name} Issuing", plan.organisation),
        domains,
        serial=making.new_serial(rng),
        days=plan.issuing_days,
        at=at,
        policy=plan.policy,
    )
    with together():
        for key in (root_key, issuing_key):
            _seal(key, vault, by=by, at=at)
        root_id = _add(plan, AuthorityKind.ROOT, "Root", root, None, (), by, at)
        issuing_id = _add(plan, AuthorityKind.ISSUING, "Issuing", below, root_id, domains, by, at)
        for one in (root, below):
            issued.reserve(root_id, one.serial, at=at)
            issued.complete(root_id, one.serial, one.fingerprint, "authority")
        for number in (root_id, issuing_id):
            row = authorities.get(number)
            authority_upkeep.note(Action.AUTHORITY_CREATED, row, by, at)
            revocation_lists.issue(row, issuer_of(row, vault), by=by, at=at)
        if trust:
            trust_root(root, by=by, at=at)
    return Created(root=authorities.get(root_id), issuing=authorities.get(issuing_id))


def create_below(plan: AuthorityPlan, vault: Vault, *, by: str, at: datetime) -> AuthorityRow:
    """An issuing authority below a root outside: its request waits for the answer (``requesting``).

    What it may certify is said by that answer; our domains bind it here whatever it says.
    """
    domains = _domains(plan)
    key = _new_key(plan, "", vault)
    subject = names.authority_name(plan.name, plan.organisation)
    request = build_request(key, subject, making.requested_of_parent())
    name = spki_sha256(key)
    with together():
        _seal(key, vault, by=by, at=at)
        number = authorities.add(
            _new(plan, plan.name, AuthorityKind.ISSUING, domains),
            spki_sha256=name,
            parent=None,
            fingerprint=None,
            by=by,
            at=at,
        )
        shown_name = display_name(subject.public_bytes())
        requests.add(name, request, shown_name, account=None, authority=number, by=by, at=at)
        row = authorities.get(number)
        authority_upkeep.note(Action.AUTHORITY_CREATED, row, by, at)
    return row


def request_of(row: AuthorityRow) -> bytes:
    """The request (DER) that waits for the certificate of this authority; ``NotFound``."""
    for one in requests.waiting():
        if one.spki_sha256 == row.spki_sha256:
            return one.der
    raise NotFound(f"no request of {row.name} waits for an answer")


def _domains(plan: AuthorityPlan) -> tuple[str, ...]:
    """What its certificate will permit. Raises ``Conflict`` for a domain that is not ours and was
    not named as one of others, and for what is no single domain ("de" would be a whole country)."""
    ours = organisation.domains()
    asked, further = deciding.folded(plan.domains) or ours, deciding.folded(plan.further)
    for domain in sorted(asked):
        if not within(domain, ours):
            raise Conflict(f"{domain} is no domain of this organisation")
    for domain in sorted(further):
        if "." not in domain:
            raise Conflict(f"{domain} is not the domain of one organisation")
    if not asked:
        raise Conflict("the organisation has no domains yet; the configuration names them")
    return tuple(sorted(asked | further))


def _new_key(plan: AuthorityPlan, suffix: str, vault: Vault) -> IssuerKey:
    if plan.in_token:
        label = f"{plan.name} {suffix}".strip()
        return issuer_key(vault.tokens.generate(plan.key, label))
    return issuer_key(key_generation.generate(plan.key))


def _seal(key: PrivateKey, vault: Vault, *, by: str, at: datetime) -> str:
    name = spki_sha256(key)
    keys.add(name, vault.seal(kept_form(key), name), by=by, at=at)
    return name


def _add(
    plan: AuthorityPlan,
    kind: AuthorityKind,
    suffix: str,
    certificate: Certificate,
    parent: int | None,
    domains: tuple[str, ...],
    by: str,
    at: datetime,
) -> int:
    certificates.add(certificate, source=Source.ISSUED, by=by, at=at)
    return authorities.add(
        _new(plan, f"{plan.name} {suffix}", kind, domains),
        spki_sha256=certificate.spki_sha256,
        parent=parent,
        fingerprint=certificate.fingerprint,
        by=by,
        at=at,
    )


def _new(
    plan: AuthorityPlan, name: str, kind: AuthorityKind, domains: tuple[str, ...]
) -> NewAuthority:
    names.web_place(plan.publish_at)
    return NewAuthority(
        name=name,
        kind=kind,
        organisation=plan.organisation.name,
        country=plan.organisation.country,
        identifier=plan.organisation.identifier,
        policy=plan.policy,
        domains=domains,
        publish_at=plan.publish_at,
    )
