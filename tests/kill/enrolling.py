"""Certificates for many with a trap: it kills itself (SIGKILL) at a step, every so many passes.

python -m tests.kill.enrolling CONFIG STEP EVERY LIST

The first time it makes a job of LIST (CSV) and starts it; started again, it goes on. Exit status 0:
the job is done.
"""

import os
import signal
import sys
from dataclasses import replace
from pathlib import Path

from siegel.config.django import configure
from siegel.config.load import load


def main() -> None:
    config, step, every, people = sys.argv[1:]
    settings = load(Path(config))
    configure(settings)
    from siegel.cli.authority import workshop
    from siegel.cli.settings import now
    from siegel.flows import enrolling_many, enrolling_work
    from siegel.flows.enrolling_many import Plan
    from siegel.flows.issuing import Step
    from siegel.flows.staff_list import read_staff_list
    from siegel.flows.ways import issuing_ones
    from siegel.pki.key_generation import KeyChoice

    passed = 0

    def passes(found: Step) -> None:
        nonlocal passed
        if found is Step(step):
            passed += 1
            if passed == int(every):
                os.kill(os.getpid(), signal.SIGKILL)

    if not enrolling_many.listed():
        plan = Plan(
            authority=issuing_ones()[0].name,
            key=KeyChoice.P_256,
            second_key=None,
            days=365,
            create_accounts=True,
        )
        lines = read_staff_list(Path(people).read_bytes())
        job = enrolling_many.prepare(lines, plan, by="test", at=now())
        enrolling_many.start(job, by="test", at=now())
    tools = replace(workshop(settings), passes=passes)
    while enrolling_work.work_some(tools, limit=1, at=now()):
        pass


if __name__ == "__main__":
    main()
