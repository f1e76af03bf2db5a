"""Where the demo keeps its things: one folder, marked as its own, and ports of this machine."""

import secrets
import shutil
import socket
from dataclasses import dataclass
from pathlib import Path

from siegel.base.errors import ConfigurationError

MARK = ".siegel-demo"  # only a folder with this file is ever removed
LOOPBACK = "127.0.0.1"
USUAL_PORTS = (2525, 2526, 8025)  # outbound, inbound, web; others are taken if one is in use

_CONFIGURATION = """\
# Configuration of the demo. All keys with their meaning: siegel config describe
[organisation]
name = "Sprachschule am Markt"
domains = ["office.example"]

[store]
url = "sqlite:data/siegel.db"
data_dir = "data"

[keys]
file = "siegel.key"

[gateway]
hostname = "siegel.office.example"

[gateway.outbound]
listen = "{host}:{outbound}"
next_hop = "maildir:mail/outside"

[gateway.inbound]
listen = "{host}:{inbound}"
next_hop = "maildir:mail/inside"

[web]
listen = "{host}:{web}"
url = "http://{host}:{web}"
demo = true
secret_file = "web.secret"
"""


@dataclass(frozen=True, slots=True)
class Places:
    """Everything lies below ``folder``."""

    folder: Path

    @property
    def configuration(self) -> Path:
        return self.folder / "siegel.toml"

    @property
    def log(self) -> Path:
        return self.folder / "siegel.log"

    @property
    def outside(self) -> Path:
        return self.folder / "mail" / "outside"

    @property
    def inside(self) -> Path:
        return self.folder / "mail" / "inside"

    @property
    def office(self) -> Path:
        return self.folder / "office"

    @property
    def partner(self) -> Path:
        return self.folder / "partner"

    @property
    def data(self) -> Path:
        """What is configured as ``data_dir``."""
        return self.folder / "data"

    @property
    def record(self) -> Path:
        """What happened in the exchange; it exists only when the exchange was complete."""
        return self.folder / "exchange.json"

    @property
    def is_complete(self) -> bool:
        return self.record.exists()


def clear(places: Places) -> None:
    """Remove what an earlier demo left; a folder that is not marked as ours is not touched."""
    folder = places.folder
    if not folder.exists():
        return
    if not (folder / MARK).exists() and any(folder.iterdir()):
        raise ConfigurationError(f"{folder} is not empty and not a folder of the demo")
    shutil.rmtree(folder)


def lay_out(places: Places) -> None:
    """The folders and the configuration, with ports that are free now."""
    places.folder.mkdir(mode=0o700, parents=True)
    (places.folder / MARK).touch()
    for folder in (places.outside, places.inside, places.office, places.partner):
        folder.mkdir(mode=0o700, parents=True)
    places.data.mkdir(mode=0o700)
    secret = places.folder / "web.secret"
    secret.touch(mode=0o600)
    secret.write_text(secrets.token_urlsafe(48), "ascii")
    outbound, inbound, web = free_ports()
    places.configuration.write_text(
        _CONFIGURATION.format(host=LOOPBACK, outbound=outbound, inbound=inbound, web=web), "utf-8"
    )


def free_ports() -> tuple[int, int, int]:
    """The usual ones, or three others if one of them is in use."""
    return _bound(USUAL_PORTS) or _bound((0, 0, 0)) or USUAL_PORTS


def _bound(ports: tuple[int, int, int]) -> tuple[int, int, int] | None:
    """All three taken at once, to see that they are different and nobody's, and let go again."""
    sockets = [socket.socket() for _ in ports]
    try:
        for one, port in zip(sockets, ports, strict=True):
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            one.bind((LOOPBACK, port))
        first, second, third = (int(one.getsockname()[1]) for one in sockets)
    except OSError:
        return None
    finally:
        for one in sockets:
            one.close()
    return first, second, third
