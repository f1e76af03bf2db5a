"""In-house authorities: a root with an issuing authority below it, or one below a root outside.

Being ours is not being trusted: the own root becomes an anchor by a decision like any other, which
``create`` records only when it is told to.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from siegel.base.buffers import Random
from siegel.base.errors import Conflict, NotFound
from siegel.base.secret import Secret
from siegel.ca import authority as making
from siegel.ca import names, profiles
from siegel.ca.authority import Issuer, Places
from siegel.ca.names import Organisation
from siegel.flows import deciding, revocation_lists
from siegel.pki import key_generation
from siegel.pki.certificate import Certificate
from siegel.pki.issuer_keys import IssuerKey, issuer_key
from siegel.pki.key_generation import KeyChoice
from siegel.pki.names import display_name
from siegel.pki.request import build_request
from siegel.pki.softkeys import PrivateKey, load_private_key, private_key_info, spki_sha256
from siegel.policy.actions import Action
from siegel.store.authority_rows import AuthorityRow, CrlIssueRow, NewAuthority
from siegel.store.queries import (
    authorities,
    certificates,
    issued,
    journal,
    keys,
    organisation,
    requests,
)
from siegel.store.queries.authorities import AuthorityKind
from siegel.store.queries.certificates import Source
from siegel.store.transaction import together
from siegel.store.vault import Vault

_MARK = 16  # digits of the key's name in published addresses; they stay when it is renewed
MADE_HERE = "made here; its key never left this installation"


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorityPlan:
    """What a new authority shall be. ``domains`` empty: all of the organisation."""

    name: str
    organisation: Organisation
    publish_at: str
    domains: tuple[str, ...] = ()
    key: KeyChoice = KeyChoice.RSA_4096
    policy: str = ""
    root_days: int = profiles.ROOT_DAYS
    issuing_days: int = profiles.ISSUING_DAYS


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
    domains = _domains(plan.domains)
    root_key, issuing_key = _new_key(plan.key), _new_key(plan.key)
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
            _note(Action.AUTHORITY_CREATED, row, by, at)
            revocation_lists.issue(row, issuer_of(row, vault), by=by, at=at)
        if trust:
            trust_root(root, by=by, at=at)
    return Created(root=authorities.get(root_id), issuing=authorities.get(issuing_id))


def create_below(plan: AuthorityPlan, vault: Vault, *, by: str, at: datetime) -> AuthorityRow:
    """An issuing authority below a root outside: its request waits for the answer (``requesting``).

    What it may certify is said by that answer; our domains bind it here whatever it says.
    """
    domains = _domains(plan.domains)
    key = _new_key(plan.key)
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
        _note(Action.AUTHORITY_CREATED, row, by, at)
    return row


def request_of(row: AuthorityRow) -> bytes:
    """The request (DER) that waits for the certificate of this authority; ``NotFound``."""
    for one in requests.waiting():
        if one.spki_sha256 == row.spki_sha256:
            return one.der
    raise NotFound(f"no request of {row.name} waits for an answer")


def certify(
    row: AuthorityRow, certificate: Certificate, vault: Vault, *, by: str, at: datetime
) -> AuthorityRow:
    """The answer of the authority above: ours can work from now on, and issues its first list.

    Raises ``Conflict`` for a certificate that does not make it an authority.
    """
    usage = certificate.key_usage or frozenset()
    if not certificate.is_ca or not {"keyCertSign", "cRLSign"} <= usage:
        raise Conflict("the answer is no certificate of an authority that may sign lists, too")
    with together():
        authorities.certify(row.id, certificate.fingerprint)
        certified = authorities.get(row.id)
        _note(Action.AUTHORITY_CERTIFIED, certified, by, at)
        revocation_lists.issue(certified, issuer_of(certified, vault), by=by, at=at)
    return certified


def renew(
    name: str, vault: Vault, *, rng: Random, by: str, at: datetime, days: int | None = None
) -> AuthorityRow:
    """A new certificate for an issuing authority below a root of ours: same name, same key, so that
    everything it issued stays good. Raises ``Conflict`` for any other."""
    row = issuing_authority(name)
    old = row.certificate
    if row.parent is None or old is None:
        raise Conflict(f"{row.name} is not below a root of ours: request its certificate outside")
    root = authorities.get(row.parent)
    serial = making.new_serial(rng)
    issued.reserve(root.id, serial, at=at)
    made = making.create_issuing(
        issuer_of(root, vault),
        unsealed(row.spki_sha256, vault).public_key(),
        old.parsed.subject,
        row.domains,
        serial=serial,
        days=days or profiles.ISSUING_DAYS,
        at=at,
        policy=row.policy,
    )
    with together():
        certificates.add(made, source=Source.ISSUED, by=by, at=at)
        issued.complete(root.id, serial, made.fingerprint, "authority")
        authorities.certify(row.id, made.fingerprint)
        renewed = authorities.get(row.id)
        _note(Action.AUTHORITY_RENEWED, renewed, by, at)
    return renewed


def trust_root(root: Certificate, *, by: str, at: datetime) -> None:
    """The decision that makes our own root an anchor."""
    deciding.trust_by_hand(
        root.fingerprint, root.fingerprint, channel=MADE_HERE, why="", domains=(), by=by, at=at
    )


def trust_own(name: str, *, by: str, at: datetime) -> AuthorityRow:
    """The same, of the root that a person named; ``Conflict`` for anything else."""
    row = authorities.named(name)
    certificate = row.certificate
    if row.kind != AuthorityKind.ROOT or certificate is None:
        raise Conflict(f"{row.name} is no root of ours")
    trust_root(certificate, by=by, at=at)
    return row


def issue_lists(
    name: str | None, vault: Vault, *, by: str, at: datetime
) -> tuple[tuple[str, CrlIssueRow], ...]:
    """The lists that are due (the worker calls this), or that of the one named; with its name."""
    rows = revocation_lists.due(at) if name is None else (authorities.named(name),)
    return tuple(
        (row.name, revocation_lists.issue(row, issuer_of(row, vault), by=by, at=at)) for row in rows
    )


def described(row: AuthorityRow) -> dict[str, object]:
    """For programs."""
    certificate = row.certificate
    return {
        "name": row.name,
        "kind": row.kind,
        "sha256": None if certificate is None else certificate.fingerprint,
        "subject": None if certificate is None else certificate.subject,
        "not_after": None if certificate is None else certificate.not_after.isoformat(),
        "key": None if certificate is None else certificate.key_name,
        "domains": list(row.domains),
        "publish_at": row.publish_at,
        "issued": row.issued,
        "revoked": row.revoked,
    }


def shown(name: str) -> dict[str, object]:
    """The same with its last list, where it publishes, and what it issued lately."""
    row = authorities.named(name)
    last = authorities.last_list(row.id)
    found = places(row.publish_at, row.spki_sha256)
    return {
        **described(row),
        "places": [found.crl, found.issuer, found.ocsp],
        "list_number": None if last is None else last.number,
        "list_until": None if last is None else last.next_update.isoformat(),
        "certificates": recent(name),
    }


def recent(name: str) -> list[dict[str, object]]:
    return [
        {
            "serial": f"{one.serial:x}",
            "sha256": one.certificate.fingerprint,
            "subject": one.certificate.subject,
            "not_after": one.certificate.not_after.isoformat(),
            "profile": one.profile,
            "reason": one.reason,
            "revoked_at": None if one.revoked_at is None else one.revoked_at.isoformat(),
        }
        for one in issued.page(authorities.named(name).id)
    ]


def listing() -> tuple[AuthorityRow, ...]:
    return authorities.all_rows()


def issuing_authority(name: str | None) -> AuthorityRow:
    """The one of this name, or the only one that issues certificates for mailboxes.

    Raises ``NotFound``; ``Conflict`` for a root, and for one that is revoked.
    """
    if name is None:
        kind = AuthorityKind.ISSUING
        ready = [row for row in authorities.all_rows() if row.kind == kind and _may_issue(row)]
        if len(ready) != 1:
            raise NotFound(f"{len(ready)} authorities issue certificates here; name the one")
        return ready[0]
    row = authorities.named(name)
    if row.kind != AuthorityKind.ISSUING:
        raise Conflict(f"{row.name} is a root; certificates for mail come from the one below it")
    if row.der is not None and not _may_issue(row):
        raise Conflict(f"{row.name} is revoked; create another one")
    return row


def _may_issue(row: AuthorityRow) -> bool:
    """It has its certificate, which its root – if that is ours – has not revoked."""
    if row.certificate is None:
        return False
    standing = issued.of_certificate(row.certificate.fingerprint)
    return standing is None or standing.reason is None


def issuer_of(row: AuthorityRow, vault: Vault) -> Issuer:
    """Ready to sign. Raises ``Conflict`` while its certificate has not come."""
    certificate = row.certificate
    if certificate is None:
        raise Conflict(f"{row.name} waits for its certificate from outside")
    return Issuer(
        certificate=certificate,
        key=unsealed(row.spki_sha256, vault),
        places=places(row.publish_at, row.spki_sha256),
    )


def unsealed(name: str, vault: Vault) -> IssuerKey:
    return issuer_key(load_private_key(vault.unseal(keys.get(name)).reveal(), validated=True))


def places(publish_at: str, name_of_key: str) -> Places:
    """Where this authority's certificate, list and responder are found by everybody."""
    base, mark = publish_at.rstrip("/"), name_of_key[:_MARK]
    return Places(crl=f"{base}/{mark}.crl", issuer=f"{base}/{mark}.cer", ocsp=f"{base}/{mark}/ocsp")


def _domains(wanted: Iterable[str]) -> tuple[str, ...]:
    ours = organisation.domains()
    asked = deciding.folded(wanted) or ours
    for domain in sorted(asked):
        if not within(domain, ours):
            raise Conflict(f"{domain} is no domain of this organisation")
    if not asked:
        raise Conflict("the organisation has no domains yet; the configuration names them")
    return tuple(sorted(asked))


def within(host: str, domains: Iterable[str]) -> bool:
    """One of the domains, or below one: as name constraints and rules count them."""
    return any(host == domain or host.endswith(f".{domain}") for domain in domains)


def _new_key(choice: KeyChoice) -> IssuerKey:
    return issuer_key(key_generation.generate(choice))


def _seal(key: PrivateKey, vault: Vault, *, by: str, at: datetime) -> str:
    name = spki_sha256(key)
    keys.add(name, vault.seal(Secret(private_key_info(key)), name), by=by, at=at)
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


def _note(action: Action, row: AuthorityRow, by: str, at: datetime) -> None:
    certificate = row.certificate
    detail = {} if certificate is None else {"fingerprint": certificate.fingerprint}
    journal.write(at=at, actor=by, action=action, about=row.name, detail=dict(detail))
