"""What becomes of an authority that was made: certified, renewed, trusted; its lists are issued."""

from datetime import datetime

from siegel.base.buffers import Random
from siegel.base.errors import Conflict
from siegel.ca import authority as making
from siegel.ca import profiles
from siegel.flows import deciding, revocation_lists
from siegel.flows.issuers import issuer_of, issuing_authority, unsealed
from siegel.pki.certificate import Certificate
from siegel.pki.request import build_request
from siegel.policy.actions import Action
from siegel.store.authority_rows import AuthorityRow, CrlIssueRow, RequestRow
from siegel.store.queries import authorities, certificates, issued, journal, requests
from siegel.store.queries.authorities import AuthorityKind
from siegel.store.queries.certificates import Source
from siegel.store.transaction import together
from siegel.store.vault import Vault

MADE_HERE = "made here; its key never left this installation"


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
        note(Action.AUTHORITY_CERTIFIED, certified, by, at)
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
        note(Action.AUTHORITY_RENEWED, renewed, by, at)
    return renewed


def request_again(row: AuthorityRow, vault: Vault, *, by: str, at: datetime) -> RequestRow:
    """A request for a new certificate to the authority outside: same name, same key. Its answer
    comes by the same door as the first one's. Raises ``Conflict`` where ``renew`` is the way."""
    old = row.certificate
    if row.parent is not None or row.kind != AuthorityKind.ISSUING or old is None:
        raise Conflict(f"{row.name} has no authority outside above it")
    subject = old.parsed.subject
    key = unsealed(row.spki_sha256, vault)
    der = build_request(key, subject, making.requested_of_parent())
    with together():
        number = requests.add(
            row.spki_sha256, der, old.subject, account=None, authority=row.id, by=by, at=at
        )
        note(Action.CERTIFICATE_REQUESTED, row, by, at)
    return requests.get(number)


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


def note(action: Action, row: AuthorityRow, by: str, at: datetime) -> None:
    certificate = row.certificate
    detail = {} if certificate is None else {"fingerprint": certificate.fingerprint}
    journal.write(at=at, actor=by, action=action, about=row.name, detail=dict(detail))
