"""The health page for administrators; a word for load balancers, figures for Prometheus."""

from dataclasses import replace
from pathlib import Path

import pytest
from django.core.cache import cache
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from siegel.flows import health
from siegel.policy.roles import Role
from siegel.store import models
from siegel.transport.envelope import Role as Direction
from tests.flows.office import ALICE, UNKNOWN, Office, mail
from tests.web.conftest import Ports, SignIn
from tests.world import WORLD_NOW as NOW


def page(client: Client, path: str = "/health/") -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("role", [Role.MEMBER, Role.CERTIFICATE_MANAGER])
def test_only_administrators_see_the_health_page(sign_in: SignIn, role: Role) -> None:
    assert sign_in(role).get("/health/").status_code == 403


@pytest.mark.requirement("A92")
def test_every_check_is_told_with_its_state_and_the_next_step(
    office: Office, ports: Ports, sign_in: SignIn
) -> None:
    client = sign_in(Role.ADMINISTRATOR)
    office.send(mail(ALICE.address, UNKNOWN), ALICE.address, UNKNOWN)
    ports.silence(Direction.OUTBOUND)
    seen = page(client)
    assert "Etwas ist gestört." in seen
    assert "Annahme ausgehender Mail" in seen
    assert "Starten Sie Siegel neu" in seen
    assert "Von 1 Mails der letzten 24 Stunden gingen 1 signiert hinaus." in seen
    cache.clear()
    client.post("/me/language/", {"language": "en"})
    assert "Restart Siegel" in page(client)


def test_the_page_costs_the_same_with_many_rows(sign_in: SignIn, ports: Ports) -> None:
    del ports
    client, used = sign_in(Role.ADMINISTRATOR), []
    page(client)
    for number in (5, 500):
        models.JournalEntry.objects.bulk_create(
            models.JournalEntry(at=NOW, actor="a", action="outbound.sign") for _ in range(number)
        )
        cache.clear()
        with CaptureQueriesContext(connection) as asked:
            page(client)
        used.append(len(asked))
    assert used[0] == used[1]


def test_a_second_look_asks_nobody_again(sign_in: SignIn, ports: Ports) -> None:
    client = sign_in(Role.ADMINISTRATOR)
    page(client)
    ports.silence(Direction.OUTBOUND)
    assert "Annahme ausgehender Mail" in page(client)
    assert "Starten Sie Siegel neu" not in page(client).split("Weitergabe")[0]


# /healthz


def test_healthz_says_ok_or_what_does_not_answer(office: Office, ports: Ports) -> None:
    del office
    healthy = Client().get("/healthz")
    assert (healthy.status_code, healthy.content) == (200, b"ok\n")
    assert healthy["Content-Type"] == "text/plain"
    ports.silence(Direction.OUTBOUND)
    cache.clear()
    ill = Client().get("/healthz")
    assert (ill.status_code, ill.content) == (503, b"outbound\n")


def test_strangers_cannot_make_healthz_look_again_and_again(office: Office, ports: Ports) -> None:
    del office, ports
    Client().get("/healthz")
    with CaptureQueriesContext(connection) as asked:
        assert Client().get("/healthz").status_code == 200
    assert len(asked) == 0


def test_a_store_that_does_not_answer_is_said(office: Office, ports: Ports) -> None:
    del office, ports
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE store_organisation RENAME TO gone")
    ill = Client().get("/healthz")
    assert (ill.status_code, ill.content) == (503, b"store\n")


# /metrics


def metrics(settings: Settings, token: Path | None = None, **headers: str) -> HttpResponse:
    web = replace(settings.SIEGEL.web, metrics_token_file=token)
    settings.SIEGEL = replace(settings.SIEGEL, web=web)
    answer = Client(REMOTE_ADDR=headers.pop("address", "127.0.0.1")).get(
        "/metrics", headers=headers
    )
    assert isinstance(answer, HttpResponse)
    return answer


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        pytest.param({}, 200, id="ok/this_machine"),
        pytest.param({"address": "::1"}, 200, id="ok/this_machine_v6"),
        pytest.param({"address": "192.0.2.7"}, 401, id="fail/another_machine"),
        pytest.param({"address": ""}, 401, id="fail/nobody"),
        pytest.param({"x-forwarded-for": "127.0.0.1"}, 401, id="fail/through_a_proxy"),
        pytest.param({"forwarded": "for=127.0.0.1"}, 401, id="fail/through_another_proxy"),
        pytest.param({"x-real-ip": "127.0.0.1"}, 401, id="fail/through_nginx"),
    ],
)
def test_without_a_token_only_this_machine_gets_figures(
    office: Office, ports: Ports, settings: Settings, headers: dict[str, str], code: int
) -> None:
    del office, ports
    answer = metrics(settings, None, **headers)
    assert answer.status_code == code
    assert (b"siegel_mail_total" in answer.content) is (code == 200)


@pytest.mark.parametrize(
    ("authorization", "code"),
    [
        pytest.param("Bearer sesam-öffne-dich", 200, id="ok"),
        pytest.param("bearer  sesam-öffne-dich ", 200, id="ok/loosely_written"),
        pytest.param("Bearer sesam", 401, id="fail/wrong"),
        pytest.param("Basic sesam-öffne-dich", 401, id="fail/other_scheme"),
        pytest.param("", 401, id="fail/none"),
    ],
)
def test_with_a_token_only_who_knows_it_gets_figures(
    office: Office,
    ports: Ports,
    settings: Settings,
    tmp_path: Path,
    authorization: str,
    code: int,
) -> None:
    del office, ports
    token = tmp_path / "token"
    token.write_text("sesam-öffne-dich\n")
    token.chmod(0o600)
    answer = metrics(settings, token, authorization=authorization)
    assert answer.status_code == code
    assert (b"siegel_health" in answer.content) is (code == 200)


def test_figures_are_what_prometheus_reads(
    office: Office, ports: Ports, settings: Settings
) -> None:
    del ports
    office.send(mail(ALICE.address, UNKNOWN), ALICE.address, UNKNOWN)
    health.note_worker(at=NOW)
    answer = metrics(settings)
    assert answer["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert b'siegel_mail_total{direction="outbound",outcome="sign"} 1.0' in answer.content
    assert b"@" not in answer.content
