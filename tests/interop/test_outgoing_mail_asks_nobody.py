"""A real gateway process under strace: what connects where while mail goes out, and comes in.

Every partner's certificate says where lists, answers and missing issuers are; the addresses lead to
a server of the test that may be asked. For outgoing mail nobody is: the only connections are those
to the next hop (the store is a file). Incoming mail does ask, so the trace can see it.
"""

import re
import smtplib
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from siegel.base.buffers import joined
from siegel.mime.parse import parse_message
from siegel.pki.certificate import Certificate
from siegel.pki.softkeys import SoftwareKey
from siegel.smime.protect import sign
from siegel.smime.schemes import signature_scheme
from siegel.smime.sign import SigningIdentity
from tests.flows.authority import Ca, Places
from tests.flows.web import Web, serving
from tests.gateway.nexthop import RecordingNextHop
from tests.peers.installation import Hops, Installation
from tests.peers.mime import mail, text_entity
from tests.peers.process import Child, free_ports
from tests.peers.programs import program
from tests.world import WORLD

pytestmark = pytest.mark.interop

ALICE = WORLD.person("alice")
EVA, HUGO = "eva@fetch.example", "hugo@fetch.example"
NOW = datetime.now(UTC)
WEEK = timedelta(days=7)

CALLS = "connect,sendto,sendmsg,sendmmsg"
_INTERNET = re.compile(r"sin6?_port=htons\((\d+)\).*?\"([0-9a-f.:]+)\"")
_LOCAL = re.compile(r"sa_family=AF_UNIX, sun_path=@?\"([^\"]*)\"")


@dataclass(frozen=True, slots=True)
class Trace:
    """What a process and all its threads sent to whom, as strace writes it."""

    file: Path

    def peers(self) -> set[str]:
        """host:port, or the path of a local socket, of every call that names one."""
        text = self.file.read_text("utf-8", "replace")
        internet = {f"{host}:{port}" for port, host in _INTERNET.findall(text)}
        return internet | set(_LOCAL.findall(text))


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    office: Installation
    hop: RecordingNextHop
    web: Web
    trace: Trace
    key: ec.EllipticCurvePrivateKey
    eva: Certificate

    @property
    def hop_at(self) -> str:
        return f"{self.hop.host}:{self.hop.port}"


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    folder = tmp_path_factory.mktemp("traced")
    with serving() as web, RecordingNextHop() as hop:
        office = _office(folder, hop, web)
        key = ec.generate_private_key(ec.SECP256R1())
        eva = _partners(office, web, key)
        trace = Trace(folder / "trace")
        with _traced(office, trace) as child:
            child.wait_for_port(office.hops.outbound_port)
            child.wait_for_port(office.hops.inbound_port)
            yield Scene(office=office, hop=hop, web=web, trace=trace, key=key, eva=eva)


def _office(folder: Path, hop: RecordingNextHop, web: Web) -> Installation:
    outbound, inbound = free_ports(2)
    there = f"smtp://{hop.host}:{hop.port}"
    hops = Hops(outbound_port=outbound, inbound_port=inbound, outbound_hop=there, inbound_hop=there)
    office = Installation(folder, hops)
    with office.config.open("a", encoding="utf-8") as config:
        config.write(f'\n[revocation]\nprivate_hosts = ["{web.host}"]\n')
    office.trust_root()
    office.add_person(ALICE)
    return office


def _partners(office: Installation, web: Web, key: ec.EllipticCurvePrivateKey) -> Certificate:
    """Eva below the trusted root; Hugo, whose issuer is missing; all with addresses to ask."""

    def places(name: str) -> Places:
        return Places(
            crl=(web.url(f"/{name}.crl"),),
            ocsp=(web.url(f"/{name}-ocsp"),),
            issuer=(web.url(f"/{name}.cer"),),
        )

    root = Ca("Root")
    eva = root.leaf(EVA, places("eva"), key)
    hugo = Ca("Hidden", root, places=places("hidden")).leaf(HUGO, places("hugo"))
    for name, certificate in {"root": root.certificate, "eva": eva, "hugo": hugo}.items():
        (office.folder / f"{name}.cer").write_bytes(certificate.der)
        office.siegel("certificate", "import", str(office.folder / f"{name}.cer"))
    trusted = root.certificate.fingerprint
    office.siegel("trust", "add", trusted, "--fingerprint", trusted, "--channel", "Telefon")
    web.answer(
        "/eva.crl",
        root.crl(
            delta_at=web.url("/eva-delta.crl"), this_update=NOW - WEEK, next_update=NOW + WEEK
        ),
    )
    return eva


def _traced(office: Installation, trace: Trace) -> Child:
    strace = (program("strace"), "-f", "--seccomp-bpf", "-qq", "-e", f"trace={CALLS}")
    serve = ("-m", "siegel", "--config", str(office.config), "serve", "--only", "gateway")
    command = (*strace, "-o", str(trace.file), sys.executable, *serve)
    return Child(command, log=office.folder / "log")


def _send(port: int, sender: str, recipient: str, raw: bytes) -> None:
    with smtplib.SMTP("127.0.0.1", port, timeout=60) as client:
        client.sendmail(sender, [recipient], raw)


def _letter(sender: str, recipient: str, subject: str) -> bytes:
    return mail(text_entity(), sender=sender, recipients=(recipient,), subject=subject)


def test_outgoing_mail_connects_to_the_next_hop_and_nobody_else(scene: Scene) -> None:
    for recipient in (EVA, HUGO, "niemand@nirgends.example"):
        raw = _letter(ALICE.address, recipient, "hinaus")
        _send(scene.office.hops.outbound_port, ALICE.address, recipient, raw)

    encrypted, *signed = scene.hop.contents
    assert b"enveloped-data" in encrypted.lower()
    assert all(b"multipart/signed" in one or b"signed-data" in one for one in signed)
    assert len(signed) == 2
    assert scene.web.asked == []
    assert scene.trace.peers() == {scene.hop_at}


def test_incoming_mail_asks_what_the_certificate_names_and_the_trace_sees_it(scene: Scene) -> None:
    identity = SigningIdentity(
        key=SoftwareKey(scene.key, [scene.eva]),
        scheme=signature_scheme(scene.eva),
        chain=(scene.eva.der,),
    )
    signed = sign(parse_message(_letter(EVA, ALICE.address, "herein")), [identity], at=NOW)
    _send(scene.office.hops.inbound_port, EVA, ALICE.address, joined(signed.chunks()))

    assert b"smime=pass" in scene.hop.contents[-1]
    assert scene.web.asked == ["/eva.crl", "/eva-delta.crl"]
    assert scene.trace.peers() == {scene.hop_at, scene.web.host}


def test_after_it_was_asked_outgoing_mail_still_asks_nobody(scene: Scene) -> None:
    asked = list(scene.web.asked)
    raw = _letter(ALICE.address, EVA, "noch einmal")
    _send(scene.office.hops.outbound_port, ALICE.address, EVA, raw)

    assert b"enveloped-data" in scene.hop.contents[-1].lower()
    assert scene.web.asked == asked
