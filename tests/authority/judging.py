"""openssl and our own path checker about what the in-house authority issues."""

from pathlib import Path
from typing import Protocol

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from siegel.pki.anchors import AnchorSet, AnchorSource, TrustAnchor
from siegel.pki.certificate import Certificate
from siegel.pki.evidence import Evidence
from siegel.pki.path import validate
from siegel.pki.verdict import PathVerdict, Purpose
from tests.authority.house import House, Kind
from tests.peers.programs import program, run


class Chain(Protocol):
    """A root and an issuing authority."""

    @property
    def root(self) -> Certificate: ...

    @property
    def issuing(self) -> Certificate: ...


class Files:
    """What openssl reads, in a folder."""

    def __init__(self, house: Chain, folder: Path) -> None:
        self.folder, self.house = folder, house
        self.root = self._write("root", house.root)
        self.issuing = self._write("issuing", house.issuing)
        self.chain = folder / "chain.pem"
        self.chain.write_bytes(self.root.read_bytes() + self.issuing.read_bytes())

    def _write(self, name: str, certificate: Certificate) -> Path:
        file = self.folder / f"{name}.pem"
        file.write_bytes(certificate.parsed.public_bytes(Encoding.PEM))
        return file

    def verify(self, leaf: Certificate, purpose: str, *lists: bytes) -> str:
        """``openssl verify -crl_check``: "" or what it complains about."""
        crls = self.folder / "lists.pem"
        crls.write_bytes(
            b"".join(x509.load_der_x509_crl(one).public_bytes(Encoding.PEM) for one in lists)
        )
        done = run(
            [program("openssl"), "verify", "-x509_strict", "-crl_check_all", "-CRLfile", str(crls),
             "-purpose", purpose, "-CAfile", str(self.root), "-untrusted", str(self.issuing),
             str(self._write("leaf", leaf))]
        )  # fmt: skip
        return "" if done.returncode == 0 else (done.stderr + done.stdout).decode()

    def question(self, leaf: Certificate) -> bytes:
        """What ``openssl ocsp`` asks."""
        file = self.folder / "question.der"
        run(
            [program("openssl"), "ocsp", "-issuer", str(self.issuing), "-cert",
             str(self._write("leaf", leaf)), "-reqout", str(file)]
        )  # fmt: skip
        return file.read_bytes()

    def status(self, leaf: Certificate, answer: bytes) -> str:
        """What ``openssl ocsp`` says about the answer, which it verifies with nonce and times."""
        file = self.folder / "answer.der"
        file.write_bytes(answer)
        done = run(
            [program("openssl"), "ocsp", "-issuer", str(self.issuing), "-cert",
             str(self._write("leaf", leaf)), "-respin", str(file), "-CAfile", str(self.chain),
             "-no_nonce"]
        )  # fmt: skip
        return (done.stdout + done.stderr).decode()


def purposes(kind: Kind) -> tuple[str, ...]:
    """What openssl must accept it for: OpenSSL 3.0 knows no encryption with keyAgreement."""
    signs = () if kind.use == "encryption" else ("smimesign",)
    encrypts = kind.use != "signing" and kind.key.value.startswith("rsa")
    return (*signs, "smimeencrypt") if encrypts else signs


def path_of(
    house: House, leaf: Certificate, purpose: Purpose = Purpose.ANY, *lists: bytes
) -> PathVerdict:
    anchor = TrustAnchor(certificate=house.root, source=AnchorSource.ORGANISATION)
    evidence = Evidence(
        intermediates=(house.issuing,), crls=lists, ocsp_responses=(), gathered_at=house.at
    )
    return validate(
        leaf, anchors=AnchorSet(anchors=(anchor,)), evidence=evidence, at=house.at, purpose=purpose
    )
