"""An office, a browser without a screen, and ports that greet like the gateway's."""

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django import DjangoDbBlocker, Settings

from siegel.config.schema import Gateway as GatewaySettings
from siegel.config.schema import InboundListener, OutboundListener
from siegel.config.values import Listen
from siegel.policy.roles import Role
from siegel.store.models import Membership, User
from siegel.transport.envelope import Role as Direction
from siegel.transport.gateway import Gateway
from siegel.transport.replies import ACCEPTED
from siegel.web import clock, running
from tests.flows.office import ALICE, BOB, Office
from tests.web.furnished import Furnished, furnishing
from tests.world import WORLD_NOW


@pytest.fixture(autouse=True)
def _fresh(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The moment of the certificate world, and no memory of other tests."""
    monkeypatch.setattr(clock, "now", lambda: WORLD_NOW)
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
    running.install(made.site)
    return made


SignIn = Callable[..., Client]


@pytest.fixture
def sign_in(office: Office) -> SignIn:
    """``sign_in(Role.MEMBER)``: a browser of somebody with that role, who gave the password just
    now; ``long_ago=True``: so long ago that keys and trust ask for it again."""

    def signed_in(
        role: Role, email: str = "mira@office.example", *, long_ago: bool = False
    ) -> Client:
        user, _ = User.objects.get_or_create(
            email=email,
            defaults={"created_at": office.at, "display_name": "Mira Köhler", "password": "x"},
        )
        Membership.objects.get_or_create(user=user, role=role, defaults={"since": office.at})
        client = Client()
        client.force_login(user)
        session = client.session
        given_at = time.time() - (10_000 if long_ago else 0)
        session["account_authentication_methods"] = [{"method": "password", "at": given_at}]
        session["account_authentication_methods_user"] = str(user.pk)
        session.save()
        return client

    return signed_in


@pytest.fixture(scope="module")
def _furnished_once(
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Furnished]:
    del django_db_setup
    with django_db_blocker.unblock(), furnishing(tmp_path_factory.mktemp("furnished")) as made:
        yield made


@pytest.fixture
def furnished(_furnished_once: Furnished, db: None) -> Furnished:
    """An office with one of everything and with hostile names; what a test changes is undone."""
    del db
    running.install(_furnished_once.office.site)
    return _furnished_once


class Ports:
    """The two ports named in the configuration; both listen until one is silenced."""

    def __init__(self, settings: Settings, running: ExitStack) -> None:
        self._settings = settings
        self._listen = {}
        for role in Direction:
            gateway = Gateway(role, ("127.0.0.1", 0), lambda *_: ACCEPTED, hostname="gw.example")
            gateway.start()
            self._listen[role] = Listen(*gateway.address)
            running.callback(gateway.stop, 2.0)
        self._configure()

    def silence(self, role: Direction) -> None:
        with socket.socket() as nobody:
            nobody.bind(("127.0.0.1", 0))
            self._listen[role] = Listen("127.0.0.1", int(nobody.getsockname()[1]))
        self._configure()

    @property
    def listeners(self) -> dict[Direction, tuple[str, int]]:
        return {role: (listen.host, listen.port) for role, listen in self._listen.items()}

    def _configure(self) -> None:
        gateway = GatewaySettings(
            outbound=OutboundListener(listen=self._listen[Direction.OUTBOUND]),
            inbound=InboundListener(listen=self._listen[Direction.INBOUND]),
        )
        self._settings.SIEGEL = replace(self._settings.SIEGEL, gateway=gateway)


@pytest.fixture
def ports(settings: Settings) -> Iterator[Ports]:
    with ExitStack() as running:
        yield Ports(settings, running)
