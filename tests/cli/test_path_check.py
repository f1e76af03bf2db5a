"""``siegel path check``: one certificate, one moment, a verdict with reasons."""

import pytest

from tests.cli.command import quick, siegel
from tests.cli.desk import ALICE, AT, Desk
from tests.cli.shapes import PATH, fault
from tests.world import WORLD


def test_a_good_certificate_is_valid(desk: Desk) -> None:
    said = quick("path", "check", desk.certificate(ALICE), *desk.trust, "--json")
    assert (said.code, said.err) == (0, "")
    assert fault(said.json, PATH) is None
    assert (said.json["status"], said.json["revocation"]) == ("valid", "not_checked")
    assert len(said.json["path"]) == 3
    assert said.json["anchor"] == said.json["path"][-1]
    assert said.json["at"] == f"{AT}+00:00"


@pytest.mark.parametrize(
    ("name", "options", "status", "finding"),
    [
        ("emil", (), "invalid", "expired"),
        ("norbert", (), "invalid", "not_yet_valid"),
        ("willi", (), "invalid", "wrong_usage"),
        ("wanda", (), "invalid", "weak_key"),
        ("sina", ("--purpose", "encrypt"), "invalid", "wrong_usage"),
        ("ursula", (), "indeterminate", "issuer_unknown"),
    ],
)
def test_what_is_wrong_is_named(
    desk: Desk, name: str, options: tuple[str, ...], status: str, finding: str
) -> None:
    person = WORLD.person(name)
    said = quick("path", "check", desk.certificate(person), *desk.trust, *options, "--json")
    assert said.code == 1
    assert fault(said.json, PATH) is None
    assert said.json["status"] == status
    assert finding in [one["finding"] for one in said.json["reasons"]]


@pytest.mark.requirement("A64")
def test_a_revoked_certificate_is_not_good(desk: Desk) -> None:
    rita = desk.certificate(WORLD.person("rita"))
    said = quick("path", "check", rita, *desk.trust, "--crl", desk.crl(), "--json")
    assert (said.code, said.json["revocation"]) == (1, "revoked")
    assert said.json["revoked_at"] == "2026-03-01T00:00:00+00:00"
    vera = desk.certificate(WORLD.person("vera"))
    lists = ("--crl", desk.crl(), "--crl", desk.crl("root"))
    good = quick("path", "check", vera, *desk.trust, *lists, "--json")
    assert (good.code, good.json["revocation"]) == (0, "good")


@pytest.mark.parametrize("purpose", ["sign", "encrypt", "any"])
def test_each_purpose_can_be_asked_for(desk: Desk, purpose: str) -> None:
    said = quick("path", "check", desk.certificate(ALICE), *desk.trust, "--purpose", purpose)
    assert said.code == 0
    assert said.text.startswith("path: valid, revocation: not_checked\n")


def test_intermediates_may_stand_in_the_same_file(desk: Desk) -> None:
    both = desk.file("both.pem", ALICE.certificate_pem + WORLD.authority("issuing").pem)
    assert quick("path", "check", both, "--anchor", desk.root, "--at", AT).code == 0


def test_public_roots_are_trusted_only_when_asked(desk: Desk) -> None:
    with_them = quick("path", "check", desk.certificate(ALICE), "--public", "--json")
    without = quick("path", "check", desk.certificate(ALICE), "--json")
    assert (with_them.code, without.code) == (1, 1)
    assert "no_anchors" in [one["finding"] for one in without.json["reasons"]]
    assert "no_anchors" not in [one["finding"] for one in with_them.json["reasons"]]


def test_a_certificate_can_come_through_a_pipe(desk: Desk) -> None:
    said = siegel("path", "check", "-", *desk.trust, stdin=ALICE.certificate_pem)
    assert (said.code, said.err) == (0, "")
