"""OpenSSL's command line: ``openssl cms`` (RFC 5652) and ``openssl smime`` (its older twin).

    openssl = OpenSSL(tmp_path)
    message = openssl.sign(entity, alice)
    assert openssl.verify(message, world.root).content == entity

Messages go in and out as bytes; people are people of ``tests.world``. A refusal raises
``PeerError`` with the program's own words.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Literal

from cryptography import x509

from tests.peers.programs import must, program
from tests.world import Authority, Person

Tool = Literal["cms", "smime"]
Form = Literal["SMIME", "DER", "PEM"]


@dataclass(frozen=True, slots=True)
class Verified:
    content: bytes
    signers: tuple[x509.Certificate, ...]


class OpenSSL:
    """The program with a folder for its files; give every test its own (``tmp_path``)."""

    def __init__(self, folder: Path, tool: Tool = "cms") -> None:
        self._program = program("openssl")
        self._folder = folder
        self._tool = tool
        self._numbers: Iterator[int] = count(1)

    def sign(
        self,
        content: bytes,
        *signers: Person,
        detached: bool = True,
        chain: bool = True,
        attributes: bool = True,
        capabilities: bool = True,
        by_key_id: bool = False,
        pss: bool = False,
        digest: str | None = "sha256",
        streamed: bool = False,
        form: Form = "SMIME",
        extra: Sequence[str] = (),
    ) -> bytes:
        """Sign ``content`` octet by octet. PSS takes a salt as long as the digest."""
        options = [
            *(() if detached else ("-nodetach",)),
            *(() if attributes else ("-noattr",)),
            *(() if capabilities else ("-nosmimecap",)),
            *(("-md", digest) if digest else ()),
            "-stream" if streamed else "-noindef",
        ]
        pss_options = ("rsa_padding_mode:pss", "rsa_pss_saltlen:digest") if pss else ()
        for person in signers:
            files = person.write(self._folder)
            options += ["-signer", str(files.certificate), "-inkey", str(files.key)]
            options += _key_options(pss_options)
        if by_key_id:
            options.append("-keyid")
        if chain:
            options += self._extra_certificates(signers)
        return self._make("-sign", content, [*options, *extra], form)

    def encrypt(
        self,
        content: bytes,
        *recipients: Person,
        cipher: str = "aes-256-cbc",
        by_key_id: bool = False,
        oaep: str | None = None,
        kdf_digest: str | None = None,
        streamed: bool = False,
        form: Form = "SMIME",
        extra: Sequence[str] = (),
    ) -> bytes:
        """Encrypt to ``recipients``. A GCM cipher makes AuthEnvelopedData (RFC 5083).

        ``oaep`` is the digest of RSAES-OAEP and its MGF, ``kdf_digest`` that of the X9.63 KDF.
        """
        options = [f"-{cipher}", "-stream" if streamed else "-noindef"]
        oaep_options = ("rsa_padding_mode:oaep", f"rsa_oaep_md:{oaep}") if oaep else ()
        kdf_options = (f"ecdh_kdf_md:{kdf_digest}",) if kdf_digest else ()
        for person in recipients:
            certificate = str(person.write(self._folder).certificate)
            options += ["-recip", certificate] if self._tool == "cms" else []
            options += _key_options((*oaep_options, *kdf_options))
        if by_key_id:
            options.append("-keyid")
        if self._tool == "smime":
            extra = (*extra, *(str(one.write(self._folder).certificate) for one in recipients))
        return self._make("-encrypt", content, [*options, *extra], form)

    def decrypt(self, message: bytes, person: Person, *, form: Form = "SMIME") -> bytes:
        files = person.write(self._folder)
        options = ["-recip", str(files.certificate), "-inkey", str(files.key)]
        return self._read("-decrypt", message, options, form)

    def verify(
        self,
        message: bytes,
        *roots: Authority,
        at: datetime | None = None,
        purpose: str = "smimesign",
        intermediates: Sequence[Authority] = (),
        content: bytes | None = None,
        form: Form = "SMIME",
        extra: Sequence[str] = (),
    ) -> Verified:
        """Check signature, chain to ``roots`` and purpose; without ``at`` no time is checked."""
        signers = self._path("signers")
        # intermediates may stand among the roots: without -partial_chain they are no anchors
        known = self._bundle("known", (*roots, *intermediates))
        options = ["-CAfile", known, "-no-CApath", "-no-CAstore"]
        options += ["-signer", str(signers), "-purpose", purpose]
        options += ["-attime", str(int(at.timestamp()))] if at else ["-no_check_time"]
        if content is not None:
            options += ["-content", str(self._file("content", content))]
        found = self._read("-verify", message, [*options, *extra], form)
        pem = signers.read_bytes() if signers.exists() else b""
        return Verified(found, tuple(x509.load_pem_x509_certificates(pem) if pem else ()))

    def structure(self, cms: bytes, form: Form = "DER") -> str:
        """OpenSSL's own reading of a CMS object, for people and for looking up a field."""
        return self._read("-cmsout", cms, ["-noout", "-print"], form).decode("utf-8", "replace")

    def _make(self, verb: str, content: bytes, options: Sequence[str], form: Form) -> bytes:
        given = self._file("in", content)
        out = self._path("out")
        # the input is canonical already: -binary keeps every octet, -crlfeol ends header lines
        lines = ("-binary", "-crlfeol") if form == "SMIME" else ("-binary",)
        ends = ["-in", str(given), "-out", str(out), "-outform", form]
        must([self._program, self._tool, verb, *lines, *ends, *options])
        return out.read_bytes()

    def _read(self, verb: str, message: bytes, options: Sequence[str], form: Form) -> bytes:
        given = self._file("in", message)
        out = self._path("out")
        ends = [
            "-in",
            str(given),
            "-inform",
            form,
            *(() if "-noout" in options else ("-out", str(out))),
        ]
        said = must([self._program, self._tool, verb, *ends, *options])
        return out.read_bytes() if out.exists() else said

    def _extra_certificates(self, signers: Sequence[Person]) -> list[str]:
        authorities = {one.der: one for person in signers for one in person.intermediates}
        if not authorities:
            return []
        return ["-certfile", self._bundle("chain", tuple(authorities.values()))]

    def _bundle(self, kind: str, authorities: Sequence[Authority]) -> str:
        return str(self._file(kind, b"".join(one.pem for one in authorities)))

    def _file(self, kind: str, octets: bytes) -> Path:
        path = self._path(kind)
        path.write_bytes(octets)
        return path

    def _path(self, kind: str) -> Path:
        return self._folder / f"{kind}-{next(self._numbers)}"


def _key_options(pairs: Sequence[str]) -> list[str]:
    return [word for pair in pairs for word in ("-keyopt", pair)]
