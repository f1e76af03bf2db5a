"""A newer list of public roots: shown first, taken over whole, in force at once."""

from datetime import datetime, timedelta

import pytest

from siegel.base.errors import Conflict, MalformedMessage
from siegel.cli.roots import warn_of_old_roots
from siegel.config.django import UNCONFIGURED
from siegel.flows import deciding, health, importing, public_roots
from siegel.flows.trusting import trust_facts
from siegel.pki.anchors import shipped_roots
from siegel.pki.certificate import parse_certificate
from siegel.pki.path import validate
from siegel.pki.verdict import PathFinding, PathStatus
from siegel.policy.health import Check, State, judge
from siegel.policy.inbound import CryptographicSummary
from siegel.store.queries import journal, judgements, messages
from tests.flows.office import ALICE, Office, mail, signed_bytes
from tests.world import WORLD
from tests.world.certdata import DISTRUSTED, Root, certdata

URSULA = WORLD.person("ursula")
SHIPPED = shipped_roots()
AGENCY = parse_certificate(WORLD.unknown_root.der)
ISSUING = parse_certificate(WORLD.authority("unknown_issuing").der)
OTHER = parse_certificate(WORLD.authority("pss_root").der)
DAY = timedelta(days=1)
AFTER_SHIPPING = SHIPPED.published_at + DAY


@pytest.fixture
def office(office: Office) -> Office:
    office.at = AFTER_SHIPPING
    importing.import_file(ISSUING.der, None, None, by="test", at=office.at)
    return office


def take_over(office: Office, *roots: Root, published_at: datetime | None = None) -> None:
    office.later(hours=1)
    public_roots.take_over(proposal(office, *roots, published_at=published_at))


def proposal(
    office: Office, *roots: Root, published_at: datetime | None = None
) -> public_roots.Proposal:
    return public_roots.propose(
        certdata(roots),
        source="certdata.txt",
        published_at=published_at or office.at,
        by="admin",
        at=office.at,
    )


def verdict(office: Office) -> tuple[PathStatus, tuple[PathFinding, ...]]:
    leaf = parse_certificate(URSULA.certificate_der)
    facts = trust_facts([leaf], office.at)
    found = validate(leaf, facts.anchors, facts.evidence, office.at)
    return found.status, found.findings


def read_a_letter(office: Office) -> str:
    """What was received last is judged; its hash in the store."""
    letter = signed_bytes(URSULA, mail(URSULA.address, ALICE.address, subject=str(office.at)))
    assert office.receive(letter, URSULA.address, ALICE.address).code == 250
    return messages.received_by(ALICE.address)[0].sha256


def summaries(sha256: str) -> list[str]:
    return [row.summary for row in judgements.history(sha256)]


@pytest.mark.requirement("A34", "A35")
def test_without_another_list_the_shipped_one_is_in_force(office: Office) -> None:
    assert public_roots.in_force(office.at) == SHIPPED


@pytest.mark.requirement("A34", "A35")
def test_the_whole_public_list_goes_through_mozillas_format_and_comes_back(office: Office) -> None:
    """All its roots at once, as an administrator's refresh reads them; then with one less."""
    roots = [
        Root(der=anchor.certificate.der, distrust_after=anchor.distrust_after)
        for anchor in SHIPPED.anchors
    ]
    assert len(roots) == 88
    assert not proposal(office, *roots).changes
    take_over(office, *roots)
    assert public_roots.in_force(office.at).anchors == SHIPPED.anchors
    gone = SHIPPED.anchors[40].certificate
    assert [a.certificate for a in proposal(office, *roots[:40], *roots[41:]).changes.removed] == [
        gone
    ]
    take_over(office, *roots[:40], *roots[41:])
    assert gone not in {a.certificate for a in public_roots.in_force(office.at).anchors}
    assert trust_facts([], office.at).verdict_on_authority(gone).status is not PathStatus.VALID


def test_a_proposal_names_what_changes_and_changes_nothing(office: Office) -> None:
    kept, gone = SHIPPED.anchors[0], SHIPPED.anchors[1:]
    changes = proposal(office, Root(der=kept.certificate.der), Root(der=AGENCY.der)).changes
    assert [anchor.certificate for anchor in changes.added] == [AGENCY]
    assert changes.removed == gone
    assert public_roots.in_force(office.at) == SHIPPED


