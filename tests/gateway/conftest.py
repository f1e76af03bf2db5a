"""Gateways on free ports that end with their test."""

import contextlib
import datetime
import ssl
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Protocol

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from siegel.transport.envelope import Envelope, Role
from siegel.transport.gateway import Gateway, TlsFiles
from siegel.transport.replies import ACCEPTED, Reply


class Seen:
    """A handler that remembers and accepts."""

    def __init__(self, reply: Reply = ACCEPTED) -> None:
        self.reply = reply
        self.envelopes: list[Envelope] = []
        self.messages: list[bytes] = []

    def __call__(self, envelope: Envelope, message: bytes) -> Reply:
        self.envelopes.append(envelope)
        self.messages.append(message)
        return self.reply


class StartGateway(Protocol):
    def __call__(
        self, handler: Callable[[Envelope, bytes], Reply], role: Role = ..., **options: Any
    ) -> Gateway: ...


@pytest.fixture
def start() -> Iterator[StartGateway]:
    with contextlib.ExitStack() as running:

        def start(
            handler: Callable[[Envelope, bytes], Reply],
            role: Role = Role.OUTBOUND,
            **options: Any,
        ) -> Gateway:
            gateway = Gateway(
                role, ("127.0.0.1", 0), handler, **{"hostname": "gw.example.org", **options}
            )
            gateway.start()
            running.callback(gateway.stop, 2.0)
            return gateway

        yield start


@pytest.fixture
def seen() -> Seen:
    return Seen()


@pytest.fixture(scope="session")
def tls_files(tmp_path_factory: pytest.TempPathFactory) -> TlsFiles:
    """A certificate that nobody has signed, for gw.example.org."""
    folder = tmp_path_factory.mktemp("tls")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "gw.example.org")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.DNSName("gw.example.org")]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    files = TlsFiles(certificate=folder / "certificate.pem", key=folder / "key.pem")
    files.certificate.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    files.key.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return files


@pytest.fixture
def server_tls(tls_files: TlsFiles) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(tls_files.certificate, tls_files.key)
    return context


def trusting(certificate: Path) -> ssl.SSLContext:
    """A client's context that trusts this one certificate for any name."""
    context = ssl.create_default_context(cafile=str(certificate))
    context.check_hostname = False
    return context
