"""Zones signed here, served by nsd, and checked by unbound on loopback: DNS as an office has it."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import dns.dnssec
import dns.name
import dns.rdatatype
import dns.zone
from cryptography.hazmat.primitives.asymmetric import ec
from dns.dnssectypes import Algorithm
from dns.rdtypes.ANY.DNSKEY import DNSKEY

from siegel.base.address import EmailAddress
from siegel.directory.smimea_name import owner_name
from tests.peers.process import Child, free_ports

SECURE, FORGED, PLAIN = "secure.example", "forged.example", "plain.example"
_HEAD = """$ORIGIN {zone}.
$TTL 300
@ SOA ns hostmaster 1 3600 900 604800 300
@ NS ns
ns A 127.0.0.1
"""


@dataclass(frozen=True, slots=True)
class Published:
    """One SMIMEA record."""

    address: str
    rdata: bytes


def record(address: str, certificate: bytes, usage: int = 3) -> Published:
    return Published(address, bytes((usage, 0, 0)) + certificate)


@contextmanager
def resolver(folder: Path, records: Mapping[str, list[Published]]) -> Iterator[int]:
    """The port of a validating resolver of this machine that knows these zones."""
    authority, recursive = free_ports(2)
    anchors = []
    for zone, found in records.items():
        anchors += _write(folder, zone, found)
    with ExitStack() as running:
        running.enter_context(_nsd(folder, authority, tuple(records)))
        running.enter_context(_unbound(folder, recursive, authority, tuple(records), anchors))
        yield recursive


def _write(folder: Path, name: str, records: list[Published]) -> list[str]:
    """The zone file; the anchors that a resolver believes it by."""
    text = _HEAD.format(zone=name)
    for each in records:
        owner = owner_name(EmailAddress.parse(each.address))
        text += f"{owner}. TYPE53 \\# {len(each.rdata)} {each.rdata.hex()}\n"
    zone = dns.zone.from_text(text, origin=f"{name}.", relativize=False)
    anchors = []
    if name != PLAIN:
        key, believed = _key(), _key()
        dns.dnssec.sign_zone(zone, keys=[key], lifetime=86400)
        anchors = [f"{name}. 300 IN DNSKEY {(believed if name == FORGED else key)[1]}"]
    zone.to_file(str(folder / f"{name}.zone"), relativize=False)
    return anchors


def _key() -> tuple[ec.EllipticCurvePrivateKey, DNSKEY]:
    private = ec.generate_private_key(ec.SECP256R1())
    public = dns.dnssec.make_dnskey(private.public_key(), Algorithm.ECDSAP256SHA256, flags=257)
    return private, public


@contextmanager
def _nsd(folder: Path, port: int, zones: tuple[str, ...]) -> Iterator[None]:
    served = "".join(f'zone:\n name: "{z}"\n zonefile: "{folder / z}.zone"\n' for z in zones)
    file = folder / "nsd.conf"
    file.write_text(
        f'server:\n ip-address: 127.0.0.1@{port}\n username: ""\n chroot: ""\n'
        f' zonesdir: "{folder}"\n database: ""\n pidfile: "{folder}/nsd.pid"\n'
        f' xfrdfile: "{folder}/xfrd"\n zonelistfile: "{folder}/zones"\n xfrdir: "{folder}"\n'
        f" server-count: 1\nremote-control:\n control-enable: no\n{served}"
    )
    with Child(["/usr/sbin/nsd", "-d", "-c", str(file)], log=folder / "nsd.log") as child:
        child.wait_for_port(port)
        yield


@contextmanager
def _unbound(
    folder: Path, port: int, authority: int, zones: tuple[str, ...], anchors: list[str]
) -> Iterator[None]:
    (folder / "anchors").write_text("".join(f"{line}\n" for line in anchors))
    stubs = "".join(f'stub-zone:\n name: "{z}"\n stub-addr: 127.0.0.1@{authority}\n' for z in zones)
    file = folder / "unbound.conf"
    file.write_text(
        f'server:\n interface: 127.0.0.1\n port: {port}\n username: ""\n chroot: ""\n'
        f' directory: "{folder}"\n pidfile: ""\n use-syslog: no\n do-ip6: no\n'
        f' do-not-query-localhost: no\n module-config: "validator iterator"\n'
        f' trust-anchor-file: "{folder}/anchors"\n'
        f" do-daemonize: no\nremote-control:\n control-enable: no\n{stubs}"
    )
    command = ["/usr/sbin/unbound", "-d", "-p", "-c", str(file)]
    with Child(command, log=folder / "unbound.log") as child:
        child.wait_for_port(port)
        yield
