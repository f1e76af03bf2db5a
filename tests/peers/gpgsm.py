"""GnuPG's S/MIME half: ``gpgsm`` with a home, an agent and a list of trusted roots of its own.

    with Gpgsm() as gpgsm:
        gpgsm.trust(world.root)
        gpgsm.import_key(world.person("bob"))
        gpgsm.import_certificate(world.person("alice"))
        signature = gpgsm.sign(entity, world.person("bob"))

It speaks bare CMS (wrap with ``tests.peers.mime``) and judges with the real clock. What 2.2.40
cannot do, and tests must not ask of it: private keys of elliptic curves (its importer crashes),
encryption to them, signatures of P-521 or with a digest shorter than the curve, AES-GCM, OAEP,
and PKCS#12 other than 3DES/SHA-1.
"""

import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha1
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from tests.peers.programs import PeerError, program, run
from tests.world import Authority, Person

PASSPHRASE: Final = "geheim"

_STATUS: Final = "[GNUPG:] "
_ATTEMPTS: Final = 3
_MISREAD: Final = "decryption failed; trying charset"
_CONFIGURATION: Final = {
    "gpgsm.conf": "disable-crl-checks\ndisable-dirmngr\nno-secmem-warning\n",
    # its own choice of iterations costs 0.4 s for every use of a private key
    "gpg-agent.conf": "allow-loopback-pinentry\ns2k-count 65536\n",
}


@dataclass(frozen=True, slots=True)
class Status:
    """What gpgsm reported for machines: lines like ``GOODSIG``, ``VALIDSIG``, ``TRUST_FULLY``."""

    lines: tuple[str, ...]
    words: str  # what it wrote for people

    def says(self, keyword: str) -> bool:
        return any(line.split(" ", 1)[0] == keyword for line in self.lines)


@dataclass(frozen=True, slots=True)
class Verified:
    content: bytes
    status: Status


