"""What certificates name as their addresses, fetched over HTTP from the pages and judged by
openssl and by our own fetching, at the moment of the test."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import AuthorityInformationAccessOID
from django.core.handlers.wsgi import WSGIHandler
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from pytest_django import Settings

from siegel.base.address import EmailAddress
from siegel.ca.crl import RevocationReason
from siegel.flows import accounts, issuing
from siegel.flows.authorities import Created
from siegel.flows.evidence import Gathering
from siegel.flows.issuing import Order
from siegel.pki.anchors import AnchorSet, AnchorSource, TrustAnchor
from siegel.pki.certificate import Certificate
from siegel.pki.evidence import Evidence
from siegel.pki.key_generation import KeyChoice
from siegel.pki.trust_facts import TrustFacts
from siegel.pki.verdict import PathStatus, Purpose, RevocationStatus
from siegel.transport.fetch_once import FetchOnce
from siegel.transport.fetching import Budget, Fetcher
from siegel.web import running
from tests.flows.office import Office
from tests.flows.workshop import EVA, OTTO, PLAN, made_authority, workshop_of
from tests.peers.process import free_ports
from tests.peers.programs import program, run

pytestmark = pytest.mark.django_db(transaction=True)


@dataclass
class Served:
    """An office whose authority publishes at the pages' own address."""

    office: Office
    created: Created
    folder: Path

    @property
    def issuing(self) -> Certificate:
        assert self.created.issuing.certificate is not None
        return self.created.issuing.certificate

    @property
    def root(self) -> Certificate:
        assert self.created.root.certificate is not None
        return self.created.root.certificate

    def issue(self, address: EmailAddress = EVA) -> Certificate:
        order = Order(address=address, key=KeyChoice.P_256)
        tools = workshop_of(self.office)
        return issuing.enrol(order, None, tools, by="test", at=self.office.at).certificate

    def revoke(self, leaf: Certificate) -> None:
        issuing.revoke(
            leaf.fingerprint,
            RevocationReason.KEY_COMPROMISE,
            workshop_of(self.office),
            by="test",
            at=datetime.now(UTC),
        )

    def file(self, name: str, *certificates: Certificate) -> str:
        path = self.folder / f"{name}.pem"
        path.write_bytes(b"".join(one.parsed.public_bytes(Encoding.PEM) for one in certificates))
        return str(path)

    def verify(self, leaf: Certificate) -> str:
        """``openssl verify`` with the lists that the certificates themselves name; "" is good."""
        lists = self.folder / "lists.pem"
        fetched = [fetch(place_of(one)) for one in (leaf, self.issuing)]
        lists.write_bytes(
            b"".join(x509.load_der_x509_crl(one).public_bytes(Encoding.PEM) for one in fetched)
        )
        done = run(
            [program("openssl"), "verify", "-x509_strict", "-crl_check_all",
             "-CRLfile", str(lists), "-CAfile", self.file("root", self.root),
             "-untrusted", self.file("issuing", self.issuing), self.file("leaf", leaf)]
        )  # fmt: skip
        return "" if done.returncode == 0 else (done.stderr + done.stdout).decode()

    def ask(self, *question: str, nonce: bool = True) -> str:
        """``openssl ocsp`` at the address that the certificates name."""
        done = run(
            [program("openssl"), "ocsp", "-issuer", self.file("issuing", self.issuing), *question,
             "-url", ocsp_place_of(self.issue()), "-CAfile",
             self.file("root", self.root), "-nonce" if nonce else "-no_nonce"]
        )  # fmt: skip
        return (done.stdout + done.stderr).decode()

    def verdict(self, leaf: Certificate) -> RevocationStatus:
        """Our own path with what our own fetching brings; nothing of the store."""
        host = place_of(leaf).split("/")[2]
        network = FetchOnce(Fetcher(private_hosts=frozenset({host})))
        anchor = TrustAnchor(certificate=self.root, source=AnchorSource.ORGANISATION)
        facts = TrustFacts(
            anchors=AnchorSet(anchors=(anchor,)), evidence=Evidence(), at=datetime.now(UTC)
        )
        completed = Gathering(network=network, budget=Budget(20)).complete([leaf], facts)
        found = completed.verdict(leaf, Purpose.ANY)
        assert (found.status is PathStatus.VALID) == (found.revocation is RevocationStatus.GOOD)
        return found.revocation


class Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Nobody reads it."""


@pytest.fixture
def pages(transactional_db: None) -> Iterator[str]:
    """The pages on a port of loopback, with their own connections to the store of the test."""
    del transactional_db
    (port,) = free_ports(1)
    server = ThreadedWSGIServer(("127.0.0.1", port), Quiet)
    server.set_app(WSGIHandler())
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def served(pages: str, settings: Settings, tmp_path: Path) -> Served:
    settings.SIEGEL_DATA_DIR = tmp_path / "data"
    office = Office(tmp_path, at=datetime.now(UTC))
    running.install(office.site)
    plan = replace(PLAN, publish_at=f"{pages}/pki")
    created = made_authority(office, plan=plan)
    for address in (EVA, OTTO):
        accounts.create(address, "", by="test", at=office.at)
    return Served(office=office, created=created, folder=tmp_path)


def fetch(url: str) -> bytes:
    status, body = asked(url)
    assert status == 200, url
    return body


def asked(url: str) -> tuple[int, bytes]:
    parts = urlsplit(url)
    connection = HTTPConnection(parts.netloc)
    try:
        connection.request("GET", parts.path)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def place_of(certificate: Certificate) -> str:
    extension = certificate.parsed.extensions.get_extension_for_class(x509.CRLDistributionPoints)
    (point,) = extension.value
    assert point.full_name is not None
    return str(point.full_name[0].value)


def ocsp_place_of(certificate: Certificate) -> str:
    extension = certificate.parsed.extensions.get_extension_for_class(
        x509.AuthorityInformationAccess
    )
    method = AuthorityInformationAccessOID.OCSP
    (place,) = (one for one in extension.value if one.access_method == method)
    return str(place.access_location.value)


@pytest.mark.requirement("B34")
def test_openssl_checks_a_certificate_with_the_lists_it_names(served: Served) -> None:
    leaf, other = served.issue(), served.issue(OTTO)
    assert served.verify(leaf) == ""
    served.revoke(leaf)
    assert "certificate revoked" in served.verify(leaf)
    assert served.verify(other) == ""


@pytest.mark.requirement("B34")
def test_openssl_asks_the_responder_that_certificates_name(served: Served) -> None:
    leaf = served.file("asked", served.issue(OTTO))
    for nonce in (True, False):
        said = served.ask("-cert", leaf, nonce=nonce)
        assert "Response verify OK" in said
        assert f"{leaf}: good" in said
    assert "no nonce" not in served.ask("-cert", leaf)
    served.revoke(served.issue(OTTO))
    said = served.ask("-cert", leaf)
    assert f"{leaf}: revoked" in said
    assert "keyCompromise" in said
    assert "4711: unknown" in served.ask("-serial", "4711")


@pytest.mark.requirement("B34")
def test_our_own_fetching_believes_what_we_serve(served: Served) -> None:
    leaf = served.issue()
    assert served.verdict(leaf) is RevocationStatus.GOOD
    served.revoke(leaf)
    assert served.verdict(leaf) is RevocationStatus.REVOKED


def test_an_unknown_address_is_answered_without_a_page(served: Served) -> None:
    base = place_of(served.issue()).rpartition("/")[0]
    for name in ("0123456789abcdef.crl", "0.cer", "", "x/y/z"):
        status, body = asked(f"{base}/{name}")
        assert status == 404
        assert b"<" not in body
