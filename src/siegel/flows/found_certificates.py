"""Judge and keep what a foreign directory had for an address.

The certificate must name the address; its path must hold, with what came along or could be fetched;
a person's refusal stands; another key than before is told of. Everything else waits for a person.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from siegel.base.address import EmailAddress
from siegel.flows import harvesting, ruling, unknown_roots
from siegel.flows.inbound import known_of
from siegel.flows.network import gathering
from siegel.flows.site import Site
from siegel.flows.trusting import trust_facts
from siegel.pki.certificate import Certificate
from siegel.pki.trust_facts import TrustFacts
from siegel.pki.verdict import Purpose
from siegel.policy.actions import Action
from siegel.policy.harvest import HarvestItem, HarvestState, found_in_directory
from siegel.policy.lookups import Answer
from siegel.policy.signers import Circumstances, KnownCertificate, by_fingerprint
from siegel.policy.unknown_roots import ends_nowhere
from siegel.policy.usability import is_revoked
from siegel.store.queries import certificates, organisation, pending
from siegel.store.queries.certificates import Source
from siegel.store.transaction import together
from siegel.transport.fetching import Budget

EVIDENCE_SECONDS = 4.0  # for missing issuers and revocation of one answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What came for one address. ``mine``: what names it; ``trust``: with all that bears on it."""

    address: EmailAddress
    mine: tuple[Certificate, ...]
    known: tuple[KnownCertificate, ...]
    trust: TrustFacts


def with_evidence(
    found: Sequence[Certificate], address: EmailAddress, site: Site, budget: Budget, *, at: datetime
) -> Evidence | None:
    """None if nothing came at all. What is missing is fetched where the site has a network."""
    if not found:
        return None
    mine = tuple(c for c in found if address in c.addresses and not c.is_ca)
    known = known_of([address])
    trust = trust_facts((*mine, *(each.certificate for each in known)), at)
    trust = trust.with_more([c for c in found if c.is_ca], ())
    work = gathering(site.network, min(EVIDENCE_SECONDS, budget.left))
    if work is not None:
        work.complete(mine, trust)
        trust = work.added(trust)
    return Evidence(address=address, mine=mine, known=known, trust=trust)


def keep(evidence: Evidence, source: Source, *, by: str) -> Answer:
    """Keep what helps, in one transaction; the answer that says most."""
    if not evidence.mine:
        return Answer.OTHER_ADDRESS
    with together():
        heard = {_keep_one(each, evidence, source, by=by) for each in evidence.mine}
        unknown_roots.note_imported(_waiting(evidence), evidence.trust)
    return next(answer for answer in Answer if answer in heard)


def _keep_one(certificate: Certificate, evidence: Evidence, source: Source, *, by: str) -> Answer:
    trust, known = evidence.trust, by_fingerprint(evidence.known)
    verdict = trust.verdict(certificate, Purpose.ANY)
    if not certificate.may_encrypt or trust.at > certificate.not_after or is_revoked(verdict):
        return Answer.UNFIT
    before = known.get(certificate.fingerprint)
    if before is not None and (before.rejected or not before.pending):
        return Answer.REFUSED if before.rejected else Answer.KNOWN
    around = Circumstances(
        sender=evidence.address,
        sender_field=None,
        known=known,
        verdicts={certificate.fingerprint: verdict},
        at=trust.at,
        rules=ruling.rules_for_mail_from(organisation.get_rules(), [evidence.address]),
    )
    item = found_in_directory(certificate, evidence.address, around)
    return Answer.WAITS if item is None else _keep_item(item, trust, source, by=by)


def _keep_item(item: HarvestItem, trust: TrustFacts, source: Source, *, by: str) -> Answer:
    verdict = trust.verdict(item.certificate, Purpose.ANY)
    if item.state is HarvestState.LINKED:
        harvesting.link(
            item, at=trust.at, seen_at=None, source=source, by=by, found=Action.CERTIFICATE_FOUND
        )
        for issuer in trust.evidence.intermediates:  # mail is judged without the directory
            if issuer.fingerprint in verdict.path:
                certificates.add(issuer, source=source, by=by, at=trust.at)
        return Answer.FOUND
    pending.add_pending(
        item.certificate,
        item.address,
        reasons=[reason.finding.value for reason in verdict.reasons],
        at=trust.at,
        only_trust=ends_nowhere(verdict),
        source=source,
    )
    return Answer.WAITS


def _waiting(evidence: Evidence) -> list[Certificate]:
    """Whose root somebody should look at."""
    trust = evidence.trust
    fit = [c for c in evidence.mine if c.may_encrypt and trust.at <= c.not_after]
    return [c for c in fit if ends_nowhere(trust.verdict(c, Purpose.ANY))]
