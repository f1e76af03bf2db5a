"""Certification paths (RFC 5280 §6, RFC 8550 §4): is there a valid one, and if not, why not?

    verdict = validate(leaf, anchors, evidence, at, purpose=Purpose.SIGN)

This module is the only door to pyOpenSSL, which judges one given chain at a time and is imported
on first use. Finding chains is the work of ``builder.py``, judging them that of ``search.py``.
Nothing is fetched and no clock is read: evidence and moment are parameters, so every verdict can
be replayed. What is remembered between two questions changes their cost, never the answer.

Not done: indirect revocation lists, DSA parameters inherited from the issuer, RFC 3779 resources.

What OpenSSL is never asked: its policy check (no way to name the policies), a moment (it can be
set only once for a store), ``X509StoreContextError.certificate`` (a null pointer on some errors).
Intermediates never enter a store (they would be anchors).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import sha256
from importlib import import_module
from itertools import pairwise
from types import ModuleType
from typing import TYPE_CHECKING, TypeAlias

from siegel.pki.anchors import AnchorSet
from siegel.pki.bounded import Bounded
from siegel.pki.builder import DEFAULT_BUDGET, Chain, EdgeMemory, PathBudget
from siegel.pki.certificate import Certificate
from siegel.pki.crl import ListMemory, RevocationList
from siegel.pki.evidence import Evidence
from siegel.pki.link import Link, link
from siegel.pki.search import OTHER_CHAIN, UNREADABLE, ChainError, PathSearch
from siegel.pki.usage import MAIL_RULES, PathRules
from siegel.pki.verdict import PathVerdict, Purpose

if TYPE_CHECKING:
    from OpenSSL import crypto

_PARTIAL_CHAIN = 0x80000  # any certificate may be an anchor, not only self-signed ones
_NO_CHECK_TIME = 0x200000  # dates are compared by us, so that other errors show, too
_LISTS = 0x4 | 0x1000 | 0x2000  # CRL_CHECK, EXTENDED_CRL, DELTAS: without them wrong accepts
_WHOLE = 0x8  # CRL_CHECK_ALL

_STORES = 256  # an anchor with its lists
_STORED_OCTETS = 64 * 1024 * 1024  # of lists in stores
_VERDICTS = 1024
_AUTHORITIES = 512  # members of accepted chains, never of others
_EDGES = 4096
_ANCHOR_SETS = 8
_FRESH = timedelta(minutes=1)  # how long a verdict with revocation evidence is kept
_SECOND = timedelta(seconds=1)


def validate(
    leaf: Certificate,
    anchors: AnchorSet,
    evidence: Evidence,
    at: datetime,
    *,
    purpose: Purpose = Purpose.ANY,
    rules: PathRules = MAIL_RULES,
    budget: PathBudget = DEFAULT_BUDGET,
) -> PathVerdict:
    """The verdict on a leaf at a moment; never raises, whatever the certificates contain.

    INVALID: something is wrong. INDETERMINATE: nothing is known to be wrong, but no chain ends at
    an anchor, or finding out would cost more than ``budget``. Revocation stands beside the status
    (see ``PathVerdict``). What is known comes first in ``evidence``, what a stranger sent comes
    last: the limits cut at the end.
    """
    moment = at.astimezone(UTC).replace(microsecond=0)
    name = _name(leaf, anchors, evidence, (purpose, rules, budget))
    kept = _verdicts.get(name)
    if kept is not None and kept.since <= moment <= kept.until:
        return replace(kept.verdict, at=moment)
    search = PathSearch(
        leaf=_link(leaf),
        anchors=anchors,
        anchor_links=_links_of(anchors),
        evidence=evidence,
        at=moment,
        purpose=purpose,
        rules=rules,
        budget=budget,
        check=_check,
        link=_link,
        edges=_KnownEdges(),
        lists=_list_memory,
        accept=_remember,
    )
    verdict = search.verdict()
    _verdicts.put(name, _kept(verdict, leaf, anchors, evidence))
    return verdict


def forget() -> None:
    """Empty all memories."""
    for memory in (_verdicts, _authorities, _objects, _edges, _anchor_links, _stores, _list_memory):
        memory.clear()


def _check(
    chain: Chain,
    extra: Sequence[Link] = (),
    lists: Sequence[RevocationList] = (),
    whole: bool = False,
) -> ChainError:
    """Only code, depth and text are read from the error: touching its certificate may crash.

    No two certificates of a chain have the same name and key, so that OpenSSL can put but one
    chain of that length together; with ``extra`` ones it may take others.
    """
    crypto = _openssl()
    try:
        others = [_object(one) for one in (*chain[1:-1], *extra)]
        store = _store(chain[-1], lists, whole)
        context = crypto.X509StoreContext(store, _object(chain[0]), others)
        verified = context.get_verified_chain()
    except crypto.X509StoreContextError as error:
        code, depth, text = error.errors
        return ChainError(code, depth, text)
    except Exception:  # crypto.Error and ValueError
        return ChainError(UNREADABLE, 0, "OpenSSL cannot read a certificate or list")
    if len(verified) == len(chain) and (not extra or _is_same(verified, chain)):
        return ChainError(0)
    return ChainError(OTHER_CHAIN, 0, "OpenSSL found another chain")


def _is_same(verified: Sequence["crypto.X509"], chain: Chain) -> bool:
    names = [one.digest("sha256").replace(b":", b"").decode().lower() for one in verified]
    return names == [one.fingerprint for one in chain]


def _store(anchor: Link, lists: Sequence[RevocationList], whole: bool) -> "crypto.X509Store":
    """ONE anchor, and lists whose signature has been verified; never changed once it is made."""
    flags = _PARTIAL_CHAIN | _NO_CHECK_TIME
    if lists:
        flags |= _LISTS | (_WHOLE if whole else 0)
    name = anchor.fingerprint, tuple(sorted(one.sha256 for one in lists)), flags
    store = _stores.get(name)
    if store is None:
        store = _openssl().X509Store()
        store.add_cert(_object(anchor))
        for one in lists:
            store.add_crl(one.parsed)
        store.set_flags(flags)
        _stores.put(name, store, sum(one.size for one in lists))
    return store


def _object(one: Link) -> "crypto.X509":
    known = _objects.get(one.fingerprint)
    return known or _openssl().X509.from_cryptography(one.certificate.parsed)


@cache
def _openssl() -> ModuleType:
    """Imported when the first path is judged: most commands judge none."""
    return import_module("OpenSSL.crypto")


@dataclass(frozen=True, slots=True)
class _Kept:
    """A verdict, and the time in which nothing that it depends on changes."""

    verdict: PathVerdict
    since: datetime
    until: datetime


_Name: TypeAlias = tuple[object, ...]
_verdicts: Bounded[_Name, _Kept] = Bounded(_VERDICTS)
_authorities: Bounded[str, Link] = Bounded(_AUTHORITIES)
_objects: Bounded[str, "crypto.X509"] = Bounded(_AUTHORITIES)
_edges: Bounded[tuple[str, str], bool] = Bounded(_EDGES)
_anchor_links: Bounded[str, tuple[Link, ...]] = Bounded(_ANCHOR_SETS)
_stores: Bounded[tuple[str, tuple[str, ...], int], "crypto.X509Store"] = Bounded(
    _STORES, _STORED_OCTETS
)
_list_memory = ListMemory()


class _KnownEdges(EdgeMemory):
    def knows(self, child: Link, issuer: Link) -> bool:
        return _edges.get((child.fingerprint, issuer.certificate.spki_sha256)) is True


def _remember(chain: Chain) -> None:
    """Only what an accepted chain has proved; junk of a hostile mail leaves no trace."""
    for child, issuer in pairwise(chain):
        _edges.put((child.fingerprint, issuer.certificate.spki_sha256), True)
        _authorities.put(issuer.fingerprint, issuer)
        _objects.put(issuer.fingerprint, _object(issuer))


def _link(certificate: Certificate) -> Link:
    return _authorities.get(certificate.fingerprint) or link(certificate)


def _links_of(anchors: AnchorSet) -> tuple[Link, ...]:
    links = _anchor_links.get(anchors.key)
    if links is None:
        unique = dict.fromkeys(one.certificate for one in anchors.anchors)
        links = tuple(link(one) for one in unique)
        _anchor_links.put(anchors.key, links)
    return links


def _name(
    leaf: Certificate, anchors: AnchorSet, evidence: Evidence, asked: tuple[object, ...]
) -> _Name:
    return (
        leaf.fingerprint,
        tuple(one.fingerprint for one in evidence.intermediates),
        anchors.key,
        tuple(sha256(one).digest() for one in evidence.crls),
        tuple(sha256(one).digest() for one in evidence.ocsp_responses),
        *asked,
    )


def _kept(verdict: PathVerdict, leaf: Certificate, anchors: AnchorSet, evidence: Evidence) -> _Kept:
    at = verdict.at
    since = datetime.min.replace(tzinfo=UTC)
    until = datetime.max.replace(tzinfo=UTC)
    for begin, end in _periods(leaf, anchors, evidence):
        if at < begin:
            until = min(until, begin - _SECOND)
        elif at <= end:
            since, until = max(since, begin), min(until, end)
        else:
            since = max(since, end + _SECOND)
    if evidence.crls or evidence.ocsp_responses:
        since, until = max(since, at), min(until, at + _FRESH)
    return _Kept(verdict, since, until)


def _periods(
    leaf: Certificate, anchors: AnchorSet, evidence: Evidence
) -> Iterator[tuple[datetime, datetime]]:
    roots = (one.certificate for one in anchors.anchors)
    for one in (leaf, *evidence.intermediates, *roots):
        yield one.not_before, one.not_after
