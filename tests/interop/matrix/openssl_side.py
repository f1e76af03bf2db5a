"""OpenSSL's ``cms``: reads and writes whole S/MIME entities by its own MIME code."""

from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from tests.interop.matrix.formats import Carry, Encrypt, Sign
from tests.interop.matrix.side import LayerSide, NoWay, people
from tests.peers.mime import cms_of, pkcs7_mime
from tests.peers.openssl import OpenSSL
from tests.peers.programs import must, program
from tests.world import WORLD

_CIPHERS = {"3des-cbc": "des3", "aes128-cbc": "aes-128-cbc", "aes256-cbc": "aes-256-cbc"}
_CIPHERS |= {"aes256-gcm": "aes-256-gcm"}


class OpenSSLSide(LayerSide):
    name = "openssl"

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._openssl = OpenSSL(folder)

    @property
    def version(self) -> str:
        return must([program("openssl"), "version"]).decode().split()[1]

    def sign(self, content: bytes, step: Sign) -> bytes:
        if step.countersigner:
            raise NoWay("has no command for it")
        return _crlf(
            self._openssl.sign(
                content,
                *people(step.signers),
                detached=not step.opaque,
                pss=step.pss,
                by_key_id=step.by_key_id,
                digest=step.digest,
            )
        )

    def encrypt(self, content: bytes, step: Encrypt) -> bytes:
        if step.appended_tag:
            raise NoWay("writes AES-GCM as AuthEnvelopedData only")
        return _crlf(
            self._openssl.encrypt(
                content,
                *people(step.recipients),
                cipher=_CIPHERS.get(step.cipher_to_write, step.cipher_to_write),
                by_key_id=step.by_key_id,
                oaep="sha256" if step.oaep else None,
                streamed=step.streamed,
            )
        )

    def compress(self, content: bytes) -> bytes:
        return must([program("openssl"), "cms", "-compress", "-binary"], given=content)

    def carry(self, step: Carry) -> bytes:
        pem = self._file("certificates", b"".join(p.certificate_pem for p in people(step.people)))
        command = [program("openssl"), "crl2pkcs7", "-nocrl", "-certfile", pem, "-outform", "DER"]
        return pkcs7_mime(must(command), "certs-only")

    def verify(self, part: bytes) -> bytes:
        return self._openssl.verify(part, *WORLD.trusted_roots, at=WORLD.now).content

    def decrypt(self, part: bytes, step: Encrypt) -> bytes:
        """With the key of every recipient in turn: each of them has to open it."""
        opened = {self._openssl.decrypt(part, person) for person in people(step.recipients)}
        assert len(opened) == 1, "another content for another recipient"
        return opened.pop()

    def expand(self, part: bytes) -> bytes:
        file = self._file("compressed", cms_of(part))
        return must([program("openssl"), "cms", "-uncompress", "-inform", "DER", "-in", file])

    def certificates(self, part: bytes) -> set[bytes]:
        pem = must(
            [program("openssl"), "pkcs7", "-inform", "DER", "-print_certs"], given=cms_of(part)
        )
        return {one.public_bytes(Encoding.DER) for one in x509.load_pem_x509_certificates(pem)}

    def _file(self, name: str, octets: bytes) -> str:
        path = self._folder / name
        path.write_bytes(octets)
        return str(path)


def _crlf(message: bytes) -> bytes:
    """Some of its header lines end with LF alone, whatever it is told."""
    return message.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
