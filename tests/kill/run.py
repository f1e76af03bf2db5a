"""``make kill-test``: the same scene for every point, as a table."""

import tempfile
from pathlib import Path

from siegel.flows.points import OF_THE_GATEWAY
from tests.kill.scene import office_for, play
from tests.peers.mailstack import MailStack


def main() -> None:
    with MailStack() as stack, tempfile.TemporaryDirectory() as folder:
        office = office_for(stack, Path(folder))
        outcomes = []
        for point in OF_THE_GATEWAY:
            outcomes.append(play(stack, office, point))
            print(outcomes[-1].line(), flush=True)
    lost = sum(outcome.sent - outcome.arrived for outcome in outcomes)
    print(f"lost {lost}, plain {sum(outcome.plain for outcome in outcomes)}")


if __name__ == "__main__":
    main()
