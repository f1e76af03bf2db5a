"""Revocation lists: which are believed, what they prove, and what is only "unknown"."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ObjectIdentifier
from hypothesis import given, settings
from hypothesis import strategies as st

from siegel.base import ber, der
from siegel.pki.certificate import parse_certificate
from siegel.pki.crl import MAX_LISTS, MAX_OCTETS, ListMemory, believed, read_lists
from siegel.pki.evidence import Evidence
from siegel.pki.link import link
from siegel.pki.path import forget, validate
from siegel.pki.verdict import PathFinding, PathStatus, PathVerdict, RevocationStatus
from tests.unit.pki.chains import (
    AT,
    Key,
    Party,
    Shape,
    anchored,
    issue,
    leaf_of,
    revocation_list,
    root,
)
from tests.work import steps
from tests.world import REVOKED_AT, WORLD

GOOD, REVOKED, UNKNOWN, NOT_CHECKED = (
    RevocationStatus.GOOD,
    RevocationStatus.REVOKED,
    RevocationStatus.UNKNOWN,
    RevocationStatus.NOT_CHECKED,
)
HOLD = x509.ReasonFlags.certificate_hold
COMPROMISE = x509.ReasonFlags.key_compromise
SUPERSEDED = x509.ReasonFlags.superseded

DAY = timedelta(days=1)
EARLIER, LATER = AT - 30 * DAY, AT + 30 * DAY
UNKNOWN_EXTENSION = (
    x509.UnrecognizedExtension(ObjectIdentifier("1.3.6.1.4.1.99999.8"), b"\x05\x00"),
    True,
)

ROOT = root("Root")
CA = issue(ROOT, "CA")
LEAF = leaf_of(CA)
STALE: dict[str, Any] = {"this_update": AT - 9 * DAY, "next_update": AT - 2 * DAY}
FUTURE: dict[str, Any] = {"this_update": AT + DAY, "next_update": AT + 9 * DAY}

ROOT_LIST = revocation_list(ROOT)
CA_LIST = revocation_list(CA)
LEAF_REVOKED = revocation_list(CA, {LEAF.certificate.serial: (EARLIER, None)})


def serial(party: Party) -> int:
    return party.certificate.serial


def names(
    party: Party, why: x509.ReasonFlags | None = None, at: datetime = EARLIER
) -> dict[int, tuple[datetime, x509.ReasonFlags | None]]:
    return {serial(party): (at, why)}


def scope(**changes: Any) -> tuple[x509.ExtensionType, bool]:
    fields: dict[str, Any] = {
        "full_name": None,
        "relative_name": None,
        "only_contains_user_certs": False,
        "only_contains_ca_certs": False,
        "only_some_reasons": None,
        "indirect_crl": False,
        "only_contains_attribute_certs": False,
    }
    return x509.IssuingDistributionPoint(**(fields | changes)), True


def judge(*lists: bytes, leaf: Party = LEAF, others: tuple[Party, ...] = ()) -> PathVerdict:
    intermediates = tuple(one.certificate for one in (CA, *others))
    evidence = Evidence(intermediates=intermediates, crls=lists)
    return validate(leaf.certificate, anchored(ROOT), evidence, AT)


@pytest.mark.parametrize(
    ("lists", "revocation"),
    [
        pytest.param((), NOT_CHECKED, id="ok/no list at all"),
        pytest.param((ROOT_LIST, CA_LIST), GOOD, id="ok/both lists"),
        pytest.param((CA_LIST, ROOT_LIST), GOOD, id="ok/other order"),
        pytest.param((ROOT_LIST, CA_LIST, b"garbage", b""), GOOD, id="ok/garbage beside"),
        pytest.param(
            (ROOT_LIST, revocation_list(CA, **STALE), CA_LIST), GOOD, id="ok/stale and fresh"
        ),
        pytest.param(
            (ROOT_LIST, CA_LIST, revocation_list(CA, key=ROOT.key, this_update=AT)),
            GOOD,
            id="ok/forged newer one beside",
        ),
        pytest.param((ROOT_LIST,), UNKNOWN, id="unknown/list of the CA missing"),
        pytest.param((CA_LIST,), UNKNOWN, id="unknown/list of the root missing"),
        pytest.param((ROOT_LIST, revocation_list(CA, **STALE)), UNKNOWN, id="unknown/stale"),
        pytest.param((ROOT_LIST, revocation_list(CA, **FUTURE)), UNKNOWN, id="unknown/future"),
        pytest.param((ROOT_LIST, revocation_list(CA, key=ROOT.key)), UNKNOWN, id="unknown/forged"),
        pytest.param(
            (ROOT_LIST, revocation_list(CA, extensions=(UNKNOWN_EXTENSION,))),
            UNKNOWN,
            id="unknown/critical extension",
        ),
        pytest.param(
            (ROOT_LIST, revocation_list(CA, extensions=(scope(only_contains_ca_certs=True),))),
            UNKNOWN,
            id="unknown/for authorities only",
        ),
        pytest.param(
            (ROOT_LIST, revocation_list(CA, extensions=(scope(only_contains_user_certs=True),))),
            GOOD,
            id="ok/for people only",
        ),
        pytest.param(
            (
                ROOT_LIST,
                revocation_list(CA, extensions=(scope(only_some_reasons=frozenset([COMPROMISE])),)),
            ),
            UNKNOWN,
            id="unknown/some reasons only",
        ),
        pytest.param(
            (ROOT_LIST, revocation_list(CA, extensions=((x509.DeltaCRLIndicator(1), True),))),
            UNKNOWN,
            id="unknown/delta without base",
        ),
        pytest.param((ROOT_LIST, b"\x30\x80" * 1000), UNKNOWN, id="unknown/garbage only"),
    ],
)
def test_a_path_without_revocation_stays_valid_whatever_is_known(
    lists: tuple[bytes, ...], revocation: RevocationStatus
) -> None:
    verdict = judge(*lists)

    assert verdict.status is PathStatus.VALID
    assert verdict.revocation is revocation
    told = {PathFinding.REVOCATION_UNKNOWN} if revocation is UNKNOWN else set()
    assert set(verdict.findings) == told


@pytest.mark.parametrize(
    ("lists", "depth", "why"),
    [
        pytest.param((ROOT_LIST, revocation_list(CA, names(LEAF))), 0, "unspecified", id="leaf"),
        pytest.param(
            (ROOT_LIST, revocation_list(CA, names(LEAF, COMPROMISE))), 0, "keyCompromise", id="key"
        ),
        pytest.param(
            (ROOT_LIST, revocation_list(CA, names(LEAF, HOLD))), 0, "certificateHold", id="on hold"
        ),
        pytest.param(
            (revocation_list(ROOT, names(CA)), CA_LIST), 1, "unspecified", id="the authority"
        ),
        pytest.param(
            (revocation_list(ROOT, names(CA)),),
            1,
            "unspecified",
            id="authority, leaf's list missing",
        ),
        pytest.param(
            (revocation_list(CA, names(LEAF)),), 0, "unspecified", id="leaf, root's list missing"
        ),
        pytest.param(
            (revocation_list(ROOT, **STALE), revocation_list(CA, names(LEAF))),
            0,
            "unspecified",
            id="leaf, root's list stale",
        ),
        pytest.param(
            (ROOT_LIST, revocation_list(CA, names(LEAF, SUPERSEDED), **STALE)),
            0,
            "superseded",
            id="only a stale list says so",
        ),
        pytest.param(
            (ROOT_LIST, revocation_list(CA, names(LEAF, COMPROMISE, LATER))),
            0,
            "keyCompromise",
            id="a stolen key, noticed later",
        ),
        pytest.param(
            (ROOT_LIST, revocation_list(CA, names(LEAF, None, LATER))),
            0,
            "unspecified",
            id="who knows why, later",
        ),
    ],
)
def test_a_revoked_certificate_makes_the_path_invalid(
    lists: tuple[bytes, ...], depth: int, why: str
) -> None:
    verdict = judge(*lists)

    assert verdict.status is PathStatus.INVALID
    assert verdict.revocation is REVOKED
    assert verdict.revocation_reason == why
    assert verdict.revoked_at in (EARLIER, LATER)
    (told,) = verdict.reasons
    assert (told.finding, told.depth, told.at) == (PathFinding.REVOKED, depth, verdict.revoked_at)


def test_what_was_superseded_later_was_good_before() -> None:
    """Replaced next month, with no suspicion: what was signed today stays signed."""
    verdict = judge(ROOT_LIST, revocation_list(CA, names(LEAF, SUPERSEDED, LATER)))

    assert (verdict.status, verdict.revocation) == (PathStatus.VALID, GOOD)


def test_a_hold_that_was_lifted_is_no_revocation() -> None:
    """The newer list no longer names it."""
    held = revocation_list(CA, names(LEAF, HOLD), this_update=AT - 3 * DAY)

    assert judge(ROOT_LIST, held, CA_LIST).revocation is GOOD


def test_a_hold_on_a_stale_list_proves_nothing() -> None:
    assert judge(ROOT_LIST, revocation_list(CA, names(LEAF, HOLD), **STALE)).revocation is UNKNOWN


def test_another_authority_of_the_same_name_revokes_nothing() -> None:
    """Its key is not the one that signed the certificate."""
    namesake = issue(ROOT, "CA")
    listed = revocation_list(namesake, names(LEAF), **STALE)

    verdict = judge(ROOT_LIST, CA_LIST, listed, others=(namesake,))

    assert (verdict.status, verdict.revocation) == (PathStatus.VALID, GOOD)


@pytest.mark.parametrize(
    "usage",
    [
        pytest.param(("key_cert_sign",), id="fail/without cRLSign"),
        pytest.param(None, id="fail/without keyUsage"),
    ],
)
def test_the_issuer_of_a_list_must_say_that_it_signs_lists(usage: tuple[str, ...] | None) -> None:
    """RFC 10007."""
    authority = issue(ROOT, "Silent CA", Shape(usage=usage))
    leaf = leaf_of(authority)
    evidence = Evidence(
        intermediates=(authority.certificate,),
        crls=(ROOT_LIST, revocation_list(authority, names(leaf))),
    )

    verdict = validate(leaf.certificate, anchored(ROOT), evidence, AT)

    assert (verdict.status, verdict.revocation) == (PathStatus.VALID, UNKNOWN)


def test_a_certificate_that_announces_no_revocation_needs_none() -> None:
    """RFC 9608."""
    announced = x509.UnrecognizedExtension(ObjectIdentifier("2.5.29.56"), b"\x05\x00")
    leaf = leaf_of(CA, extensions=((announced, False),))

    assert judge(ROOT_LIST, leaf=leaf).revocation is GOOD


def test_a_revoked_leaf_stays_revoked_on_every_path() -> None:
    """Another certificate of the authority, for which nothing is known, is no way around."""
    again = issue(ROOT, "CA", key=CA.key)

    verdict = judge(revocation_list(CA, names(LEAF)), others=(again,))

    assert verdict.revocation is REVOKED


def test_a_path_around_a_revoked_authority_is_taken() -> None:
    again = issue(ROOT, "CA", key=CA.key)

    verdict = judge(revocation_list(ROOT, names(CA)), CA_LIST, others=(again,))

    assert (verdict.status, verdict.revocation) == (PathStatus.VALID, GOOD)
    assert verdict.path[1] == again.certificate.fingerprint


def test_the_list_of_the_world_names_rita() -> None:
    issuing = link(_world("issuing").certificate)
    (read,) = believed(read_lists((WORLD.crl(),), ListMemory()), (issuing,), ListMemory())
    rita = WORLD.person("rita").certificate.serial_number

    entry = read.entry(rita)

    assert entry is not None
    assert entry.at == REVOKED_AT
    assert read.entry(WORLD.person("alice").certificate.serial_number) is None


def test_more_lists_than_the_limit_are_left_out() -> None:
    lists = [revocation_list(CA, {number + 1: (EARLIER, None)}) for number in range(MAX_LISTS + 5)]

    assert len(read_lists(lists, ListMemory())) == MAX_LISTS


def test_a_list_that_is_too_long_does_not_hide_the_others() -> None:
    long = _with_entries(MAX_OCTETS // 20, CA.key)

    verdict = judge(long, ROOT_LIST, CA_LIST)

    assert len(long) > MAX_OCTETS
    assert verdict.revocation is GOOD


def test_a_long_list_that_nobody_signed_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    forged = _with_entries(MAX_OCTETS // 25, ROOT.key)
    forget()
    read: list[int] = []
    load = x509.load_der_x509_crl

    def loading(blob: bytes) -> x509.CertificateRevocationList:
        read.append(len(blob))
        return load(blob)

    monkeypatch.setattr(x509, "load_der_x509_crl", loading)

    verdict = judge(ROOT_LIST, forged)

    assert 0 < max(read) < 2000
    forget()
    assert steps(lambda: judge(ROOT_LIST, forged)) < 50_000  # an entry has many more than one
    assert len(forged) > MAX_OCTETS * 3 // 4
    assert verdict.revocation is UNKNOWN


def _with_entries(count: int, key: Key) -> bytes:
    """A list of the authority with so many entries, put together by hand: that is faster."""
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    tbs, algorithm, _ = ber.read(LEAF_REVOKED).children()
    *head, entries, extensions = tbs.children()
    fields = [one.raw for one in head]
    many = der.tlv(der.SEQUENCE, bytes(entries.content) * count)
    content = der.sequence(*fields, many, extensions.raw)
    signature = key.sign(content, ec.ECDSA(SHA256()))
    return der.sequence(content, algorithm.raw, der.bit_string(signature))


def test_a_list_that_nobody_signed_is_not_remembered() -> None:
    memory = ListMemory()
    authority = link(CA.certificate)
    forged = revocation_list(CA, key=ROOT.key)

    for _ in range(2):
        lists = read_lists((forged, CA_LIST), memory)
        assert [one.sha256 for one in believed(lists, (authority,), memory)] == [lists[1].sha256]
    assert len(memory) == 1


@settings(deadline=None)
@given(position=st.integers(0, 10_000), change=st.integers(1, 255))
def test_no_octet_of_a_list_makes_it_raise(position: int, change: int) -> None:
    """… and no changed list says anything."""
    forget()
    spoilt = bytearray(LEAF_REVOKED)
    spoilt[position % len(spoilt)] ^= change

    verdict = judge(ROOT_LIST, bytes(spoilt))

    assert verdict.revocation is UNKNOWN


def _world(name: str) -> Party:
    authority = WORLD.authority(name)
    certificate = parse_certificate(authority.certificate.public_bytes(Encoding.DER))
    return Party(certificate, authority.key)
