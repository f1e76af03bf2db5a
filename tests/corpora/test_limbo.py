"""Path validation against x509-limbo: what differs is known, grouped and frozen."""

from pathlib import Path

import pytest

from siegel.pki.path import forget
from siegel.pki.usage import MAIL_RULES
from siegel.pki.verdict import PathFinding
from tests.corpora import limbo
from tests.work import steps

RFC_10007 = "crl::issuer-no-keyusage-extension"
MOST_STEPS = 2_000_000  # of Python for one case; the worst takes 525,000


def test_only_the_listed_cases_differ_from_what_limbo_expects(corpora: Path) -> None:
    differing = {
        case.name for case in limbo.cases(corpora) if limbo.is_accepted(case) is not case.valid
    }

    assert differing == set(limbo.differences())


def test_hardly_anything_valid_is_refused(corpora: Path) -> None:
    refused = {
        case.name for case in limbo.cases(corpora) if case.valid and not limbo.is_accepted(case)
    }

    groups = limbo.differences()
    assert {groups[name] for name in refused} == {"stricter on purpose"}
    assert RFC_10007 in refused
    assert len(refused) == 4


@pytest.mark.parametrize(
    "name",
    [
        "pathological::nc-dos-1",
        "pathological::nc-dos-2",
        "pathological::nc-dos-3",
        "pathological::pathological-chain-same-subject-same-key",
        "pathological::pathological-chain-same-subject-distinct-key",
        "pathological::pathological-chain-distinct-subject-same-key",
    ],
)
def test_pathological_chains_take_no_time(corpora: Path, name: str) -> None:
    case = next(one for one in limbo.cases(corpora) if one.name == name)
    forget()

    assert steps(lambda: limbo.is_accepted(case)) < MOST_STEPS


def test_a_mail_name_that_is_no_address_spoils_the_path(corpora: Path) -> None:
    case = next(
        one
        for one in limbo.cases(corpora)
        if one.name == "rfc5280::nc::nc-permits-invalid-email-san"
    )

    verdict = limbo.judge(case, MAIL_RULES)

    assert PathFinding.MALFORMED_ADDRESS in verdict.findings
