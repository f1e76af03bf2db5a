"""``pki.anchors``: the shipped public roots, and the name of a set of anchors."""

import json
from datetime import UTC, datetime
from importlib import resources

import pytest

from siegel.pki.anchors import (
    AnchorSet,
    AnchorSource,
    TrustAnchor,
    public_email_roots,
    public_roots_source,
)
from siegel.pki.certificate import parse_certificate
from tests.world import WORLD

ROOT = parse_certificate(WORLD.root.der)
OTHER = parse_certificate(WORLD.unknown_root.der)


def anchor(
    certificate: object = ROOT,
    source: AnchorSource = AnchorSource.ORGANISATION,
    domains: frozenset[str] | None = None,
    distrust_after: datetime | None = None,
) -> TrustAnchor:
    return TrustAnchor(
        certificate=certificate,  # type: ignore[arg-type]  # one of the two above
        source=source,
        domains=domains,
        distrust_after=distrust_after,
    )


def test_the_public_roots_are_the_ones_listed_beside_them() -> None:
    data = resources.files("siegel.pki") / "data"
    listed = json.loads((data / "email_roots.json").read_text("utf-8"))["roots"]
    shipped = public_email_roots()
    assert [one.certificate.fingerprint for one in shipped] == [one["sha256"] for one in listed]
    assert [one.certificate.spki_sha256 for one in shipped] == [
        one["spki_sha256"] for one in listed
    ]
    assert len(shipped) == 88


def test_every_public_root_is_a_readable_self_issued_authority() -> None:
    for one in public_email_roots():
        assert one.source is AnchorSource.PUBLIC
        assert one.domains is None
        assert one.certificate.is_ca or one.certificate.parsed.version.name == "v1"
        assert one.certificate.is_self_issued
        assert not one.certificate.flaws


def test_german_authorities_are_among_the_public_roots() -> None:
    subjects = " ".join(one.certificate.subject for one in public_email_roots())
    for name in ("D-TRUST Root CA 3 2013", "Telekom Security SMIME RSA Root 2023", "Atos"):
        assert name in subjects


def test_the_list_says_where_and_when_it_was_taken() -> None:
    source, read_at = public_roots_source()
    assert "Thunderbird" in source
    assert datetime(2026, 1, 1, tzinfo=UTC) < read_at


def test_the_licence_lies_beside_the_list() -> None:
    data = resources.files("siegel.pki") / "data"
    assert "Mozilla Public License Version 2.0" in (data / "LICENSE.MPL-2.0").read_text("utf-8")
    assert "Mozilla" in (data / "NOTICE").read_text("utf-8")


def test_the_key_of_a_set_does_not_depend_on_order_or_source() -> None:
    one = AnchorSet(anchors=(anchor(), anchor(OTHER)), distrusted=frozenset("ab"))
    two = AnchorSet(
        anchors=(anchor(OTHER, AnchorSource.VERIFIED_BY_HAND), anchor(), anchor()),
        distrusted=frozenset("ba"),
    )
    assert one.key == two.key


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(AnchorSet(), id="empty"),
        pytest.param(AnchorSet(anchors=(anchor(OTHER),)), id="another-anchor"),
        pytest.param(AnchorSet(anchors=(anchor(), anchor(OTHER))), id="one-more"),
        pytest.param(
            AnchorSet(anchors=(anchor(),), distrusted=frozenset({OTHER.fingerprint})),
            id="something-distrusted",
        ),
        pytest.param(AnchorSet(anchors=(anchor(domains=frozenset()),)), id="no-domain"),
        pytest.param(AnchorSet(anchors=(anchor(domains=frozenset({"a.example"})),)), id="a-domain"),
        pytest.param(AnchorSet(anchors=(anchor(distrust_after=WORLD.now),)), id="distrust-after"),
    ],
)
def test_the_key_of_a_set_changes_with_everything_that_changes_a_verdict(other: AnchorSet) -> None:
    assert other.key != AnchorSet(anchors=(anchor(),)).key
