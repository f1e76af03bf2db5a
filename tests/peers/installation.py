"""One installation of Siegel in a folder, driven by its command as an administrator would.

office = Installation(tmp_path, outbound=…, inbound=…)
office.siegel("account", "add", "alice@office.example")
with office.gateway() as running: …
"""

import copy
import json
import shutil
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from cryptography.hazmat.primitives import hashes

from tests.peers.process import Child, free_ports
from tests.world import WORLD, Person

PASSPHRASE: Final = "Grüße aus Roth"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hops:
    """Where the gateway listens and where it hands over."""

    outbound_port: int
    inbound_port: int
    outbound_hop: str
    inbound_hop: str

    @classmethod
    def maildirs(cls, folder: Path) -> "Hops":
        outbound, inbound = free_ports(2)
        return cls(
            outbound_port=outbound,
            inbound_port=inbound,
            outbound_hop=f"maildir:{folder / 'outside'}",
            inbound_hop=f"maildir:{folder / 'inside'}",
        )


class Installation:
    """A configuration file, a key file, a store, and the command ``siegel``."""

    def __init__(self, folder: Path, hops: Hops, *, language: str = "de") -> None:
        self.folder = folder
        self.hops = hops
        self.config = folder / "siegel.toml"
        self.config.write_text(_CONFIG.format(folder=folder, hops=hops, language=language), "utf-8")
        self.siegel("key", "create")

    def copied_to(self, folder: Path) -> "Installation":
        """One just like it in a new folder, at the same ports; nothing of it may run."""
        shutil.copytree(self.folder, folder)
        made = copy.copy(self)
        made.folder, made.config = folder, folder / self.config.name
        old, new = str(self.folder), str(folder)
        made.hops = replace(
            self.hops,
            outbound_hop=self.hops.outbound_hop.replace(old, new),
            inbound_hop=self.hops.inbound_hop.replace(old, new),
        )
        text = made.config.read_text("utf-8").replace(old, new)
        made.config.write_text(text, "utf-8")
        return made

    def siegel(self, *arguments: str, status: int = 0) -> str:
        """Run one command; its standard output."""
        done = subprocess.run(
            [sys.executable, "-m", "siegel", "--config", str(self.config), *arguments],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=120,
            check=False,
        )
        said = done.stdout.decode(), done.stderr.decode()
        assert done.returncode == status, f"{arguments}: {done.returncode}\n{said[0]}\n{said[1]}"
        return said[0]

    def json(self, *arguments: str) -> Any:
        return json.loads(self.siegel(*arguments, "--json"))

    def gateway(self) -> Child:
        """The gateway role; enter it to start and wait for both ports."""
        return Child.siegel(
            "--config", str(self.config), "serve", "--only", "gateway", log=self.folder / "log"
        )

    def running(self) -> Child:
        child = self.gateway().start()
        child.wait_for_port(self.hops.outbound_port)
        child.wait_for_port(self.hops.inbound_port)
        return child

    def trust_root(self) -> None:
        """As an administrator does: import the root, compare the fingerprint, decide."""
        root = self.folder / "root.cer"
        root.write_bytes(WORLD.root.der)
        self.siegel("certificate", "import", str(root))
        fingerprint = WORLD.root.certificate.fingerprint(_SHA256).hex()
        self.siegel(
            "trust", "add", fingerprint, "--fingerprint", fingerprint, "--channel", "Telefon"
        )

    def add_person(self, person: Person, *, account: bool = True) -> None:
        """Import the .p12 and create the account."""
        if account:
            self.siegel("account", "add", person.address)
        p12, secret = self.folder / f"{person.address}.p12", self.folder / "passphrase"
        p12.write_bytes(person.p12(PASSPHRASE, "modern"))
        secret.write_text(PASSPHRASE + "\n", "utf-8")
        self.siegel("certificate", "import", str(p12), "--passphrase-file", str(secret))
        p12.unlink()

    def add_certificate(self, person: Person) -> None:
        file = self.folder / f"{person.address}.cer"
        file.write_bytes(person.certificate_der)
        self.siegel("certificate", "import", str(file))


_SHA256: Final = hashes.SHA256()
_CONFIG: Final = """\
[organisation]
name = "Landratsamt Test"
domains = ["office.example"]
language = "{language}"

[store]
url = "sqlite:///{folder}/siegel.db"
data_dir = "{folder}/data"

[keys]
file = "{folder}/siegel.key"

[gateway]
hostname = "siegel.office.example"
drain_seconds = 5

[gateway.outbound]
listen = "127.0.0.1:{hops.outbound_port}"
next_hop = "{hops.outbound_hop}"
next_hop_tls = "none"

[gateway.inbound]
listen = "127.0.0.1:{hops.inbound_port}"
next_hop = "{hops.inbound_hop}"
next_hop_tls = "none"
"""
