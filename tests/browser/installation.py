"""The web role that browsers of the tests look at: a child process with a furnished office."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.browser.scenery import Names
from tests.browser.serving import CONFIGURATION
from tests.peers.process import Child, free_ports


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """``names``: what is in the office; ``sessions``: a signed-in session for each role."""

    origin: str
    names: Names
    sessions: dict[str, str]
    folder: Path
    child: Child

    @property
    def said(self) -> str:
        """What the process wrote into its log."""
        return self.child.said


@contextmanager
def installed(folder: Path, *options: str, second_factor: bool = False) -> Iterator[Installation]:
    """``second_factor``: whoever decides about keys and trust has to set one up."""
    outbound, inbound, web = free_ports(3)
    configuration, told = folder / "siegel.toml", folder / "names.json"
    configuration.write_text(
        CONFIGURATION.format(
            outbound=outbound,
            inbound=inbound,
            web=web,
            second_factor="true" if second_factor else "false",
        )
    )
    secret = folder / "client.secret"
    secret.touch(mode=0o600)
    secret.write_text("known to a provider that nobody asks")
    (folder / "data").mkdir()
    command = ("-W", "error", "-m", "tests.browser.serving", str(configuration), str(told))
    with Child.python(*command, *options, log=folder / "web.log") as child:
        child.wait_for_port(web)
        known = json.loads(told.read_text())
        yield Installation(
            origin=f"http://localhost:{web}",  # passkeys need a name, an address is none
            names=known["names"],
            sessions=known["sessions"],
            folder=folder,
            child=child,
        )
        assert child.terminate() == 0, child.said
    assert "Traceback" not in child.said, child.said
