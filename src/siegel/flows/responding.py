"""The online status of our own certificates: one question in, one signed answer out.

The key that answers is not the authority's: a delegated one, made anew long before it ends.
"""

from datetime import datetime, timedelta

from siegel.base.errors import Conflict, NotFound
from siegel.base.secret import Secret
from siegel.ca import authority as making
from siegel.ca import names, ocsp
from siegel.ca.crl import RevocationReason
from siegel.ca.names import Organisation
from siegel.ca.ocsp import Responder, Status
from siegel.flows.issuers import issuer_of, unsealed
from siegel.flows.workshop import Workshop, reserved
from siegel.pki import key_generation
from siegel.pki.certificate import Certificate, parse_certificate
from siegel.pki.issuer_keys import issuer_key
from siegel.pki.key_generation import KeyChoice
from siegel.pki.softkeys import private_key_info, spki_sha256
from siegel.policy.actions import Action
from siegel.store.authority_rows import AuthorityRow
from siegel.store.queries import authorities, certificates, issued, journal, keys
from siegel.store.queries.certificates import Source
from siegel.store.transaction import together

RENEWED_BEFORE_ITS_END = timedelta(days=7)
_KEY = KeyChoice.P_256  # answers are many and short-lived


def respond(authority: str, request: bytes, workshop: Workshop, *, by: str, at: datetime) -> bytes:
    """The answer (DER) of the authority's responder, which is made here if there is none yet."""
    return respond_for(authorities.named(authority), request, workshop, by=by, at=at)


def respond_for(
    row: AuthorityRow, request: bytes, workshop: Workshop, *, by: str, at: datetime
) -> bytes:
    responder = responder_of(row, workshop, by=by, at=at)
    return ocsp.respond(request, responder, lambda serial: _status(row.id, serial), at=at)


def responder_of(row: AuthorityRow, workshop: Workshop, *, by: str, at: datetime) -> Responder:
    """The newest, or a new one when that ends soon, or was made below an older certificate."""
    authority = row.certificate
    if authority is None:
        raise NotFound(f"{row.name} has no certificate yet")
    found = authorities.responder(row.id)
    if found is not None:
        name, encoded = found
        certificate = parse_certificate(encoded)
        if _is_fresh(certificate, authority, at):
            key = unsealed(name, workshop.vault)
            return Responder(authority=authority, certificate=certificate, key=key)
    return _made(row, authority, workshop, by=by, at=at)


def _is_fresh(responder: Certificate, authority: Certificate, at: datetime) -> bool:
    """Until a week before its end; where it ends with its authority, so would a new one."""
    ends_together = responder.not_after >= authority.not_after
    before = timedelta(0) if ends_together else RENEWED_BEFORE_ITS_END
    return at < responder.not_after - before


def _made(
    row: AuthorityRow, authority: Certificate, workshop: Workshop, *, by: str, at: datetime
) -> Responder:
    issuer = issuer_of(row, workshop.vault)
    if at >= authority.not_after:  # strangers ask for years: nothing is reserved for them
        raise Conflict(f"the certificate of {row.name} has ended")
    key = issuer_key(key_generation.generate(_KEY))
    name = spki_sha256(key)
    behind = Organisation(name=row.organisation, country=row.country, identifier=row.identifier)
    serial = reserved(row.id, workshop, at=at)
    certificate = making.issue_ocsp_signer(
        issuer,
        key.public_key(),
        names.authority_name(f"{row.name} OCSP", behind),
        serial=serial,
        at=at,
    )
    sealed = workshop.vault.seal(Secret(private_key_info(key)), name, rng=workshop.rng)
    with together():
        keys.add(name, sealed, by=by, at=at)
        certificates.add(certificate, source=Source.ISSUED, by=by, at=at, listed=False)
        issued.complete(row.id, serial, certificate.fingerprint, "responder")
        authorities.add_responder(
            row.id, spki_sha256=name, fingerprint=certificate.fingerprint, at=at
        )
        detail = {"fingerprint": certificate.fingerprint}
        action = Action.AUTHORITY_RESPONDER_MADE
        journal.write(at=at, actor=by, action=action, about=row.name, detail=detail)
    return Responder(authority=authority, certificate=certificate, key=key)


def _status(authority: int, serial: int) -> Status:
    found = issued.standing(authority, serial)
    reason = RevocationReason(found.reason) if found.reason else RevocationReason.UNSPECIFIED
    return Status(is_issued=found.is_issued, revoked_at=found.revoked_at, reason=reason)
