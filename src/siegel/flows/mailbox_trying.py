"""Try the settings of a mailbox: fetching and sending apart, stage by stage. Keeps nothing."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

from siegel.base.errors import TransportFailure
from siegel.flows import mailboxes
from siegel.flows.mailboxes import Credentials
from siegel.flows.site import Site
from siegel.policy.mail_problems import MailProblem, Stage
from siegel.store.mailbox_rows import Security, ServerRow, Settings
from siegel.transport.imap_login import Login, connect, count_folders
from siegel.transport.mail_server import problem_of, stage_of
from siegel.transport.smtp_login import SmtpSubmission

SECONDS = 10.0  # for each of the two; a person waits, and so does a worker of the pages


class Purpose(StrEnum):
    FETCHING = "fetching"
    SENDING = "sending"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """``passed`` None: not come so far."""

    stage: Stage
    passed: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What came of one connection; ``problem`` None: all is well."""

    purpose: Purpose
    steps: tuple[Step, ...]
    problem: MailProblem | None


def attempt(settings: Settings, given: Credentials, site: Site) -> tuple[Trial, Trial]:
    """Both servers, one after the other; takes 20 seconds at most."""
    return (
        _tried(Purpose.FETCHING, settings, settings.imap, given, site, _fetch),
        _tried(Purpose.SENDING, settings, settings.smtp, given, site, _send),
    )


def succeeded(trials: tuple[Trial, ...]) -> bool:
    return all(trial.problem is None for trial in trials)


def _tried(
    purpose: Purpose,
    settings: Settings,
    server: ServerRow,
    given: Credentials,
    site: Site,
    act: Callable[[Login, Site], None],
) -> Trial:
    stages = _stages(purpose, server)
    try:
        login = mailboxes.login_with(settings, server, given, site)
        act(replace(login, timeout=SECONDS), site)
    except TransportFailure as error:
        problem, ended = problem_of(error), stage_of(error)
        return Trial(purpose=purpose, steps=_steps_until(ended, stages), problem=problem)
    done = tuple(Step(stage=stage, passed=True) for stage in stages)
    return Trial(purpose=purpose, steps=done, problem=None)


def _fetch(login: Login, site: Site) -> None:
    del site
    client = connect(login)
    try:
        count_folders(client)
    finally:
        client.shutdown()


def _send(login: Login, site: Site) -> None:
    SmtpSubmission(login, local_hostname=site.hostname).try_login()


def _stages(purpose: Purpose, server: ServerRow) -> tuple[Stage, ...]:
    skipped = set() if purpose is Purpose.FETCHING else {Stage.FOLDERS}
    if server.security is Security.NONE:
        skipped |= {Stage.ENCRYPTED, Stage.CERTIFICATE}
    return tuple(stage for stage in Stage if stage not in skipped)


def _steps_until(ended: Stage, stages: tuple[Stage, ...]) -> tuple[Step, ...]:
    at = stages.index(ended) if ended in stages else 0
    return tuple(
        Step(stage=stage, passed=True if i < at else (False if i == at else None))
        for i, stage in enumerate(stages)
    )
