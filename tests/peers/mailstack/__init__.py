"""A mail server of our own for tests: Postfix, Dovecot and, if wanted, OpenDKIM on loopback.

    with MailStack() as stack:
        # … start the gateway on stack.ports.outbound_filter and .inbound_filter; it gives back
        # on stack.ports.outbound_reinject and .inbound_reinject …
        stack.submit("alice@office.example", ["huber@school.example"], message)
        received = stack.outside.wait_for(lambda one: b"Nachricht" in one.content)

        people -> submission -> [outbound filter] -> outbound reinject (DKIM) -+-> outside
        world  -> mx -----------------------------------------------------------+-> office.example
                                   [inbound filter] -> inbound reinject -> Dovecot -> IMAP

Postfix must be started by root; everything lives in one folder under /tmp and ends with ``stop``.
"""

import imaplib
import json
import os
import shutil
import signal
import smtplib
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from string import Template
from types import MappingProxyType, TracebackType
from typing import Final, Self

import pytest

from tests.peers.mailstack import dkim
from tests.peers.mailstack.outside import Outside, Received
from tests.peers.process import STOP_PATIENCE, Child, free_ports, wait_for_port
from tests.peers.programs import must, program
from tests.peers.server_tls import ServerFiles

__all__ = ["DOMAIN", "USERS", "MailStack", "Outside", "Ports", "Received"]

DOMAIN: Final = "office.example"
USERS: Final = MappingProxyType(
    {"alice@office.example": "alice-pw", "bob@office.example": "bob-pw"}
)

_TEMPLATES: Final = Path(__file__).parent
_PATIENCE: Final = 180.0
_STEP: Final = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """All on 127.0.0.1."""

    mx: int
    submission: int
    outbound_filter: int  # the gateway listens here
    inbound_filter: int  # and here
    outbound_reinject: int  # and gives back here
    inbound_reinject: int  # and here
    lmtp: int
    imap: int
    auth: int
    world: int
    milter: int

    @classmethod
    def free(cls) -> "Ports":
        names = [field.name for field in fields(cls)]
        return cls(**dict(zip(names, free_ports(len(names)), strict=True)))


