"""The inbox of unknown roots: chains that arrived and end at a root, or an issuer, nobody judged.

Whether a question is answered is read off the decisions and the public list, so that a decision
empties the inbox and its withdrawal brings the question back. Nothing here is trusted.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from siegel.base.address import EmailAddress
from siegel.flows.trusting import Standing, standing
from siegel.mime.fields import from_addresses
from siegel.mime.message import Message
from siegel.pki.certificate import Certificate, parse_certificate
from siegel.pki.trust_facts import TrustFacts
from siegel.pki.verdict import Purpose
from siegel.policy.judging import Judged
from siegel.policy.trust import Trust
from siegel.policy.unknown_roots import UnknownChain, chains_of, ends_nowhere, unknown_chains
from siegel.store.queries import certificates
from siegel.store.queries import unknown_roots as store
from siegel.store.rows import UnknownRootRow


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownRoot:
    """One question. ``certificate`` is None when only the name of the issuer is known: import its
    certificate first. ``is_imported``: the store has it among its certificates."""

    row: UnknownRootRow
    certificate: Certificate | None
    is_imported: bool

    @property
    def name(self) -> str:
        return self.row.name

    def to_json(self) -> dict[str, object]:
        row, certificate = self.row, self.certificate
        return {
            "mark": row.mark,
            "sha256": certificate.fingerprint if certificate is not None else None,
            "name": row.name,
            "key_identifier": row.key_identifier,
            "imported": self.is_imported,
            "first_seen_at": row.first_seen_at.isoformat(),
            "last_seen_at": row.last_seen_at.isoformat(),
            "times": row.times,
            "senders": [str(address) for address in row.senders],
            "intermediates": len(row.intermediates),
        }


def note_signers(message: Message, judged: Judged) -> None:
    """Of a message that is being kept."""
    chains = unknown_chains(judged.judgement.signers, judged.trust)
    _note(chains, from_addresses(message), judged.trust.at)


def note_imported(found: Iterable[Certificate], trust: TrustFacts) -> None:
    """Of certificates of people that somebody imported: which of them end at no judged root."""
    leaves = [one for one in found if not one.is_ca]
    open_ended = [one for one in leaves if ends_nowhere(trust.verdict(one, Purpose.ANY))]
    for chain in chains_of(open_ended, trust):
        _note([chain], chain.leaf.addresses, trust.at)


def inbox(at: datetime) -> tuple[UnknownRoot, ...]:
    """What waits for a decision, the latest first; a fixed number of queries."""
    rows = store.listing()
    known = _known(rows)
    answered = _answered(standing(at))
    found = (_with_certificate(row, known) for row in rows)
    return tuple(one for one in found if not _is_answered(one, answered))


def one(mark: str) -> UnknownRoot | None:
    """The question whose mark, or whose root's fingerprint, begins so; None for none or several."""
    rows = store.called(mark)
    return _with_certificate(rows[0], _known(rows)) if len(rows) == 1 else None


def below(names: Iterable[str]) -> tuple[Certificate, ...]:
    """Authorities kept with unknown roots, issued under these names: evidence, if wanted."""
    return tuple(parse_certificate(der) for der in store.intermediates(names))


def _note(chains: Iterable[UnknownChain], senders: Iterable[EmailAddress], at: datetime) -> None:
    addresses = tuple(senders)
    for chain in chains:
        store.note(chain.top, addresses, at=at)


def _known(rows: Iterable[UnknownRootRow]) -> dict[str, list[Certificate]]:
    """Authorities of the store by the digest of their name: an issuer may have been imported."""
    found: dict[str, list[Certificate]] = {}
    for der in certificates.authorities_named({row.name_sha256 for row in rows}):
        certificate = parse_certificate(der)
        found.setdefault(store.digest(certificate.subject_der), []).append(certificate)
    return found


def _with_certificate(row: UnknownRootRow, known: dict[str, list[Certificate]]) -> UnknownRoot:
    named = [c for c in known.get(row.name_sha256, ()) if _is_meant(row, c)]
    if named:
        return UnknownRoot(row=row, certificate=named[0], is_imported=True)
    certificate = parse_certificate(row.der) if row.der is not None else None
    return UnknownRoot(row=row, certificate=certificate, is_imported=False)


def _is_meant(row: UnknownRootRow, certificate: Certificate) -> bool:
    if row.mark == certificate.fingerprint:
        return True
    if row.der is not None:
        return False
    identifier = certificate.subject_key_identifier
    return identifier is None or identifier.hex().startswith(row.key_identifier)


def _answered(trusted: Standing) -> frozenset[str]:
    """Fingerprints of what people decided about, and of what the public list has a word on."""
    latest = {d.certificate.fingerprint: d.trust for d in trusted.decisions}
    by_list = {a.certificate.fingerprint for a in trusted.public.anchors}
    by_list |= {c.fingerprint for c in trusted.public.distrusted}
    return frozenset({mark for mark, t in latest.items() if t is not Trust.WITHDRAWN} | by_list)


def _is_answered(found: UnknownRoot, answered: frozenset[str]) -> bool:
    return found.certificate is not None and found.certificate.fingerprint in answered
