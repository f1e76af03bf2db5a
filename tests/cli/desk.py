"""A folder with the files that the pure verbs work on: keys, certificates, lists and letters.

Letters are written by OpenSSL, so that our command is judged by messages it did not make.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from tests.peers.mime import mail, text_entity
from tests.peers.openssl import OpenSSL
from tests.world import WORLD, Person

PASSPHRASE: Final = "Grüße aus Roth"
AT: Final = "2030-01-01T00:00:00"  # after the clock OpenSSL signs by, before anything expires
NEXT_LIST: Final = datetime(2033, 1, 1, tzinfo=UTC)
ENTITY: Final = text_entity("Guten Tag,\r\n\r\nanbei der Bescheid für Müller.\r\n")
ALICE: Final = WORLD.person("alice")
BOB: Final = WORLD.person("bob")
HUBER: Final = WORLD.person("huber")


@dataclass(frozen=True, slots=True)
class Desk:
    folder: Path

    def file(self, name: str, content: bytes) -> str:
        path = self.folder / name
        path.write_bytes(content)
        return str(path)

    @property
    def root(self) -> str:
        return self.file("root.pem", WORLD.root.pem)

    @property
    def issuing(self) -> str:
        return self.file("issuing.cer", WORLD.authority("issuing").der)

    @property
    def passphrase(self) -> str:
        return self.file("passphrase", f"{PASSPHRASE}\n".encode())

    def p12(self, person: Person, passphrase: str = PASSPHRASE) -> str:
        return self.file(f"{person.name}.p12", person.p12(passphrase))

    def certificate(self, person: Person) -> str:
        return self.file(f"{person.name}.cer", person.certificate_der)

    def crl(self, authority: str = "issuing") -> str:
        return self.file(f"{authority}.crl", WORLD.crl(authority, next_update=NEXT_LIST))

    @property
    def trust(self) -> tuple[str, ...]:
        """Options that make the world's people good, at the moment of the world."""
        return ("--anchor", self.root, "--intermediate", self.issuing, "--at", AT)

    def key(self, person: Person) -> tuple[str, ...]:
        return ("--key", self.p12(person), "--passphrase-file", self.passphrase)

    def plain(self, sender: str = ALICE.address) -> str:
        return self.file("plain.eml", mail(ENTITY, sender=sender))

    def signed(self, person: Person = ALICE, *, sender: str | None = None) -> str:
        return self.file("signed.eml", letter(self._openssl.sign(ENTITY, person), person, sender))

    def encrypted(self, *readers: Person, sender: Person = ALICE) -> str:
        """Signed by ``sender``, then encrypted to ``readers``."""
        inner = self._openssl.sign(ENTITY, sender)
        entity = inner[inner.index(b"Content-Type:") :]
        return self.file("encrypted.eml", letter(self._openssl.encrypt(entity, *readers), sender))

    def only_encrypted(self, *readers: Person) -> str:
        return self.file("only.eml", letter(self._openssl.encrypt(ENTITY, *readers), ALICE))

    @property
    def _openssl(self) -> OpenSSL:
        place = self.folder / "openssl"
        place.mkdir(exist_ok=True)
        return OpenSSL(place)


def letter(smime: bytes, person: Person, sender: str | None = None) -> bytes:
    """What OpenSSL wrote, under the header of a letter."""
    top = (
        f"From: <{sender or person.address}>\r\nTo: <huber@school.example>\r\n"
        "Subject: Bescheid\r\nDate: Sat, 21 Nov 2026 12:00:00 +0000\r\n"
        "Message-ID: <1@office.example>\r\n"
    )
    return top.encode() + smime.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
