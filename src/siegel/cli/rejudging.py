"""After a decision about trust: kept mail is judged anew, as long as a person waits for it."""

from siegel.cli.output import say
from siegel.cli.progress import counted
from siegel.cli.settings import now
from siegel.config.schema import Settings


def judge_anew(settings: Settings) -> None:
    """Say what changed. What is left is the worker's."""
    from siegel.flows import rejudging
    from siegel.flows.reading import ReadingDesk
    from siegel.flows.vaults import vault_of

    at = now()
    desk = ReadingDesk(vault=vault_of(settings, at=at))
    with counted("judging kept messages anew") as told:
        done = rejudging.judge_anew(desk, at=at, told=told)
    if done.looked_at or done.linked:
        say(
            f"judged anew: {done.looked_at} messages looked at, {done.changed} changed, "
            f"{done.linked} certificates linked"
        )
    if done.more:
        say("more messages are due: the worker goes on (siegel serve)")
