"""Everything about one certificate, gathered for its page: chain, history, where it is used."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from siegel.base.address import EmailAddress
from siegel.base.errors import NotFound
from siegel.flows.certificates import CertificateState, state_of
from siegel.flows.trusting import trust_facts
from siegel.pki.anchors import AnchorSource
from siegel.pki.certificate import Certificate
from siegel.pki.trust_facts import TrustFacts
from siegel.policy.actions import Action, ActionGroup, actions_of
from siegel.store.authority_rows import IssuedRow
from siegel.store.queries import alerts, certificates, issued, journal, keys, organisation, trust
from siegel.store.rows import AlertRow, CertificateRow, JournalRow, TrustDecisionRow
from siegel.store.transaction import together

LONGEST_CHAIN = 10  # certificates drawn; public hierarchies have three or four levels
_OF_INTEREST = (*actions_of(ActionGroup.CERTIFICATES), *actions_of(ActionGroup.TRUST))
HISTORY = 50  # journal entries shown; the journal has them all


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainLink:
    """One certificate of the chain. ``stored``: it has a page of its own here. ``anchor``: whose
    decision it is to rely on it. ``issuer_missing``: nobody knows who stands above."""

    certificate: Certificate
    stored: bool
    anchor: AnchorSource | None
    issuer_missing: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificatePage:
    """``chain`` begins with the certificate itself. ``others``: certificates of the same addresses,
    ``decisions``: what people decided about it as an authority, ``issued``: by one of ours."""

    state: CertificateState
    chain: tuple[ChainLink, ...]
    history: tuple[JournalRow, ...]
    accounts: tuple[EmailAddress, ...]
    archived_at: datetime | None
    others: tuple[CertificateRow, ...]
    alerts: tuple[AlertRow, ...]
    decisions: tuple[TrustDecisionRow, ...]
    issued: IssuedRow | None


def gather(fingerprint: str, at: datetime) -> CertificatePage:
    """Raises ``NotFound``."""
    row = certificates.get(fingerprint)
    facts = trust_facts([row.certificate], at)
    state = state_of(row, facts, organisation.get_rules(), at)
    own = row.has_private_key
    return CertificatePage(
        state=state,
        chain=_chain(state, facts),
        history=_history(row),
        accounts=keys.accounts_of(row.spki_sha256) if own else (),
        archived_at=keys.archived_at(row.spki_sha256) if own else None,
        others=certificates.sharing_addresses(row.fingerprint),
        alerts=alerts.about_certificate(row.fingerprint),
        decisions=trust.history(row.fingerprint),
        issued=issued.of_certificate(row.fingerprint),
    )


def archive(fingerprint: str, *, archived: bool, by: str, at: datetime) -> None:
    """The key of a certificate no longer signs and still opens old mail, or signs again."""
    row = certificates.get(fingerprint)
    if not row.has_private_key:
        raise NotFound("the private key of this certificate is not here")
    with together():
        keys.archive(row.spki_sha256, at=at if archived else None)
        action = Action.KEY_ARCHIVED if archived else Action.KEY_IN_USE_AGAIN
        journal.write(at=at, actor=by, action=action, about=row.fingerprint)


def _history(row: CertificateRow) -> tuple[JournalRow, ...]:
    """Entries about the certificate, and those about its addresses that name it."""
    addresses = [str(link.address) for link in row.links]
    found = journal.about([row.fingerprint, row.subject, *addresses], _OF_INTEREST, limit=HISTORY)
    return tuple(entry for entry in found if _is_about(entry, row.fingerprint))


def _is_about(entry: JournalRow, fingerprint: str) -> bool:
    named = {entry.detail.get(name) for name in ("fingerprint", "previous")}
    return entry.about == fingerprint or fingerprint in named


def _chain(state: CertificateState, facts: TrustFacts) -> tuple[ChainLink, ...]:
    """As it was judged; where no path was found, as far up as the names lead."""
    anchors = {a.certificate.fingerprint: a for a in facts.anchors.anchors}
    here = {c.fingerprint: c for c in facts.evidence.intermediates}
    known = {**{f: a.certificate for f, a in anchors.items()}, **here}
    leaf = state.row.certificate
    above = [known[f] for f in state.path.path[1:] if f in known] or _by_name(leaf, known)
    links = [
        ChainLink(
            certificate=each,
            stored=each.fingerprint in here or each is leaf,
            anchor=anchors[each.fingerprint].source if each.fingerprint in anchors else None,
        )
        for each in (leaf, *above)
    ]
    top = links[-1].certificate
    if links[-1].anchor is None and not top.is_self_issued:
        links[-1] = replace(links[-1], issuer_missing=True)
    return tuple(links)


def _by_name(leaf: Certificate, known: Mapping[str, Certificate]) -> Iterable[Certificate]:
    by_subject = {c.subject_der: c for c in known.values()}
    found: list[Certificate] = []
    current = leaf
    while not current.is_self_issued and len(found) < LONGEST_CHAIN:
        issuer = by_subject.get(current.issuer_der)
        if issuer is None:
            break
        found.append(issuer)
        current = issuer
    return found
