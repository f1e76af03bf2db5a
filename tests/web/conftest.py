"""An office, a browser without a screen, and ports that greet like the gateway's."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest
from django.core.cache import cache
from pytest_django import Settings

from siegel.config.schema import Gateway as GatewaySettings
from siegel.config.schema import InboundListener, OutboundListener
from siegel.config.values import Listen
from siegel.transport.envelope import Role
from siegel.transport.gateway import Gateway
from siegel.transport.replies import ACCEPTED
from siegel.web import views
from tests.flows.office import ALICE, BOB, Office
from tests.world import WORLD_NOW


@pytest.fixture(autouse=True)
def _fresh(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The moment of the certificate world, and no memory of other tests."""
    monkeypatch.setattr(views, "now", lambda: WORLD_NOW)
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def office(db: None, settings: Settings, tmp_path: Path) -> Office:
    del db
    settings.SIEGEL_DATA_DIR = tmp_path / "data"
    made = Office(tmp_path)
    made.trust()
    made.own(ALICE)
    made.own(BOB)
    return made


class Ports:
    """The two ports named in the configuration; both listen until one is silenced."""

    def __init__(self, settings: Settings, running: ExitStack) -> None:
        self._settings = settings
        self._listen = {}
        for role in Role:
            gateway = Gateway(role, ("127.0.0.1", 0), lambda *_: ACCEPTED, hostname="gw.example")
            gateway.start()
            self._listen[role] = Listen(*gateway.address)
            running.callback(gateway.stop, 2.0)
        self._configure()

    def silence(self, role: Role) -> None:
        with socket.socket() as nobody:
            nobody.bind(("127.0.0.1", 0))
            self._listen[role] = Listen("127.0.0.1", int(nobody.getsockname()[1]))
        self._configure()

    @property
    def listeners(self) -> dict[Role, tuple[str, int]]:
        return {role: (listen.host, listen.port) for role, listen in self._listen.items()}

    def _configure(self) -> None:
        gateway = GatewaySettings(
            outbound=OutboundListener(listen=self._listen[Role.OUTBOUND]),
            inbound=InboundListener(listen=self._listen[Role.INBOUND]),
        )
        self._settings.SIEGEL = replace(self._settings.SIEGEL, gateway=gateway)


@pytest.fixture
def ports(settings: Settings) -> Iterator[Ports]:
    with ExitStack() as running:
        yield Ports(settings, running)
