"""Decision of the design: never lost, never plain; twice only if the plug is pulled between the
next hop's 250 and our record of it."""

from collections.abc import Iterator

import pytest

from siegel.flows.points import OF_THE_GATEWAY, Point
from tests.kill.scene import office_for, play
from tests.peers.installation import Installation
from tests.peers.mailstack import MailStack

pytestmark = [pytest.mark.interop, pytest.mark.slow]


@pytest.fixture(scope="module")
def stack() -> Iterator[MailStack]:
    with MailStack() as running:
        yield running


@pytest.fixture(scope="module")
def office(stack: MailStack, tmp_path_factory: pytest.TempPathFactory) -> Installation:
    return office_for(stack, tmp_path_factory.mktemp("office"))


@pytest.mark.parametrize("point", OF_THE_GATEWAY)
def test_killed_at(point: Point, stack: MailStack, office: Installation) -> None:
    outcome = play(stack, office, point)
    print(outcome.line())
    assert outcome.kills > 0, "the trap was never sprung"
    assert outcome.arrived == outcome.sent
    assert outcome.plain == 0
    assert outcome.message_ids_differ == 0
    allowed = outcome.kills if point is Point.SUBMITTED else 0
    assert outcome.twice <= allowed
