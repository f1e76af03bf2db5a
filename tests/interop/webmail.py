"""A clerk's whole house: Postfix, Dovecot, Siegel with all its roles, and people who sign in.

usage of the module: python -m tests.interop.webmail CONFIGURATION [PUBLISHED…]; engages the people
"""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from tests.peers.installation import Hops
from tests.peers.installation import Installation as Siegel
from tests.peers.mailstack import MailStack
from tests.peers.process import Child, free_ports
from tests.world import WORLD, Person

ALICE, BOB, HUBER = (WORLD.person(name) for name in ("alice", "bob", "huber"))
PASSWORD: Final = "Ein langes Kennwort 7"
CLERKS: Final = {ALICE.address: "Alice Adler", BOB.address: "Bob Berger"}


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """``origin`` is what a browser opens. A ``Visitor`` takes it for an installation."""

    origin: str
    siegel: Siegel
    stack: MailStack
    child: Child
    sessions: dict[str, str]

    @property
    def said(self) -> str:
        return self.child.said


@contextmanager
def open_house(folder: Path, *, published: Sequence[Person] = ()) -> Iterator[House]:
    """Everything started and, at the end, stopped; Siegel must have ended in peace.

    ``published``: whose certificates the partner page hands out; it is closed for nobody's."""
    with MailStack() as stack:
        ports = stack.ports
        hops = Hops(
            outbound_port=ports.outbound_filter,
            inbound_port=ports.inbound_filter,
            outbound_hop=f"smtp://127.0.0.1:{ports.outbound_reinject}",
            inbound_hop=f"smtp://127.0.0.1:{ports.inbound_reinject}",
        )
        siegel = Siegel(folder, hops)
        (web,) = free_ports(1)
        _open_to_the_web(siegel, web, [ports.imap, ports.submission])
        siegel.trust_root()
        siegel.add_person(ALICE)
        siegel.add_person(BOB)
        options = ("-W", "error", "-m", __name__, str(siegel.config))
        shown = [each.address for each in published]
        with Child.python(*options, *shown, log=folder / "people.log") as people:
            assert people.wait() == 0, people.said
        with Child.siegel(
            "--config", str(siegel.config), "serve", log=folder / "siegel.log"
        ) as child:
            for port in (hops.outbound_port, hops.inbound_port, web):
                child.wait_for_port(port)
            yield House(
                origin=f"http://localhost:{web}",
                siegel=siegel,
                stack=stack,
                child=child,
                sessions={},
            )
            assert child.terminate() == 0, child.said
        assert "Traceback" not in child.said, child.said


def _open_to_the_web(siegel: Siegel, port: int, mail: list[int]) -> None:
    secret = siegel.folder / "web.secret"
    secret.touch(mode=0o600)
    secret.write_text("known to everybody, worth nothing, and long enough for Django")
    hosts = ", ".join(f'"127.0.0.1:{each}"' for each in mail)
    with siegel.config.open("a", encoding="utf-8") as config:
        config.write(
            f'\n[web]\nlisten = "127.0.0.1:{port}"\nsecret_file = "{secret}"\n'
            f"require_second_factor = false\n\n[mail]\nprivate_hosts = [{hosts}]\n"
            f"unencrypted_hosts = [{hosts}]\n"
        )


def _engage(config: Path, published: list[str]) -> None:
    """Each clerk owns the account of the same address and signs in with ``PASSWORD``."""
    from siegel.config.django import configure
    from siegel.config.load import load

    configure(load(config))
    from siegel.base.address import EmailAddress
    from siegel.base.secret import Secret
    from siegel.flows import accounts, publishing, publishing_site
    from siegel.policy.access import Capacity, Standing
    from siegel.policy.roles import Role
    from siegel.store.queries import users

    now = datetime.now(UTC) - timedelta(minutes=1)
    for address, name in CLERKS.items():
        who = EmailAddress.parse(address)
        users.add(who, at=now, display_name=name)
        users.set_password(who, Secret(PASSWORD))
        users.set_roles(who, [Role.MEMBER], at=now)
        owner = Standing(capacity=Capacity.OWNER, since=now, until=None)
        accounts.admit(who, who, owner, by="test", at=now)
    if published:
        publishing_site.open_(by="test", at=now)
        publishing.publish(map(EmailAddress.parse, published), by="test", at=now)


if __name__ == "__main__":
    _engage(Path(sys.argv[1]), sys.argv[2:])
