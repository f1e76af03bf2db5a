"""OpenDKIM: signs behind the gateway as a milter, and verifies from files without DNS."""

from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.peers.process import Child
from tests.peers.programs import must, program
from tests.world.private_keys import pkcs8_pem, private_key

KEY: Final = "root"  # any RSA key of the world will do
SELECTOR: Final = "test"


def write_keys(folder: Path, domain: str) -> None:
    """The private key, and the record that DNS would hold."""
    folder.mkdir()
    key = private_key(KEY)
    (folder / f"{SELECTOR}.pem").write_bytes(pkcs8_pem(key))
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    record = "v=DKIM1; k=rsa; p=" + b"".join(public.splitlines()[1:-1]).decode()
    (folder / "public").write_text(f"{SELECTOR}._domainkey.{domain} {record}\n")


def milter(configuration: Path, log: Path) -> Child:
    return Child((program("opendkim"), "-f", "-x", str(configuration)), log=log)


def verifies(configuration: Path, message: bytes, folder: Path) -> bool:
    """Whether the message carries a DKIM signature, and OpenDKIM finds it good."""
    path = folder / "to-verify.eml"
    path.write_bytes(message)
    said = must([program("opendkim"), "-x", str(configuration), "-t", str(path)])
    return said.rstrip().endswith(b"succeeded")
