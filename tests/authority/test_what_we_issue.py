"""A representative part of ``make ca-check``: one of each profile, one of each kind of key."""

from datetime import timedelta
from pathlib import Path

import pytest

from siegel.base.address import EmailAddress
from siegel.ca.crl import RevocationReason
from siegel.ca.ocsp import Status
from siegel.ca.profiles import KeyUse
from siegel.pki.classes import Generation, ValidationType
from siegel.pki.key_generation import KeyChoice
from siegel.pki.verdict import PathFinding, PathStatus, Purpose, RevocationStatus
from tests.authority import linting
from tests.authority.house import House, Kind, kinds
from tests.authority.judging import Files, path_of, purposes

ALL = tuple(kinds())
CHOSEN = tuple(
    kind
    for kind in ALL
    if kind.key in (KeyChoice.P_256, KeyChoice.RSA_2048)
    or (kind.validation is ValidationType.MAILBOX and kind.generation is Generation.STRICT)
)
DUAL = Kind(
    validation=ValidationType.SPONSOR,
    generation=Generation.STRICT,
    use=KeyUse.DUAL,
    key=KeyChoice.P_256,
)


@pytest.fixture(scope="module")
def house() -> House:
    return House(KeyChoice.P_256)


@pytest.fixture
def files(house: House, tmp_path: Path) -> Files:
    return Files(house, tmp_path)


def test_every_profile_is_made_with_every_key_that_fits() -> None:
    assert len(ALL) == 3 * 2 * (9 + 10 + 10)


@pytest.mark.parametrize("kind", CHOSEN, ids=str)
def test_pkilint_has_nothing_against_it_that_has_no_reason(house: House, kind: Kind) -> None:
    leaf = house.leaf(kind)
    assert linting.of_leaf(kind, leaf.der) == []
    assert linting.of_certificate(leaf.der) == []


def test_every_reason_is_needed(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    reasons = dict(linting.REASONS)
    monkeypatch.setattr(linting, "REASONS", {})
    found = {
        finding.partition(" ")[0]
        for kind in ALL
        if kind.validation is ValidationType.MAILBOX and kind.use is KeyUse.ENCRYPTION
        for finding in linting.of_leaf(kind, house.leaf(kind).der)
    }
    assert found == set(reasons)


@pytest.mark.parametrize(
    "choice", [KeyChoice.P_256, KeyChoice.P_384, KeyChoice.RSA_2048, KeyChoice.ED25519]
)
def test_authorities_lists_and_answers_pass_pkilint(choice: KeyChoice) -> None:
    house = House(choice)
    leaf = house.leaf(DUAL)
    for certificate in (house.root, house.issuing, house.responder):
        assert linting.of_certificate(certificate.der) == []
    assert linting.of_list(house.list_of(leaf, number=7)) == []
    assert linting.of_list(house.list_of()) == []
    assert linting.of_list(house.root_list(), of_authorities=True) == []


def test_answers_pass_pkilint(house: House, files: Files) -> None:
    leaf = house.leaf(DUAL)
    for status in (
        Status(is_issued=True),
        Status(is_issued=False),
        Status(is_issued=True, revoked_at=house.at, reason=RevocationReason.SUPERSEDED),
        Status(is_issued=True, revoked_at=house.at),
    ):
        assert linting.of_answer(house.answer(files.question(leaf), status)) == []


def test_a_linter_that_finds_nothing_would_be_noticed(house: House) -> None:
    other = Kind(
        validation=ValidationType.MAILBOX,
        generation=Generation.STRICT,
        use=KeyUse.DUAL,
        key=KeyChoice.P_256,
    )
    assert linting.of_leaf(other, house.leaf(DUAL).der) != []


@pytest.mark.parametrize("kind", CHOSEN, ids=str)
def test_openssl_and_our_paths_accept_it_until_it_is_revoked(
    house: House, files: Files, kind: Kind
) -> None:
    leaf = house.leaf(kind)
    lists = (house.list_of(), house.root_list())
    for purpose in purposes(kind):
        assert files.verify(leaf, purpose, *lists) == ""
    verdict = path_of(house, leaf, Purpose.ANY, *lists)
    assert verdict.status is PathStatus.VALID
    assert verdict.revocation is RevocationStatus.GOOD
    assert leaf.may_sign is (kind.use is not KeyUse.ENCRYPTION)
    assert leaf.may_encrypt is (kind.use is not KeyUse.SIGNING)
    revoked = (house.list_of(leaf, number=2), house.root_list())
    for purpose in purposes(kind):
        assert "revoked" in files.verify(leaf, purpose, *revoked)
    assert path_of(house, leaf, Purpose.ANY, *revoked).revocation is RevocationStatus.REVOKED


@pytest.mark.parametrize(
    ("status", "word"),
    [
        (Status(is_issued=True), ": good"),
        (Status(is_issued=False), ": unknown"),
    ],
    ids=["good", "unknown"],
)
def test_openssl_believes_our_responder(
    house: House, files: Files, status: Status, word: str
) -> None:
    leaf = house.leaf(DUAL)
    said = files.status(leaf, house.answer(files.question(leaf), status))
    assert "Response verify OK" in said
    assert word in said


def test_openssl_reads_when_and_why_something_was_revoked(house: House, files: Files) -> None:
    leaf = house.leaf(DUAL)
    status = Status(is_issued=True, revoked_at=house.at, reason=RevocationReason.KEY_COMPROMISE)
    said = files.status(leaf, house.answer(files.question(leaf), status))
    assert ": revoked" in said
    assert "Reason: keyCompromise" in said


@pytest.mark.requirement("B34")
@pytest.mark.parametrize(
    "address", ["eva@elsewhere.example.org", "eva@notoffice.example.org", "eva@example.org"]
)
def test_what_the_authority_may_not_certify_is_worth_nothing(
    house: House, files: Files, address: str
) -> None:
    leaf = house.leaf(DUAL, EmailAddress.parse(address))
    lists = (house.list_of(), house.root_list())
    assert "permitted subtree violation" in files.verify(leaf, "smimesign", *lists)
    verdict = path_of(house, leaf, Purpose.ANY, *lists)
    assert verdict.status is PathStatus.INVALID
    assert PathFinding.NAME_CONSTRAINT in {reason.finding for reason in verdict.reasons}


def test_hosts_below_the_domain_are_within_it(house: House, files: Files) -> None:
    leaf = house.leaf(DUAL, EmailAddress.parse("eva@mail.office.example.org"))
    lists = (house.list_of(), house.root_list())
    assert files.verify(leaf, "smimesign", *lists) == ""
    assert path_of(house, leaf, Purpose.ANY, *lists).status is PathStatus.VALID


def test_an_address_with_umlauts_is_certified_and_bound_by_the_domain_as_well(
    house: House,
) -> None:
    lists = (house.list_of(), house.root_list())
    inside = house.leaf(DUAL, EmailAddress.parse("jürgen@office.example.org"))
    assert [str(a) for a in inside.addresses] == ["jürgen@office.example.org"]
    assert path_of(house, inside, Purpose.ANY, *lists).status is PathStatus.VALID
    outside = house.leaf(DUAL, EmailAddress.parse("jürgen@elsewhere.example.org"))
    assert path_of(house, outside, Purpose.ANY, *lists).status is PathStatus.INVALID


def test_no_certificate_outlives_its_authority() -> None:
    house = House(KeyChoice.P_256)
    house.at = house.issuing.not_after - timedelta(days=10)
    assert house.leaf(DUAL).not_after == house.issuing.not_after
