"""SoftHSM: a PKCS #11 token in a folder. Its library reads where that is once for each process."""

import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from tests.peers.programs import library, must, program

MODULE = "/usr/lib/softhsm/libsofthsm2.so"
LABEL, PIN = "siegel", "1234"


@dataclass(frozen=True, slots=True)
class SoftHsm:
    """``configuration`` is what SOFTHSM2_CONF names, for other processes too."""

    folder: Path
    configuration: Path

    @property
    def module(self) -> Path:
        return Path(library(MODULE))

    def tool(self, *arguments: str) -> bytes:
        """``pkcs11-tool``, logged in."""
        env = {**os.environ, "SOFTHSM2_CONF": str(self.configuration)}
        command = (program("pkcs11-tool"), "--module", str(self.module), "--token-label", LABEL)
        return must([*command, "--login", "--pin", PIN, *arguments], env=env)


@cache
def soft_hsm() -> SoftHsm:
    """The one token of this process, made when it is first asked for."""
    library(MODULE)
    folder = Path(mkdtemp(prefix="softhsm"))
    (folder / "tokens").mkdir()
    configuration = folder / "softhsm2.conf"
    configuration.write_text(
        f"directories.tokendir = {folder}/tokens\nobjectstore.backend = file\nlog.level = ERROR\n"
    )
    os.environ["SOFTHSM2_CONF"] = str(configuration)
    must(
        [
            program("softhsm2-util"),
            "--init-token",
            "--free",
            "--label",
            LABEL,
            "--pin",
            PIN,
            "--so-pin",
            PIN,
        ]
    )
    return SoftHsm(folder, configuration)
