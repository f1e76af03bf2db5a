"""Lists ask the store the same number of questions at 1,000 rows and at 100,000."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from siegel.policy.roles import Role
from tests.web.conftest import SignIn
from tests.web.crowd import LISTS, fill

FEW, MANY = 1_000, 100_000


@pytest.mark.slow
def test_every_list_costs_the_same_at_a_hundred_thousand_rows(sign_in: SignIn) -> None:
    client = sign_in(Role.ADMINISTRATOR)
    fill(0, FEW)
    few = _asked(client)
    fill(FEW, MANY)
    assert _asked(client) == few


def _asked(client: Client) -> dict[str, int]:
    found = {}
    for name, path in LISTS.items():
        client.get(path)  # the first visit may write something down
        with CaptureQueriesContext(connection) as asked:
            assert client.get(path).status_code == 200, path
        found[name] = len(asked)
    return found
