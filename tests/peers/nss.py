"""NSS, the library inside Mozilla's programs, by its command line: ``cmsutil`` and a database.

    nss = Nss(tmp_path)
    nss.trust(world.root)
    nss.import_key(world.person("bob"))
    assert nss.verify(signature, entity) == entity

It speaks bare CMS (wrap with ``tests.peers.mime``) and judges with the real clock. It has no way
to ask for another content cipher, RSA-PSS, OAEP, or a name by subjectKeyIdentifier.
"""

from itertools import count
from pathlib import Path
from typing import Final

from tests.peers.programs import PeerError, must, program
from tests.world import Authority, Person

PASSPHRASE: Final = "geheim"


class Nss:
    """One database of keys and certificates, without a password of its own."""

    def __init__(self, folder: Path) -> None:
        self._cmsutil, self._certutil = program("cmsutil"), program("certutil")
        self._pk12util = program("pk12util")
        self._folder = folder
        self._numbers = count(1)
        database = folder / "nss"
        database.mkdir()
        self._database = ("-d", f"sql:{database}")
        must([self._certutil, "-N", *self._database, "--empty-password"])

    @property
    def version(self) -> str:
        """Of the package: the program does not say its own."""
        shown = must([program("dpkg-query"), "-W", "-f", "${Version}", "libnss3-tools"])
        return shown.decode().partition(":")[2].partition("-")[0]

    def trust(self, *roots: Authority) -> None:
        for root in roots:
            self._add(root.role.name, root.der, ",C,")

    def import_certificate(self, *people: Person) -> None:
        for person in people:
            self._import_chain(person)
            self._add(person.address, person.certificate_der, ",,")

    def import_key(self, *people: Person) -> None:
        """From a certificate file; afterwards the person is known by the address."""
        for person in people:
            self._import_chain(person)
            file = str(self._file(person.p12(PASSPHRASE)))
            must([self._pk12util, "-i", file, *self._database, "-W", PASSPHRASE])

    def sign(
        self, content: bytes, person: Person, *, detached: bool = True, digest: str = "SHA256"
    ) -> bytes:
        options = ["-N", person.address, "-H", digest, "-G", "-P", *(["-T"] if detached else [])]
        return self._made("-S", options, content)

    def encrypt(self, content: bytes, *recipients: Person) -> bytes:
        names = ",".join(person.address for person in recipients)
        return self._made("-E", ["-r", names], content)

    def certificates_only(self, *people: Person) -> bytes:
        return self._made("-O", ["-r", ",".join(person.address for person in people)], b"")

    def verify(self, cms: bytes, content: bytes | None = None) -> bytes:
        """The signed content; raises unless every signature is good for mail."""
        detached = ["-c", str(self._file(content))] if content is not None else []
        found = self._read(cms, [*detached, "-u", "4"])
        said = self._read(cms, [*detached, "-u", "4", "-n", "-h", "1"]).decode("utf-8", "replace")
        signers = [line for line in said.splitlines() if ".status=" in line]
        if not signers or any("status=GoodSignature;" not in line for line in signers):
            raise PeerError(("cmsutil", "-D"), 0, said)
        return found

    def decrypt(self, cms: bytes) -> bytes:
        """Open with any key of the database."""
        return self._read(cms, [])

    def _import_chain(self, person: Person) -> None:
        for authority in person.intermediates:
            self._add(authority.role.name, authority.der, ",,")

    def _add(self, name: str, der: bytes, trust: str) -> None:
        file = str(self._file(der))
        must([self._certutil, "-A", *self._database, "-n", name, "-t", trust, "-i", file])

    def _made(self, verb: str, options: list[str], content: bytes) -> bytes:
        given, out = self._file(content), self._path()
        ends = ["-i", str(given), "-o", str(out)]
        must([self._cmsutil, verb, *self._database, *options, *ends])
        return out.read_bytes()

    def _read(self, cms: bytes, options: list[str]) -> bytes:
        given, out = self._file(cms), self._path()
        ends = ["-i", str(given), "-o", str(out)]
        must([self._cmsutil, "-D", *self._database, *options, *ends])
        return out.read_bytes()

    def _file(self, octets: bytes) -> Path:
        path = self._path()
        path.write_bytes(octets)
        return path

    def _path(self) -> Path:
        return self._folder / f"nss-file-{next(self._numbers)}"
