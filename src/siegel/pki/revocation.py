"""Is a certificate of a chain revoked? OCSP answers and revocation lists, weighed together.

OpenSSL evaluates the lists (scope, deltas, newest first, separate signers); it is asked for the
whole chain first. It names one error only, so that a missing list can hide a revocation: then it
is asked for each certificate alone, and what it says counts only if the list was signed with the
issuer's own key. Dates of lists are compared here, because OpenSSL knows no date of a revocation
and one clock for everything.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from cryptography import x509

from siegel.pki import ocsp
from siegel.pki.builder import Chain
from siegel.pki.crl import HOLD, ListMemory, RevocationList, Revoked, believed, lasting, read_lists
from siegel.pki.evidence import Evidence
from siegel.pki.link import Link
from siegel.pki.places import names_indirect_list
from siegel.pki.strength import digest_weakness, key_weakness
from siegel.pki.verdict import PathFinding, PathReason, RevocationStatus, reason

MAX_SEPARATE_SIGNERS = 4  # certificates beside the chain that may have signed its lists

_NO_REVOCATION_AVAILABLE = x509.ObjectIdentifier("2.5.29.56")  # RFC 9608
_REVOKED = 23  # X509_V_ERR_CERT_REVOKED
_NO_LIST = 3  # X509_V_ERR_UNABLE_TO_GET_CRL
_INDIRECT = "indirect CRL, not evaluated"
_OUT_OF_DATE = "the revocation list is out of date or not yet valid"
_WORDS = {
    0: "the revocation list was not signed with the issuer's own key",
    _NO_LIST: "no revocation list for this certificate",
    8: "the signature of the revocation list is not valid",
    33: "the issuer of the revocation list is unknown",
    35: "the issuer may not sign revocation lists",
    36: "the revocation list has an unknown critical extension",
    44: "the revocation list has another scope",
    54: "the path of the revocation list is not valid",
}


class ListCheck(Protocol):
    """OpenSSL's verdict on a chain under revocation lists: an error number, 0 if all is good."""

    def __call__(
        self, chain: Chain, extra: Sequence[Link], lists: Sequence[RevocationList], whole: bool
    ) -> int: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Revocation:
    """The result for a chain; ``revoked`` is about the certificate nearest to the leaf."""

    status: RevocationStatus
    reasons: tuple[PathReason, ...] = ()
    revoked: Revoked | None = None


@dataclass(slots=True, kw_only=True)
class RevocationEvidence:
    """Lists and responses, read when the first chain needs them."""

    evidence: Evidence
    at: datetime
    check: ListCheck
    memory: ListMemory = field(default_factory=ListMemory)
    lists: tuple[RevocationList, ...] = field(init=False)
    responses: tuple[ocsp.Response, ...] = field(init=False)

    def __post_init__(self) -> None:
        self.lists = read_lists(self.evidence.crls, self.memory)
        self.responses = ocsp.read_responses(self.evidence.ocsp_responses)

    def judge(self, chain: Chain, reached: Sequence[Link]) -> Revocation:
        nothing = not self.evidence.crls and not self.evidence.ocsp_responses
        if nothing or len(chain) == 1:
            return Revocation(status=RevocationStatus.NOT_CHECKED)
        return _Question(given=self, chain=chain, beside=_beside(chain, reached)).answer()


def _beside(chain: Chain, reached: Sequence[Link]) -> tuple[Link, ...]:
    """Other certificates of the same authorities: a separate key may sign the lists."""
    names, taken = {one.issuer for one in chain}, set(chain)
    found = [one for one in reached if one not in taken and one.subject in names]
    return tuple(found[:MAX_SEPARATE_SIGNERS])


