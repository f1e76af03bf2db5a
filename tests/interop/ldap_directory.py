"""slapd in front of our own answers, as the ldap role runs it, but in the process of the test."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from siegel.config.schema import Ldap
from siegel.config.values import Listen
from siegel.serve import ldap as role
from tests.peers.process import wait_for_port
from tests.world import WORLD_NOW

SUFFIX = "ou=partners,o=office"


@contextmanager
def directory(folder: Path, settings: Ldap) -> Iterator[None]:
    """Until the end of the block slapd listens where the settings say."""
    desk = role.Desk(settings, lambda: WORLD_NOW)
    with role.answering(desk.answer) as path, role.slapd(settings, folder, path) as child:
        assert settings.listen is not None
        wait_for_port(settings.listen.port)
        assert child.poll() is None, f"slapd ended with {child.returncode}"
        yield


def settings(port: int, **more: object) -> Ldap:
    return Ldap(listen=Listen("127.0.0.1", port), suffix=SUFFIX, **more)  # type: ignore[arg-type]  # fields by name


def ldapsearch(port: int, question: str, *options: str, base: str = SUFFIX) -> tuple[int, str]:
    """Exit code and LDIF."""
    done = subprocess.run(
        ["ldapsearch", "-x", "-LLL", "-o", "ldif-wrap=no", "-H", f"ldap://127.0.0.1:{port}",
         "-b", base, *options, question, "*"],
        capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL, check=False,
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr
