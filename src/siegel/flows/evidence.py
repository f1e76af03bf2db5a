"""Fetch what is missing to judge a certificate: intermediates, revocation lists, OCSP answers.

Nothing is fetched for a chain without an anchor: whoever makes a certificate writes the addresses
in it (RFC 5280 §8). A missing issuer is looked for only where its name, its key or its organisation
is that of an anchor. Lists come before OCSP: they tell nobody whose mail is read. What was fetched
counts only if an authority of the chain signed it. No store is needed here; what was found is
handed back for it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice
from typing import Protocol

from siegel.base.errors import SiegelError
from siegel.pki import crl, ocsp
from siegel.pki.bundle import parse_certificates
from siegel.pki.certificate import Certificate
from siegel.pki.crl import ListMemory, RevocationList
from siegel.pki.deltas import missing_delta_places
from siegel.pki.link import link
from siegel.pki.names import parse_name
from siegel.pki.ocsp_request import get_address, requests
from siegel.pki.places import issuer_places, list_places, responder_places
from siegel.pki.strength import is_issued_by
from siegel.pki.trust_facts import TrustFacts
from siegel.pki.verdict import (
    OPEN_REVOCATION,
    PathFinding,
    PathStatus,
    PathVerdict,
    Purpose,
    RevocationStatus,
)
from siegel.transport.fetching import Budget, Fetched, Outcome, Post

MAIL_SECONDS = 5.0  # for one incoming message, all fetches together
MAX_LEAVES = 20  # certificates of one message that something is fetched for
MAX_FETCHES = 40  # of one piece of work
MAX_ISSUERS = 3  # certificates that may be missing one above the other
MAX_CERTIFICATE_FILE = 64 * 1024  # octets of a file with the issuer's certificate


_NOBODY = frozenset(
    {Outcome.UNREACHABLE, Outcome.TIMED_OUT, Outcome.REFUSED_ADDRESS, Outcome.OTHER_SCHEME}
)


class Network(Protocol):
    """``FetchOnce``, or a test."""

    def fetch(
        self, url: str, *, most: int, budget: Budget, accept: str = "*/*", post: Post | None = None
    ) -> Fetched: ...

    def was_useless(self, url: str, post: Post | None = None) -> None: ...


@dataclass(frozen=True, slots=True)
class Attempt:
    """One fetch and how it ended."""

    url: str
    outcome: Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundList:
    """A revocation list that an authority of a chain signed; ``issuer`` is its name in DER."""

    place: str
    crl: RevocationList
    issuer: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundAnswer:
    """An OCSP response that is believed about one certificate."""

    der: bytes = field(repr=False)
    fingerprint: str
    this_update: datetime
    next_update: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Question:
    url: str
    most: int
    accept: str
    post: Post | None = None


@dataclass(slots=True, kw_only=True)
class Gathering:
    """One piece of work with the network: its time, what was tried, what was found."""

    network: Network
    budget: Budget
    attempts: list[Attempt] = field(default_factory=list)
    certificates: list[Certificate] = field(default_factory=list)
    lists: list[FoundList] = field(default_factory=list)
    answers: list[FoundAnswer] = field(default_factory=list)

    def complete(self, leaves: Iterable[Certificate], trust: TrustFacts) -> TrustFacts:
        """The same trust with what could be fetched for the leaves."""
        for leaf in islice(dict.fromkeys(leaves), MAX_LEAVES):
            trust = _with_issuers(leaf, trust, self)
            trust = _with_revocation(leaf, trust, self)
        return trust

    def added(self, trust: TrustFacts) -> TrustFacts:
        """All that was found, beside what ``trust`` rests on already."""
        return _with(
            trust,
            certificates=self.certificates,
            crls=[one.crl.der for one in self.lists],
            responses=[one.der for one in self.answers],
        )

    def fetch(self, question: _Question) -> bytes | None:
        if len(self.attempts) >= MAX_FETCHES:
            return None
        found = self.network.fetch(
            question.url,
            most=question.most,
            budget=self.budget,
            accept=question.accept,
            post=question.post,
        )
        self.attempts.append(Attempt(question.url, found.outcome))
        return found.body if found.outcome is Outcome.FETCHED else None

    @property
    def nobody_is_there(self) -> bool:
        """The last fetch met nobody: another question to the same place is in vain."""
        return bool(self.attempts) and self.attempts[-1].outcome in _NOBODY

    def was_useless(self, question: _Question) -> None:
        self.attempts[-1] = Attempt(question.url, Outcome.USELESS)
        self.network.was_useless(question.url, question.post)


def _with_issuers(leaf: Certificate, trust: TrustFacts, work: Gathering) -> TrustFacts:
    """Fetched issuers are taken over only when a path through them reaches an anchor."""
    fetched: list[Certificate] = []
    wider = trust
    for _ in range(MAX_ISSUERS + 1):
        verdict = wider.verdict(leaf, Purpose.ANY)
        if verdict.anchor is not None:
            on_path = [one for one in fetched if one.fingerprint in verdict.path]
            work.certificates += on_path
            return wider if on_path else trust
        below = _highest(leaf, wider, verdict)
        if below is None or len(fetched) == MAX_ISSUERS or not _may_lead_to_anchor(below, trust):
            return trust
        issuer = _fetched_issuer(below, work)
        if issuer is None:
            return trust
        fetched.append(issuer)
        wider = _with(wider, certificates=[issuer])
    return trust


def _highest(leaf: Certificate, trust: TrustFacts, verdict: PathVerdict) -> Certificate | None:
    """The certificate whose issuer is missing, if that is all that is wrong."""
    if verdict.status is not PathStatus.INDETERMINATE:
        return None
    gaps = [one for one in verdict.reasons if one.finding is PathFinding.ISSUER_UNKNOWN]
    if not gaps:
        return None
    here = leaf
    for _ in range(gaps[0].depth):
        above = next((one for one in trust.evidence.intermediates if _issued(here, one)), None)
        if above is None:
            return None
        here = above
    return here


def _issued(child: Certificate, issuer: Certificate) -> bool:
    named = link(child).names_issuer(link(issuer))
    return named and is_issued_by(child.parsed, issuer.public_key)


def _may_lead_to_anchor(below: Certificate, trust: TrustFacts) -> bool:
    """Nobody can know who issued the missing certificate; authorities name their organisation."""
    child = link(below)
    organisation = _folded(parse_name(below.issuer_der).organisation)
    return any(
        (organisation and organisation == _folded(anchor.certificate.organisation))
        or child.names_issuer(link(anchor.certificate))
        or child.points_to(link(anchor.certificate))
        for anchor in trust.anchors.anchors
    )


def _folded(name: str | None) -> str:
    return " ".join((name or "").split()).casefold()


def _fetched_issuer(below: Certificate, work: Gathering) -> Certificate | None:
    for url in issuer_places(below):
        question = _Question(
            url=url,
            most=MAX_CERTIFICATE_FILE,
            accept="application/pkix-cert, application/pkcs7-mime",
        )
        body = work.fetch(question)
        if body is None:
            continue
        issuer = next(
            (one for one in _certificates(body) if one.is_ca and _issued(below, one)), None
        )
        if issuer is not None:
            return issuer
        work.was_useless(question)
    return None


def _certificates(body: bytes) -> tuple[Certificate, ...]:
    try:
        return parse_certificates(body)
    except SiegelError:
        return ()


def _with_revocation(leaf: Certificate, trust: TrustFacts, work: Gathering) -> TrustFacts:
    """For each certificate of a path that reaches an anchor and is not known to be good."""
    verdict = trust.verdict(leaf, Purpose.ANY)
    if verdict.status is not PathStatus.VALID:
        return trust
    chain = _chain(leaf, verdict, trust)
    for depth in range(len(chain) - 1):
        step = _Step(leaf=leaf, chain=chain, depth=depth, path=verdict.path, work=work)
        trust = step.with_list(trust)
        trust = step.with_delta(trust)
        trust = step.with_answer(trust)
    return trust


def _chain(leaf: Certificate, verdict: PathVerdict, trust: TrustFacts) -> list[Certificate]:
    anchors = (one.certificate for one in trust.anchors.anchors)
    known = {one.fingerprint: one for one in (*trust.evidence.intermediates, *anchors, leaf)}
    return [known[fingerprint] for fingerprint in verdict.path if fingerprint in known]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Step:
    """One certificate of a path whose revocation is looked after."""

    leaf: Certificate
    chain: list[Certificate]
    depth: int
    path: tuple[str, ...]
    work: Gathering

    @property
    def certificate(self) -> Certificate:
        return self.chain[self.depth]

    @property
    def issuer(self) -> Certificate:
        return self.chain[self.depth + 1]

    def with_list(self, trust: TrustFacts) -> TrustFacts:
        for url in list_places(self.certificate):
            if not self._is_open(trust):
                break
            question = _Question(url=url, most=crl.MAX_OCTETS, accept="application/pkix-crl")
            body = self.work.fetch(question)
            if body is None:
                continue
            found = self._believed(body, trust)
            wider = _with(trust, crls=[body]) if found else trust
            if found is not None:
                self._found_list(url, found)
            if self._is_open(wider):
                self.work.was_useless(question)
            trust = wider
        return trust

    def with_delta(self, trust: TrustFacts) -> TrustFacts:
        """What changed since the complete list, unless it is at hand already."""
        if self._is_lost(trust):
            return trust
        lists = trust.evidence.crls
        for url in missing_delta_places(self.certificate, self.issuer, lists, trust.at):
            question = _Question(url=url, most=crl.MAX_OCTETS, accept="application/pkix-crl")
            body = self.work.fetch(question)
            if body is None:
                continue
            found = self._believed(body, trust)
            if found is not None and found.is_delta and found.is_current(trust.at):
                self._found_list(url, found)
                return _with(trust, crls=[body])
            self.work.was_useless(question)
        return trust

    def with_answer(self, trust: TrustFacts) -> TrustFacts:
        """The second question is for responders that know SHA-1 only."""
        for responder in responder_places(self.certificate):
            for request in requests(self.certificate, self.issuer):
                if not self._is_open(trust):
                    return trust
                question = _to_responder(responder, request)
                body = self.work.fetch(question)
                if body is None and self.work.nobody_is_there:
                    break
                if body is None:
                    continue
                wider = _with(trust, responses=[body])
                if self._is_open(wider):
                    self.work.was_useless(question)
                    continue
                self._found_answer(body)
                trust = wider
        return trust

    def _found_list(self, url: str, found: RevocationList) -> None:
        issuer = self.certificate.issuer_der
        self.work.lists.append(FoundList(place=url, crl=found, issuer=issuer))

    def _is_lost(self, trust: TrustFacts) -> bool:
        """Revoked by now, or on another path: there is nothing more to ask."""
        verdict = trust.verdict(self.leaf, Purpose.ANY)
        return verdict.path != self.path or verdict.revocation is RevocationStatus.REVOKED

    def _is_open(self, trust: TrustFacts) -> bool:
        """Is it still unknown whether the certificate is revoked, on the same path?"""
        if self._is_lost(trust):
            return False
        verdict = trust.verdict(self.leaf, Purpose.ANY)
        if verdict.revocation is RevocationStatus.NOT_CHECKED:
            return True
        return any(
            one.finding in OPEN_REVOCATION and one.depth == self.depth for one in verdict.reasons
        )

    def _believed(self, body: bytes, trust: TrustFacts) -> RevocationList | None:
        """Signed by the issuer, or by another valid certificate of the issuer's name."""
        memory = ListMemory()
        signers = [link(self.issuer), *(link(one) for one in self._namesakes(trust))]
        lists = crl.read_lists([body], memory)
        return next(iter(crl.believed(lists, signers, memory)), None)

    def _namesakes(self, trust: TrustFacts) -> Iterator[Certificate]:
        name = link(self.issuer).subject
        others = (one for one in trust.evidence.intermediates if link(one).subject == name)
        for one in islice(others, MAX_ISSUERS):
            if trust.verdict_on_authority(one).status is PathStatus.VALID:
                yield one

    def _found_answer(self, body: bytes) -> None:
        for response in ocsp.read_responses([body]):
            for single in response.singles:
                if single.serial_number == self.certificate.serial:
                    self.work.answers.append(
                        FoundAnswer(
                            der=body,
                            fingerprint=self.certificate.fingerprint,
                            this_update=single.this_update_utc,
                            next_update=single.next_update_utc,
                        )
                    )


def _to_responder(responder: str, request: bytes) -> _Question:
    """With GET where that is short enough (RFC 9919 §5)."""
    address = get_address(responder, request)
    post = Post(body=request, content_type="application/ocsp-request") if not address else None
    return _Question(
        url=address or responder,
        most=ocsp.MAX_OCTETS,
        accept="application/ocsp-response",
        post=post,
    )


def _with(
    trust: TrustFacts,
    *,
    certificates: Iterable[Certificate] = (),
    crls: Iterable[bytes] = (),
    responses: Iterable[bytes] = (),
) -> TrustFacts:
    """New things first: what is handed in before may fill the limits of a judgement."""
    before = trust.evidence
    evidence = replace(
        before,
        intermediates=(*certificates, *before.intermediates),
        crls=(*crls, *before.crls),
        ocsp_responses=(*responses, *before.ocsp_responses),
    )
    return replace(trust, evidence=evidence)
