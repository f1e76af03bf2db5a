"""BouncyCastle, the library of most S/MIME gateways written in Java, in one Java process.

    with BouncyCastle(tmp_path) as bouncycastle:
        bouncycastle.trust(world.root)
        bouncycastle.add(world.person("bob"))
        entity = bouncycastle.verify(part)          # one MIME layer at a time
        cms = bouncycastle.encrypt(entity, world.person("bob"))

The program is ``java/BouncyPeer.java``, compiled by ``java`` itself when it starts (3 seconds).
It reads MIME layers and writes bare CMS (wrap with ``tests.peers.mime``). Paths are judged by
PKIX with the real clock and without revocation.
"""

import subprocess
from collections.abc import Sequence
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from tests.peers.programs import PATIENCE, PeerError, library, program
from tests.world import Authority, Person

_SOURCE: Final = Path(__file__).with_name("java") / "BouncyPeer.java"
_JARS: Final = ("bcmail", "bcpkix", "bcprov", "bcutil", "javax.mail", "javax.activation")


class BouncyCastle:
    """People have to be added before they are named; those without a key only receive."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = count(1)
        jars = [library(f"/usr/share/java/{name}.jar") for name in _JARS]
        self._command = [program("java"), "-cp", ":".join(jars), str(_SOURCE)]
        self._readers: list[str] = []

    @property
    def version(self) -> str:
        return self._ask("version")

    def trust(self, *roots: Authority) -> None:
        for root in roots:
            self._ask("trust", self._file(root.der))

    def carry(self, *authorities: Authority) -> None:
        """Put their certificates into everything that is signed from now on."""
        for authority in authorities:
            self._ask("authority", self._file(authority.der))

    def add(self, *people: Person) -> None:
        for person in people:
            files = self._file(person.certificate_der), self._file(person.pkcs8)
            self._ask("person", person.name, *files)
            self._readers.append(person.name)

    def verify(self, part: bytes) -> bytes:
        """The signed entity of multipart/signed or application/pkcs7-mime."""
        return self._made("verify", part)

    def decrypt(self, part: bytes) -> bytes:
        """The content of application/pkcs7-mime, with any key that was added."""
        return self._made("decrypt", part, f"reader={','.join(self._readers)}")

    def expand(self, part: bytes) -> bytes:
        return self._made("expand", part)

    def certificates(self, part: bytes) -> set[bytes]:
        """What a certs-only message carries."""
        lines = self._made("list", part).decode("ascii").splitlines()
        return {bytes.fromhex(line) for line in lines}

    def sign(
        self,
        content: bytes,
        *signers: Person,
        schemes: Sequence[str],
        detached: bool = True,
        by_key_id: bool = False,
        countersigner: Person | None = None,
    ) -> bytes:
        """SignedData; ``schemes`` are Java's names, one for each signer."""
        options = [
            f"signers={','.join(person.name for person in signers)}",
            f"scheme={','.join(schemes)}",
            *(["detached"] if detached else []),
            *(["ski"] if by_key_id else []),
            *([f"counter={countersigner.name}"] if countersigner else []),
        ]
        return self._made("sign", content, *options)

    def encrypt(
        self,
        content: bytes,
        *recipients: Person,
        cipher: str = "aes256-cbc",
        oaep: bool = False,
        by_key_id: bool = False,
        authenticated: bool = False,
        streamed: bool = False,
    ) -> bytes:
        """EnvelopedData, also for GCM, unless ``authenticated`` asks for AuthEnvelopedData."""
        options = [
            f"recipients={','.join(person.name for person in recipients)}",
            f"cipher={cipher}",
            *(["oaep"] if oaep else []),
            *(["ski"] if by_key_id else []),
            *(["auth"] if authenticated else []),
            *(["streamed"] if streamed else []),
        ]
        return self._made("encrypt", content, *options)

    def compress(self, content: bytes) -> bytes:
        return self._made("compress", content)

    def certificates_only(self, *people: Person) -> bytes:
        out = self._path()
        self._ask("certificates", str(out), ",".join(person.name for person in people))
        return out.read_bytes()

    def __enter__(self) -> Self:
        with (self._folder / "bouncycastle.log").open("wb") as log:
            self._process = subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                encoding="utf-8",
            )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()  # it ends with its input
        self._process.wait(PATIENCE)
        self._process.stdout.close()

    def _made(self, verb: str, given: bytes, *options: str) -> bytes:
        out = self._path()
        self._ask(verb, self._file(given), str(out), *options)
        return out.read_bytes()

    def _ask(self, *words: str) -> str:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write("\t".join(words) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            said = (self._folder / "bouncycastle.log").read_text("utf-8", "replace")
            raise PeerError(("java", *words), self._process.wait(PATIENCE), said)
        verdict, _, text = line.rstrip("\n").partition("\t")
        if verdict != "ok":
            raise PeerError(("bouncycastle", *words), 1, text)
        return text

    def _file(self, octets: bytes) -> str:
        path = self._path()
        path.write_bytes(octets)
        return str(path)

    def _path(self) -> Path:
        return self._folder / f"bouncy-file-{next(self._numbers)}"