class Gpgsm:
    """One home. The folder lies under /tmp: a socket's path may have 107 octets only."""

    def __init__(self) -> None:
        self._program = program("gpgsm")
        self._gpgconf = program("gpgconf")
        self._home = Path(tempfile.mkdtemp(prefix="gpgsm", dir="/tmp"))
        self._numbers = count(1)
        self._roots: list[str] = []
        for name, text in _CONFIGURATION.items():
            (self._home / name).write_text(text)

    def trust(self, *roots: Authority) -> None:
        """Rely on ``roots``; to be said before anything is signed or verified."""
        self._roots += [f"{fingerprint(root.der)} S relax" for root in roots]
        (self._home / "trustlist.txt").write_text("\n".join(self._roots) + "\n")
        for root in roots:
            self._import(root.der)

    def import_certificate(self, *people: Person) -> None:
        for person in people:
            for der in (*person.chain, person.certificate_der):
                self._import(der)

    def import_key(self, *people: Person) -> None:
        for person in people:
            self.import_certificate(person)
            self._import_key(person)

    def _import_key(self, person: Person) -> None:
        """gpgsm 2.2 fails to decrypt about one file in a few hundred; another salt helps."""
        for attempt in range(_ATTEMPTS):
            try:
                return self.import_p12(person.p12(PASSPHRASE, "compatible"))
            except PeerError as error:
                if _MISREAD not in error.words or attempt == _ATTEMPTS - 1:
                    raise

    def import_p12(self, blob: bytes, passphrase: str = PASSPHRASE) -> None:
        """A certificate file with one key; the key is kept under the same passphrase."""
        status = self._import(blob, passphrase)
        if "secret keys imported: 1" not in status.words:
            raise PeerError(("gpgsm", "--import"), 0, status.words)

    def import_bundle(self, cms: bytes) -> set[str]:
        """Take in a certs-only message; the fingerprints of what it held."""
        said = self._import(cms)
        return {line.split()[2] for line in said.lines if line.startswith("IMPORT_OK ")}

    def sign(
        self,
        content: bytes,
        person: Person,
        *,
        detached: bool = True,
        digest: str = "SHA256",
        extra: Sequence[str] = (),
    ) -> bytes:
        """A SignedData with the whole chain (without the root), in BER."""
        verb = "--detach-sign" if detached else "--sign"
        user = fingerprint(person.certificate_der)
        return self._make(verb, content, ["-u", user, "--digest-algo", digest, *extra])

    def encrypt(
        self, content: bytes, *recipients: Person, cipher: str = "AES256", extra: Sequence[str] = ()
    ) -> bytes:
        """An EnvelopedData (CBC, RSA PKCS#1 v1.5), in BER."""
        names = [word for one in recipients for word in ("-r", fingerprint(one.certificate_der))]
        return self._make("--encrypt", content, [*names, "--cipher-algo", cipher, *extra])

    def decrypt(self, cms: bytes) -> bytes:
        """Open an EnvelopedData with any key at hand.

        With several recipients gpgsm complains about each key it does not have and ends with an
        error although it opened the message: its status line is what counts.
        """
        out = self._path()
        ended, status = self._try(["--output", str(out), "--decrypt", str(self._file(cms))])
        if not status.says("DECRYPTION_OKAY"):
            raise PeerError(("gpgsm", "--decrypt"), ended, status.words)
        return out.read_bytes()

    def verify(self, cms: bytes, content: bytes | None = None) -> Verified:
        """Check a SignedData; ``content`` is what a detached one signs. Raises unless good."""
        out = self._path()
        files = [str(self._file(octets)) for octets in (cms, content) if octets is not None]
        output = ["--output", str(out)] if content is None else []
        status = self._call([*output, "--verify", *files])
        if not (status.says("GOODSIG") and status.says("TRUST_FULLY")):
            raise PeerError(("gpgsm", "--verify"), 0, status.words)
        return Verified(out.read_bytes() if content is None else content, status)

    def close(self) -> None:
        """End the agent of this home (found by its socket) and remove everything."""
        home = str(self._home)
        run([self._gpgconf, "--homedir", home, "--kill", "all"])
        run([self._gpgconf, "--homedir", home, "--remove-socketdir"])
        shutil.rmtree(self._home, ignore_errors=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _import(self, blob: bytes, passphrase: str = PASSPHRASE) -> Status:
        return self._call(["--import", str(self._file(blob))], passphrase)

    def _make(self, verb: str, given: bytes, options: Sequence[str]) -> bytes:
        out = self._path()
        self._call([*options, "--output", str(out), verb, str(self._file(given))])
        return out.read_bytes()

    def _call(self, arguments: Sequence[str], passphrase: str = PASSPHRASE) -> Status:
        """Raises when the program says no by its exit status."""
        done, status = self._try(arguments, passphrase)
        if done != 0:
            raise PeerError(("gpgsm", *arguments), done, status.words)
        return status

    def _try(self, arguments: Sequence[str], passphrase: str = PASSPHRASE) -> tuple[int, Status]:
        command = [self._program, "--homedir", str(self._home), "--batch", "--status-fd", "1"]
        command += ["--pinentry-mode", "loopback", "--passphrase-fd", "0", *arguments]
        done = run(command, given=f"{passphrase}\n".encode())
        said = done.stdout.decode("utf-8", "replace").splitlines()
        lines = tuple(line[len(_STATUS) :] for line in said if line.startswith(_STATUS))
        return done.returncode, Status(lines, done.stderr.decode("utf-8", "replace"))

    def _file(self, octets: bytes) -> Path:
        path = self._path()
        path.write_bytes(octets)
        return path

    def _path(self) -> Path:
        return self._home / f"file-{next(self._numbers)}"


def fingerprint(der: bytes) -> str:
    """How gpgsm names a certificate."""
    return sha1(der, usedforsecurity=False).hexdigest().upper()
