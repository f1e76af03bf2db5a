"""Links that open something by themselves: no log shows how to use them."""

import logging
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse

from siegel.web.secret_paths import WithoutTokens, leave_out_of_logs
from tests.flows.office import Office

TOKEN = "0123456789abcdef0123456789abcdef"
PATHS = {
    "expiry:fetch": f"/calendar/{TOKEN}.ics",
    "joining:control": f"/control/{TOKEN}/",
    "joining:invitation": f"/invitation/{TOKEN}/",
    "joining:invited_own_key": f"/invitation/{TOKEN}/own-key/",
    "people:welcome": f"/welcome/{TOKEN}/",
}


@pytest.mark.parametrize("name", PATHS)
def test_a_refused_request_is_logged_without_the_token(
    office: Office, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    del office
    path, client = reverse(name, args=[TOKEN]), Client(enforce_csrf_checks=True)
    assert path.endswith(PATHS[name])
    client.generic("PROPFIND", path)
    assert TOKEN in caplog.text, "Django writes it: else there is nothing to leave out"
    caplog.clear()
    leave_out_of_logs()
    client.generic("PROPFIND", path)
    assert path.partition(TOKEN)[0] in caplog.text
    assert TOKEN not in caplog.text


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    yield
    for place in (*logging.getLogger().handlers, logging.getLogger("gunicorn.error")):
        for each in [one for one in place.filters if isinstance(one, WithoutTokens)]:
            place.removeFilter(each)
