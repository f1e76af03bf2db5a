"""The web role that browsers of the tests look at: a child process with a furnished office."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.browser import scenery
from tests.browser.serving import CONFIGURATION
from tests.peers.process import Child, free_ports

CONFIGURED, NAMES = "siegel.toml", "names.json"
PATIENCE = 900.0  # seconds of a loaded machine to furnish an office; alone it takes ten to thirty


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """``names``: what is in the office; ``sessions``: a signed-in session for each role."""

    origin: str
    names: scenery.Names
    sessions: dict[str, str]
    folder: Path
    child: Child

    @property
    def said(self) -> str:
        """What the process wrote into its log."""
        return self.child.said


@contextmanager
def installed(
    folder: Path, *options: str, second_factor: bool = False, like: Path | None = None
) -> Iterator[Installation]:
    """``second_factor``: whoever decides about keys and trust has to set one up. ``like``: a folder
    that ``furnish`` prepared; furnishing anew takes seconds."""
    if like is not None:
        shutil.copytree(like, folder, dirs_exist_ok=True)
    web = _configure(folder, second_factor=second_factor)
    with Child.python(*_command(folder), *options, log=folder / "web.log") as child:
        child.wait_for_port(web, patience=PATIENCE)
        known = json.loads((folder / NAMES).read_text())
        yield Installation(
            origin=f"http://localhost:{web}",  # passkeys need a name, an address is none
            names=known["names"],
            sessions=known["sessions"],
            folder=folder,
            child=child,
        )
        assert child.terminate() == 0, child.said
    assert "Traceback" not in child.said, child.said


def furnish(folder: Path) -> None:
    """An office to be copied, that nothing serves."""
    _configure(folder, second_factor=False)
    with Child.python(*_command(folder), "--furnish-only", log=folder / "before.log") as child:
        assert child.wait(patience=PATIENCE) == 0, child.said


def _command(folder: Path) -> tuple[str, ...]:
    files = (str(folder / CONFIGURED), str(folder / NAMES))
    ignored = "ignore::DeprecationWarning:ldap3.utils.asn1"  # names of pyasn1 that it calls old
    return ("-W", "error", "-W", ignored, "-m", "tests.browser.serving", *files)


def _configure(folder: Path, *, second_factor: bool) -> int:
    """The port of the pages."""
    outbound, inbound, web = free_ports(3)
    factor = "true" if second_factor else "false"
    (folder / CONFIGURED).write_text(
        CONFIGURATION.format(outbound=outbound, inbound=inbound, web=web, second_factor=factor)
    )
    for name in ("client.secret", "web.secret"):
        secret = folder / name
        secret.touch(mode=0o600)
        secret.write_text("known to everybody, worth nothing, and long enough for Django")
    (folder / "data").mkdir(exist_ok=True)
    return web
