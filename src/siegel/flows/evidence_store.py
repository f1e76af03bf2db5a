"""Revocation data in the store: what was fetched is kept there, lists can be imported by hand."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from siegel.base.errors import MalformedMessage, NotFound
from siegel.flows.evidence import Attempt, Gathering, Network
from siegel.flows.trusting import trust_facts
from siegel.pki import crl
from siegel.pki.certificate import Certificate, parse_certificate
from siegel.pki.crl import ListMemory, RevocationList
from siegel.pki.link import Link, link
from siegel.pki.trust_facts import TrustFacts
from siegel.pki.verdict import PathStatus
from siegel.policy.actions import Action
from siegel.store.queries import certificates, evidence, journal
from siegel.store.queries.certificates import Source
from siegel.store.transaction import together
from siegel.transport.fetching import Budget

FETCHER = "fetch"  # who added it, in the store
_AT_ONCE = 200  # certificates taken from the store in one go


@dataclass(frozen=True, slots=True, kw_only=True)
class Refreshed:
    """Certificates looked at, what came, and each attempt.

    ``goes_on_at``: how many to pass over next time; 0 when the last one was reached.
    """

    certificates: int
    goes_on_at: int
    issuers: int
    lists: int
    answers: int
    attempts: tuple[Attempt, ...]


def keep(work: Gathering, at: datetime) -> None:
    """Write down what was fetched and believed."""
    for certificate in work.certificates:
        certificates.add(certificate, source=Source.HARVESTED, by=FETCHER, at=at)
    for found in work.lists:
        _add(found.crl, found.issuer, found.place, at)
    for answer in work.answers:
        evidence.add_ocsp(
            answer.der,
            fingerprint=answer.fingerprint,
            this_update=answer.this_update,
            next_update=answer.next_update,
            at=at,
        )


def refresh(network: Network, budget: Budget, at: datetime, *, start: int = 0) -> Refreshed:
    """Fetch what is missing or out of date for the people's certificates in the store.

    One at a time, and each kept before the next: most have the same issuers.
    """
    done: list[Gathering] = []
    is_finished = True
    for leaf in _leaves(start):
        if budget.is_spent:
            is_finished = False
            break
        work = Gathering(network=network, budget=budget)
        work.complete([leaf], trust_facts([leaf], at))
        keep(work, at)
        done.append(work)
    return Refreshed(
        certificates=len(done),
        goes_on_at=0 if is_finished else start + len(done),
        issuers=sum(len(work.certificates) for work in done),
        lists=sum(len(work.lists) for work in done),
        answers=sum(len(work.answers) for work in done),
        attempts=tuple(attempt for work in done for attempt in work.attempts),
    )


def import_lists(blobs: Iterable[bytes], *, by: str, at: datetime) -> tuple[tuple[str, bool], ...]:
    """Keep revocation lists of authorities we know; (issuer, newer than what was there) for each.

    All are looked at before the first is kept.
    """
    believed = [_of_known_authority(blob, at) for blob in blobs]
    with together():
        return tuple(_import(found, issuer, by, at) for found, issuer in believed)


def _import(found: RevocationList, issuer: Certificate, by: str, at: datetime) -> tuple[str, bool]:
    new = _add(found, issuer.subject_der, found.scope, at)
    journal.write(
        at=at,
        actor=by,
        action=Action.CRL_IMPORTED,
        about=issuer.subject,
        detail={"sha256": found.sha256, "this_update": found.this_update.isoformat()},
    )
    return issuer.subject, new


def _of_known_authority(blob: bytes, at: datetime) -> tuple[RevocationList, Certificate]:
    memory = ListMemory()
    lists = crl.read_lists([blob], memory)
    if not lists:
        raise MalformedMessage("a revocation list that cannot be read, or too large")
    signed = crl.believed(lists, list(_authorities(lists[0], at)), memory)
    if not signed:
        raise NotFound(
            "no trusted authority that signed this list is known: import its certificate first, "
            "and trust its root"
        )
    return lists[0], signed[lists[0]].certificate


def _authorities(wanted: RevocationList, at: datetime) -> Iterator[Link]:
    """Those of the issuer's name that reach an anchor, and anchors themselves."""
    trust = trust_facts((), at)
    for anchor in trust.anchors.anchors:
        if link(anchor.certificate).subject == wanted.issuer:
            yield link(anchor.certificate)
    known = [parse_certificate(row.der) for row in certificates.listing(is_ca=True)]
    named = [one for one in known if link(one).subject == wanted.issuer]
    trust = trust_facts(named, at)
    yield from (link(one) for one in named if _is_trusted(one, trust))


def _is_trusted(authority: Certificate, trust: TrustFacts) -> bool:
    return trust.verdict_on_authority(authority).status is PathStatus.VALID


def _leaves(offset: int) -> Iterator[Certificate]:
    """By turns: a store may hold more certificates than should lie in memory."""
    while rows := certificates.listing(is_ca=False, limit=_AT_ONCE, offset=offset):
        yield from (parse_certificate(row.der) for row in rows)
        offset += _AT_ONCE


def _add(found: RevocationList, issuer: bytes, place: str, at: datetime) -> bool:
    return evidence.add_crl(
        found.der,
        issuer=issuer,
        this_update=found.this_update,
        next_update=found.next_update,
        at=at,
        place=place,
    )
