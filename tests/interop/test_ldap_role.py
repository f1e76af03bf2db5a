"""``siegel serve --only ldap``: it starts, answers, and comes back after a power cut."""

import os
import signal
from pathlib import Path

import pytest

from tests.interop.ldap_directory import SUFFIX, ldapsearch
from tests.peers.installation import Hops, Installation
from tests.peers.process import Child, free_ports

pytestmark = [pytest.mark.interop, pytest.mark.requirement("A55")]
QUESTION = "(mail=nobody@x.example)"


@pytest.fixture
def office(tmp_path: Path) -> Installation:
    return Installation(tmp_path, Hops.maildirs(tmp_path))


def _serving(office: Installation, port: int, log: Path) -> Child:
    with office.config.open("a") as file:
        file.write(f'\n[ldap]\nlisten = "127.0.0.1:{port}"\nsuffix = "{SUFFIX}"\n')
    office.siegel("store", "migrate")
    return Child.siegel("--config", str(office.config), "serve", "--only", "ldap", log=log)


def test_killed_and_started_again_it_answers(office: Installation, tmp_path: Path) -> None:
    """Only the parent is killed: slapd lives on, holds the port and has nobody to ask."""
    (port,) = free_ports(1)
    with _serving(office, port, tmp_path / "log") as child:
        child.wait_for_port(port)
        assert ldapsearch(port, QUESTION) == (0, "")
        os.kill(child.pid, signal.SIGKILL)
        child.wait()
        assert ldapsearch(port, QUESTION)[0] != 0
        child.start()
        child.wait_for_words("a slapd of before is ended")
        child.wait_for_words("directory listens at")
        child.wait_for_port(port)
        assert ldapsearch(port, QUESTION) == (0, "")
        assert child.terminate() == 0
    assert ldapsearch(port, QUESTION)[0] != 0


def test_without_a_listener_there_is_nothing_to_serve(office: Installation, tmp_path: Path) -> None:
    office.siegel("store", "migrate")
    command = ("--config", str(office.config), "serve", "--only", "ldap")
    with Child.siegel(*command, log=tmp_path / "log") as child:
        assert child.wait() == 78
        assert "ldap.listen is empty" in child.said
