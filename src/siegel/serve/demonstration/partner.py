"""Frau Huber's mail program: OpenSSL's command line if it is installed, else our own engine.

She trusts the office's authority, knows the office's certificates only from signatures that
reached her, and never sees the office's store.
"""

import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from siegel.cli.files import read_certificates
from siegel.cli.keyfiles import read_key_files
from siegel.library.judging import judge
from siegel.library.keys import Keys
from siegel.library.messages import open_message
from siegel.library.protecting import sign
from siegel.mime.message import Part
from siegel.mime.parse import parse_entity, parse_message
from siegel.pki.bundle import parse_certificates
from siegel.pki.certificate import Certificate
from siegel.pki.export import public_part
from siegel.serve.demonstration.cast import HUBER, Files

SECONDS = 30  # for one run of openssl; it takes a few milliseconds
_BARE_LF = re.compile(rb"(?<!\r)\n")


class UnreadableError(Exception):
    """The partner's program does not accept a message; the text is its own reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What the partner sees: the text, whose signature was accepted, and how it came."""

    text: str
    signer: Certificate
    encrypted: bool


class MailProgram(Protocol):
    name: str

    def protect(self, message: bytes, readers: Sequence[Certificate], at: datetime) -> bytes:
        """Signed as Frau Huber and, if there are readers, encrypted to them."""
        ...

    def seal(self, message: bytes, readers: Sequence[Certificate]) -> bytes | None:
        """Encrypted without any signature, as some programs do; None: this one does not."""
        ...

    def read(self, message: bytes, at: datetime) -> Letter:
        """Raises ``UnreadableError`` unless the signature holds below the office's authority."""
        ...


def mail_program(mine: Files, office_root: Path) -> MailProgram:
    program = shutil.which("openssl")
    return OpenSsl(program, mine, office_root) if program else OwnEngine(mine, office_root)


class OpenSsl:
    """``openssl cms`` (RFC 5652); it knows nothing of this project."""

    def __init__(self, program: str, mine: Files, office_root: Path) -> None:
        self._program = program
        self._mine = mine
        self._office_root = office_root
        version = subprocess.run([program, "version"], capture_output=True, timeout=SECONDS)  # noqa: S603 - found on the path
        self.name = "openssl cms, " + " ".join(version.stdout.decode().split()[:2])

    def protect(self, message: bytes, readers: Sequence[Certificate], at: datetime) -> bytes:
        del at
        outer, entity = _apart(message)
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            made = self._run(folder, "-sign", entity, *self._me("-signer"), "-md", "sha256")
            if readers:
                made = self._encrypted(folder, made, readers)
        return outer + _BARE_LF.sub(b"\r\n", made)

    def seal(self, message: bytes, readers: Sequence[Certificate]) -> bytes | None:
        outer, entity = _apart(message)
        with tempfile.TemporaryDirectory() as name:
            made = self._encrypted(Path(name), entity, readers)
        return outer + _BARE_LF.sub(b"\r\n", made)

    def _encrypted(self, folder: Path, entity: bytes, readers: Sequence[Certificate]) -> bytes:
        certificates = [_pem(folder, reader) for reader in readers]
        options = [word for file in certificates for word in ("-recip", str(file))]
        return self._run(folder, "-encrypt", entity, "-aes-256-cbc", *options)

    def read(self, message: bytes, at: datetime) -> Letter:
        del at
        encrypted = parse_message(message).root.content_type.media == "application/pkcs7-mime"
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            if encrypted:
                message = self._run(folder, "-decrypt", message, *self._me("-recip"))
            signer = folder / "signer.pem"
            trust = ("-CAfile", str(self._office_root), "-no-CApath", "-no-CAstore")
            entity = self._run(
                folder, "-verify", message, *trust, "-purpose", "smimesign", "-signer", str(signer)
            )
            (certificate,) = parse_certificates(signer.read_bytes())
        return Letter(text=_text(parse_entity(entity)), signer=certificate, encrypted=encrypted)

    def _me(self, role: str) -> tuple[str, ...]:
        mine = self._mine
        return (role, str(mine.certificate(HUBER)), "-inkey", str(mine.key(HUBER)))

    def _run(self, folder: Path, verb: str, given: bytes, *options: str) -> bytes:
        source, target = folder / "in", folder / "out"
        source.write_bytes(given)
        ends = ("-in", str(source), "-out", str(target))
        lines = () if verb in ("-decrypt", "-verify") else ("-binary", "-crlfeol")
        done = subprocess.run(  # noqa: S603 - found on the path, our own arguments
            [self._program, "cms", verb, *ends, *lines, *options],
            capture_output=True,
            timeout=SECONDS,
        )
        if done.returncode:
            raise UnreadableError(done.stderr.decode("utf-8", "replace").strip())
        return target.read_bytes()


class OwnEngine:
    """The engine of this project, with no store and nothing but Frau Huber's files."""

    name = "the engine of siegel itself (openssl is not installed)"

    def __init__(self, mine: Files, office_root: Path) -> None:
        self._mine = mine
        self._office_root = office_root

    def protect(self, message: bytes, readers: Sequence[Certificate], at: datetime) -> bytes:
        signed = sign(message, self._held(), at=at)
        return bytes(signed.encrypt_to(readers) if readers else signed)

    def seal(self, message: bytes, readers: Sequence[Certificate]) -> bytes | None:
        """The engine has no way to encrypt what is not signed."""
        return None

    def read(self, message: bytes, at: datetime) -> Letter:
        opened = open_message(message, self._held())
        judged = judge(opened, anchors=read_certificates([str(self._office_root)]), at=at)
        best = judged.signer
        if best is None or not best.counts or best.signer.certificate is None:
            raise UnreadableError(", ".join(judged.reasons))
        encrypted = bool(opened.encrypted_layers)
        return Letter(
            text=_text(opened.payload), signer=best.signer.certificate, encrypted=encrypted
        )

    def _held(self) -> Keys:
        mine = self._mine
        return read_key_files([str(mine.pkcs12(HUBER))], [str(mine.passphrase)])


def _apart(message: bytes) -> tuple[bytes, bytes]:
    """The header section outside, and the entity that is signed (RFC 8551 §3.1)."""
    parsed = parse_message(message)
    inner = [f.raw for f in parsed.fields if f.lower.startswith("content-")]
    outer = [f.raw for f in parsed.fields if not f.lower.startswith(("content-", "mime-version"))]
    return b"".join(outer), b"".join((*inner, b"\r\n", parsed.root.body))


def _text(entity: Part) -> str:
    return entity.decoded().decode("utf-8", "replace").replace("\r\n", "\n").strip()


def _pem(folder: Path, certificate: Certificate) -> Path:
    file = folder / f"{certificate.fingerprint}.pem"
    file.write_bytes(public_part(certificate, [], format="pem"))
    return file