@pytest.mark.requirement("A35", "A67", "A70")
def test_a_root_counts_from_the_list_that_brings_it_to_the_list_that_drops_it(
    office: Office,
) -> None:
    assert verdict(office)[0] is not PathStatus.VALID
    take_over(office, Root(der=AGENCY.der))
    assert verdict(office)[0] is PathStatus.VALID
    take_over(office, Root(der=OTHER.der))
    assert verdict(office) == (PathStatus.INDETERMINATE, (PathFinding.ISSUER_UNKNOWN,))


def test_what_was_judged_under_the_old_list_keeps_its_verdict(office: Office) -> None:
    take_over(office, Root(der=AGENCY.der))
    before = read_a_letter(office)
    assert summaries(before) == [CryptographicSummary.VERIFIED]
    take_over(office, Root(der=OTHER.der))
    after = read_a_letter(office)
    assert summaries(after) == [CryptographicSummary.UNPROTECTED]
    assert summaries(before) == [CryptographicSummary.VERIFIED]


def test_the_last_day_of_a_root_counts_for_newer_certificates_alone(office: Office) -> None:
    made = parse_certificate(URSULA.certificate_der).not_before
    take_over(office, Root(der=AGENCY.der, distrust_after=made + DAY))
    assert verdict(office)[0] is PathStatus.VALID
    take_over(office, Root(der=AGENCY.der, distrust_after=made - DAY))
    assert PathFinding.DISTRUSTED in verdict(office)[1]


def test_a_certificate_the_list_names_as_bad_counts_nowhere(office: Office) -> None:
    take_over(office, Root(der=AGENCY.der), Root(der=ISSUING.der, email=DISTRUSTED))
    assert verdict(office) == (PathStatus.INVALID, (PathFinding.DISTRUSTED,))


def test_a_decision_of_ones_own_goes_before_the_list(office: Office) -> None:
    office.trust(WORLD.unknown_root)
    take_over(office, Root(der=OTHER.der), Root(der=AGENCY.der, email=DISTRUSTED))
    assert verdict(office)[0] is PathStatus.VALID
    take_over(office, Root(der=AGENCY.der))
    deciding.distrust(AGENCY.fingerprint, why="", by="admin", at=office.at)
    assert verdict(office)[0] is not PathStatus.VALID


def test_an_older_list_than_the_one_in_force_is_refused(office: Office) -> None:
    with pytest.raises(Conflict, match="older than the one in force"):
        proposal(office, Root(der=AGENCY.der), published_at=SHIPPED.published_at - DAY)
    with pytest.raises(Conflict, match="not published yet"):
        proposal(office, Root(der=AGENCY.der), published_at=office.at + DAY)


def test_a_damaged_list_is_refused_and_changes_nothing(office: Office) -> None:
    with pytest.raises(MalformedMessage):
        public_roots.propose(
            certdata([Root(der=AGENCY.der)])[:-200],
            source="x", published_at=office.at, by="admin", at=office.at,
        )  # fmt: skip
    assert public_roots.in_force(office.at) == SHIPPED


def test_of_two_people_at_the_same_time_one_has_to_look_again(office: Office) -> None:
    first, second = proposal(office, Root(der=AGENCY.der)), proposal(office, Root(der=OTHER.der))
    public_roots.take_over(first)
    with pytest.raises(Conflict):
        public_roots.take_over(second)
    assert public_roots.in_force(office.at).anchors == first.roots.anchors


def test_the_journal_says_who_took_over_what(office: Office) -> None:
    take_over(office, Root(der=AGENCY.der))
    (entry,) = journal.read(action="trust.refreshed")
    assert (entry.actor, entry.about) == ("admin", "certdata.txt")
    assert entry.detail["added"] == [AGENCY.fingerprint]
    assert len(entry.detail["removed"]) == len(SHIPPED.anchors)


def test_the_age_of_the_list_in_force_is_what_the_health_page_says(office: Office) -> None:
    def old() -> bool:
        facts = health.gather(UNCONFIGURED, office.at)
        (roots,) = (each for each in judge(facts) if each.check is Check.ROOTS)
        return roots.state is State.WARN

    assert not old()
    office.later(days=181)
    assert old()
    take_over(office, Root(der=AGENCY.der))
    assert not old()


def test_the_command_warns_of_an_old_list_and_names_the_remedy(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    take_over(office, Root(der=AGENCY.der))
    warn_of_old_roots(office.at + 180 * DAY)
    assert capsys.readouterr().err == ""
    warn_of_old_roots(office.at + 181 * DAY)
    said = capsys.readouterr()
    assert "older than 180 days; siegel trust refresh --file" in said.err
    assert said.out == ""
