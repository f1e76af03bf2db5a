"""Path validation against NIST's PKITS: 249 of 256 right, and the rest refused, never accepted."""

from functools import cache

import pytest

from siegel.base.errors import MalformedMessage
from siegel.pki.certificate import Certificate
from siegel.pki.verdict import PathStatus, PathVerdict, RevocationStatus
from tests.corpora import pkits

RUNS = pkits.runs()

# Valid according to NIST, not shown to be valid by us. DSA parameters inherited from the issuer
# are in no certificate of today; indirect revocation lists are "not evaluated", which is said.
REFUSED = {
    "4.1.5": "DSA parameters inherited from the issuer",
    "4.14.24": "indirect revocation list",
    "4.14.25": "indirect revocation list",
    "4.14.28": "indirect revocation list",
    "4.14.29": "indirect revocation list",
    "4.14.30": "indirect revocation list",
    "4.14.33": "indirect revocation list",
}


def _is_accepted(verdict: PathVerdict | None) -> bool:
    """Valid and known not to be revoked: what PKITS calls a path that validates."""
    return (
        verdict is not None
        and verdict.status is PathStatus.VALID
        and verdict.revocation is RevocationStatus.GOOD
    )


@pytest.mark.parametrize("run", RUNS, ids=lambda run: run.name)
def test_each_run_gives_the_verdict_of_the_table(run: pkits.Run) -> None:
    assert pkits.told(pkits.judge(run)) == run.ours


def test_everything_but_seven_runs_is_as_nist_wants_it() -> None:
    wrong = {run.number for run in RUNS if _is_accepted(pkits.judge(run)) is not run.valid}

    assert len(RUNS) == 256
    assert wrong == set(REFUSED)


def test_what_nist_calls_invalid_is_never_accepted() -> None:
    accepted = [run.name for run in RUNS if not run.valid and _is_accepted(pkits.judge(run))]

    assert accepted == []


@pytest.mark.parametrize("run", RUNS[::4], ids=lambda run: run.name)
def test_a_heap_of_foreign_certificates_changes_nothing(run: pkits.Run) -> None:
    heap = tuple(one for one in _heap() if one.subject not in _family(run))

    assert _is_accepted(pkits.judge(run, heap)) is _is_accepted(pkits.judge(run))


@cache
def _heap() -> tuple[Certificate, ...]:
    """Every authority of the suite that can be read."""
    found = []
    for path in sorted((pkits.DATA / "certs").glob("*Cert.crt")):
        try:
            found.append(pkits.certificate(path.stem))
        except MalformedMessage:
            continue
    return tuple(found[:280])


def _family(run: pkits.Run) -> set[str]:
    """Other keys and roles of the same authorities are the subject of some runs: not junk."""
    try:
        chain = [pkits.certificate(f"{one}Cert") for one in run.authorities]
    except MalformedMessage:
        return set()
    return {name for one in chain for name in (one.subject, one.issuer)}