@dataclass(slots=True, kw_only=True)
class _Question:
    """One chain under one evidence."""

    given: RevocationEvidence
    chain: Chain
    beside: tuple[Link, ...]
    signed: dict[RevocationList, Link] = field(init=False)
    current: tuple[RevocationList, ...] = field(init=False)

    def __post_init__(self) -> None:
        authorities = (*self.chain[1:], *self.beside)
        self.signed = believed(self.given.lists, authorities, self.given.memory)
        self.current = tuple(one for one in self.signed if one.is_current(self.given.at))

    def answer(self) -> Revocation:
        answers = [self._ocsp(depth) for depth in self._depths]
        for depth, said in enumerate(answers):
            if said is not None and said.revoked and said.revoked.holds(self.given.at):
                return _revoked(depth, said.revoked)
        plain = self._are_all_listed and not any(map(self._newer_entries, self._depths))
        if plain and self._run(0, self.current, whole=True) == 0:
            return Revocation(status=RevocationStatus.GOOD)
        return self._one_by_one(answers)

    def _one_by_one(self, answers: Sequence[ocsp.Answer | None]) -> Revocation:
        """A revocation of a later date, answered before, is an answer, too: good until then."""
        good = [said is not None and (said.good or said.revoked is not None) for said in answers]
        gaps = []
        for depth in self._depths:
            lists = self._about(depth)
            code = self._run(depth, lists, whole=False) if lists else _NO_LIST
            revoked = self._listed(depth, code)
            if revoked is not None:
                return _revoked(depth, revoked)
            if not (good[depth] or self._is_exempt(depth) or self._is_covered(depth, code)):
                gaps.append(self._gap(depth, code))
        status = RevocationStatus.UNKNOWN if gaps else RevocationStatus.GOOD
        return Revocation(status=status, reasons=tuple(gaps))

    @property
    def _depths(self) -> range:
        """The anchor is believed, not checked (RFC 5280 §6.1)."""
        return range(len(self.chain) - 1)

    @property
    def _are_all_listed(self) -> bool:
        """Is there a list for each? If not, the whole chain need not be asked for."""
        issuers = {crl.issuer for crl in self.current}
        return all(self.chain[depth].issuer in issuers for depth in self._depths)

    def _run(self, depth: int, lists: Sequence[RevocationList], *, whole: bool) -> int:
        return self.given.check(self.chain[depth:], self.beside, lists, whole)

    def _listed(self, depth: int, code: int) -> Revoked | None:
        """The revocation that a list proves: a current one, or one out of date."""
        one, at = self.chain[depth], self.given.at
        if code == _REVOKED:
            found = self._newest_entry(one) or Revoked(at=None)
            if found.holds(at):
                return found
        decided = code in (0, _REVOKED)
        entries = self._newer_entries(depth) if decided else self._entries(self.signed, depth)
        return lasting(entries, at)

    def _entries(self, lists: Iterable[RevocationList], depth: int) -> list[Revoked]:
        serial = self.chain[depth].certificate.serial
        found = (one.entry(serial) for one in self._own(lists, depth))
        return [entry for entry in found if entry is not None]

    def _newer_entries(self, depth: int, *, strictly: bool = False) -> list[Revoked]:
        """What is no older than the complete list in time, and not heard by OpenSSL: lists out of
        date (deltas live for a day, complete lists for a week), deltas that nobody points to.

        Lists for one part of the certificates are compared with lists for the same part, if any: of
        two that contradict each other the worse counts.
        """
        newest: dict[str, datetime] = {}
        for one in self.current:
            if one.issuer == self.chain[depth].issuer and not one.is_delta:
                newest[one.part] = max(one.this_update, newest.get(one.part, one.this_update))
        if not newest:
            return []
        last, least = max(newest.values()), timedelta(seconds=strictly)
        newer = (
            one for one in self.signed if one.this_update >= newest.get(one.part, last) + least
        )
        return self._entries(newer, depth)

    def _was_on_hold(self, depth: int) -> bool:
        """… when somebody last knew, and nobody has said since that it is no longer."""
        return any(entry.reason == HOLD for entry in self._newer_entries(depth, strictly=True))

    def _newest_entry(self, one: Link) -> Revoked | None:
        """The entry that made OpenSSL say "revoked"."""
        understood = (crl for crl in self.current if crl.is_understood)
        newest = sorted(understood, key=lambda crl: crl.this_update, reverse=True)
        for indirect in (False, True):
            for crl in newest:
                entry = crl.entry(one.certificate.serial, indirect=indirect)
                if entry is not None and (indirect or crl.issuer == one.issuer):
                    return entry
        return None

    def _is_covered(self, depth: int, code: int) -> bool:
        """Lists made with the issuer's own key say so; other signers may be revoked themselves."""
        if code == _REVOKED:
            return True  # from a date after the moment that is judged
        if self._was_on_hold(depth):
            return False
        own = self._own(self.current, depth)
        if code or not own:
            return False
        return own == self._about(depth) or self._run(depth, own, whole=False) == 0

    def _about(self, depth: int) -> tuple[RevocationList, ...]:
        issuer = self.chain[depth].issuer
        return tuple(one for one in self.current if one.issuer == issuer or one.is_indirect())

    def _own(self, lists: Iterable[RevocationList], depth: int) -> tuple[RevocationList, ...]:
        """The lists made with the key that signed the certificate at ``depth``."""
        identity = self.chain[depth + 1].identity
        return tuple(one for one in lists if self.signed[one].identity == identity)

    def _is_exempt(self, depth: int) -> bool:
        """RFC 9608: short-lived certificates say that nothing will ever be known about them."""
        certificate = self.chain[depth].certificate
        if certificate.is_ca:
            return False
        return any(one.oid == _NO_REVOCATION_AVAILABLE for one in certificate.parsed.extensions)

    def _ocsp(self, depth: int) -> ocsp.Answer | None:
        return ocsp.answer(
            self.chain[depth],
            self.chain[depth + 1],
            self.given.responses,
            self.given.at,
            self._is_valid_delegate,
        )

    def _is_valid_delegate(self, delegate: Link, issuer: Link, no_check: bool) -> bool:
        chain, check = (delegate, issuer), self.given.check
        weakness = key_weakness(delegate.certificate) or digest_weakness(delegate.certificate)
        if weakness or not delegate.is_in_time(self.given.at) or check(chain, (), (), False):
            return False
        own = tuple(one for one in self.current if self.signed[one] == issuer)
        return no_check or (bool(own) and check(chain, (), own, False) == 0)

    def _gap(self, depth: int, code: int) -> PathReason:
        if self._is_listed_elsewhere(depth):
            return reason(PathFinding.INDIRECT_LIST, depth, _INDIRECT)
        return reason(PathFinding.REVOCATION_UNKNOWN, depth, self._words(depth, code))

    def _is_listed_elsewhere(self, depth: int) -> bool:
        """The certificate names an indirect list, or there is no other that could be about it."""
        lists = self._about(depth)
        indirect = [one.is_indirect() for one in lists]
        return names_indirect_list(self.chain[depth].certificate) or (
            any(indirect) and all(indirect)
        )

    def _words(self, depth: int, code: int) -> str:
        stale = any(
            crl.issuer == self.chain[depth].issuer and crl not in self.current
            for crl in self.signed
        )
        if stale and (code == _NO_LIST or self._was_on_hold(depth)):
            return _OUT_OF_DATE
        return _WORDS.get(code, f"error {code} with the revocation list")


def _revoked(depth: int, revoked: Revoked) -> Revocation:
    told = reason(PathFinding.REVOKED, depth, revoked.reason, revoked.at)
    return Revocation(status=RevocationStatus.REVOKED, reasons=(told,), revoked=revoked)