class MailStack:
    def __init__(
        self,
        *,
        users: Mapping[str, str] = USERS,
        dkim: bool = False,
        ports: Ports | None = None,
        tls: ServerFiles | None = None,
    ) -> None:
        """With ``tls`` both servers offer STARTTLS."""
        self.users = users
        self._tls = tls
        self.ports = ports or Ports.free()
        self.outside = Outside(self.ports.world)
        self._dkim = dkim
        self._milter: Child | None = None
        self._home = Path()

    def start(self) -> Self:
        _need_root()
        # short, because socket names are; open, because postfix and dovecot must get in
        self._home = Path(tempfile.mkdtemp(prefix="stack", dir="/tmp"))
        self._home.chmod(0o755)
        try:
            self._start_everything()
        except BaseException:
            self.stop()
            raise
        return self

    def stop(self) -> None:
        """End what was started here, by its own process ids, and remove the folder."""
        self._stop_daemons()
        if self._milter is not None and self._milter.running:
            self._milter.terminate()
        self.outside.stop()
        shutil.rmtree(self._home, ignore_errors=True)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def submit(
        self,
        sender: str,
        recipients: Sequence[str],
        message: bytes,
        *,
        options: Iterable[str] = (),
        login: str | None = None,
    ) -> None:
        """Send as one of the organisation's people do: port 587, with their password."""
        user = login or sender
        with smtplib.SMTP("127.0.0.1", self.ports.submission) as client:
            client.login(user, self.users[user])
            client.sendmail(sender, list(recipients), message, list(options))

    def arrive(
        self,
        sender: str,
        recipients: Sequence[str],
        message: bytes,
        *,
        options: Iterable[str] = (),
    ) -> None:
        """Let a message come in from the world."""
        with smtplib.SMTP("127.0.0.1", self.ports.mx, "mx.partner.example") as client:
            client.sendmail(sender, list(recipients), message, list(options))

    def mailbox(self, user: str) -> tuple[bytes, ...]:
        """All messages of a user's inbox, oldest first, octet by octet as delivered."""
        with self._imap(user) as client:
            client.select("INBOX", readonly=True)
            _, found = client.search(None, "ALL")
            return tuple(_fetch(client, number) for number in found[0].split())

    def wait_for_mail(
        self, user: str, wanted: Callable[[bytes], bool], *, patience: float = _PATIENCE
    ) -> bytes:
        """The first message in the user's inbox that is ``wanted``, as soon as it is there."""
        end = time.monotonic() + patience
        while time.monotonic() < end:
            for message in self.mailbox(user):
                if wanted(message):
                    return message
            time.sleep(_STEP)
        raise AssertionError(f"no such mail for {user} in {patience} s; log:\n{self.log[-4000:]}")

    def empty(self) -> None:
        """Forget all delivered mail, inside and outside."""
        self.outside.clear()
        for user in self.users:
            with self._imap(user) as client:
                _, count = client.select("INBOX")
                if count == [b"0"]:
                    continue
                client.store("1:*", "+FLAGS", r"(\Deleted)")
                client.expunge()

    def queue(self) -> tuple[dict[str, object], ...]:
        """What waits in Postfix, as ``postqueue -j`` tells it."""
        said = must([program("postqueue"), "-c", str(self._postfix), "-j"])
        return tuple(json.loads(line) for line in said.splitlines())

    def wait_for_empty_queue(self, *, patience: float = _PATIENCE) -> None:
        end = time.monotonic() + patience
        while self.queue():
            assert time.monotonic() < end, f"still queued after {patience} s: {self.queue()}"
            time.sleep(_STEP)

    @property
    def log(self) -> str:
        """What Postfix wrote."""
        path = self._home / "postfix/mail.log"
        return path.read_text("utf-8", "replace") if path.exists() else ""

    def dkim_verifies(self, message: bytes) -> bool:
        assert self._dkim, "started without DKIM"
        return dkim.verifies(self._home / "opendkim-verify.conf", message, self._home)

    @property
    def _postfix(self) -> Path:
        return self._home / "postfix/etc"

    def _start_everything(self) -> None:
        self.outside.start()
        if self._dkim:
            self._start_milter()
        self._start_dovecot()
        self._start_postfix()
        ports = self.ports
        for port in (ports.mx, ports.submission, ports.outbound_reinject, ports.inbound_reinject):
            wait_for_port(port)
        for port in (ports.lmtp, ports.imap, ports.auth):
            wait_for_port(port)

    def _start_milter(self) -> None:
        dkim.write_keys(self._home / "dkim", DOMAIN)
        configuration = self._fill("opendkim.conf.in", self._home / "opendkim.conf")
        self._fill("opendkim-verify.conf.in", self._home / "opendkim-verify.conf")
        self._milter = dkim.milter(configuration, self._home / "opendkim.log").start()
        self._milter.wait_for_port(self.ports.milter)

    def _start_dovecot(self) -> None:
        home = self._home / "dovecot"
        for folder in (home, home / "run", home / "state", home / "mail"):
            folder.mkdir()
            shutil.chown(folder, "dovecot", "dovecot")
        users = "".join(f"{name}:{{PLAIN}}{word}\n" for name, word in self.users.items())
        (home / "users").write_text(users)
        configuration = self._fill("dovecot.conf.in", home / "dovecot.conf")
        command = [program("dovecot"), "-c", str(configuration)]
        self._launch([program("runuser"), "-u", "dovecot", "--", *command])

    def _start_postfix(self) -> None:
        home = self._home / "postfix"
        for folder in (home, home / "etc", home / "spool", home / "data"):
            folder.mkdir()
        shutil.chown(home / "data", "postfix")
        self._fill("main.cf.in", self._postfix / "main.cf")
        self._fill("master.cf.in", self._postfix / "master.cf")
        self._map("mailboxes", {user: "ok" for user in self.users})
        self._map("logins", {user: user for user in self.users})
        for name in ("dynamicmaps.cf", "postfix-files"):
            if Path("/etc/postfix", name).exists():
                shutil.copy(Path("/etc/postfix", name), self._postfix)
        self._launch([program("postfix"), "-c", str(self._postfix), "start"])

    def _stop_daemons(self) -> None:
        """Each master ends its own children, and is known by the file it wrote itself.

        Postfix goes first: while its servers hold connections, Dovecot waits for them.
        """
        for master in ("postfix/spool/pid/master.pid", "dovecot/run/master.pid"):
            pid = _pid(self._home / master)
            if pid is not None and _alive(pid):
                os.kill(pid, signal.SIGTERM)
                _wait_for_end(pid)

    def _launch(self, command: Sequence[str]) -> None:
        """Start a program that detaches itself; it gets no stream of ours."""
        with Child(command, log=self._home / "start.log") as starter:
            status = starter.wait()
            assert status == 0, f"{command[0]} did not start:\n{starter.said}"

    def _fill(self, template: str, target: Path) -> Path:
        values = {name: str(port) for name, port in asdict(self.ports).items()}
        values["milters"] = f"inet:127.0.0.1:{self.ports.milter}" if self._dkim else ""
        values |= _tls_lines(self._tls)
        text = Template((_TEMPLATES / template).read_text())
        target.write_text(text.substitute(values, home=self._home, domain=DOMAIN))
        return target

    def _map(self, name: str, entries: Mapping[str, str]) -> None:
        lines = "".join(f"{key} {value}\n" for key, value in entries.items())
        (self._postfix / name).write_text(lines)

    def _imap(self, user: str) -> imaplib.IMAP4:
        client = imaplib.IMAP4("127.0.0.1", self.ports.imap, timeout=_PATIENCE)
        client.login(user, self.users[user])
        return client


def _tls_lines(files: ServerFiles | None) -> dict[str, str]:
    if files is None:
        return {"tls": "ssl = no", "postfix_tls": ""}
    certificate, key = files.certificate, files.key
    return {
        "tls": f"ssl = yes\nssl_cert = <{certificate}\nssl_key = <{key}",
        "postfix_tls": "smtpd_tls_security_level = may\n"
        f"smtpd_tls_cert_file = {certificate}\nsmtpd_tls_key_file = {key}",
    }


def _need_root() -> None:
    if os.geteuid() != 0:
        pytest.skip("Postfix can only be started by root: run the tests as root")
    for name in ("postfix", "dovecot", "runuser"):
        program(name)


def _fetch(client: imaplib.IMAP4, number: bytes) -> bytes:
    _, found = client.fetch(number.decode(), "(BODY.PEEK[])")
    answer = found[0]
    assert isinstance(answer, tuple)
    return bytes(answer[1])


def _pid(path: Path) -> int | None:
    return int(path.read_text().strip()) if path.exists() else None


def _wait_for_end(pid: int) -> None:
    end = time.monotonic() + STOP_PATIENCE
    while _alive(pid):
        assert time.monotonic() < end, f"process {pid} does not end"
        time.sleep(_STEP)


def _alive(pid: int) -> bool:
    """Running, not just waiting for a slow parent to take notice of its end."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"
