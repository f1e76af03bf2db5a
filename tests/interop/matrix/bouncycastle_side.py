"""BouncyCastle: its S/MIME classes read, its CMS classes write."""

from tests.interop.matrix.formats import Carry, Encrypt, Sign
from tests.interop.matrix.side import LayerSide, Shelf, people
from tests.peers.bouncycastle import BouncyCastle
from tests.peers.mime import SmimeType, multipart_signed, pkcs7_mime
from tests.world import WORLD

_SCHEMES = {"dana": "SHA256withECDSA", "petra": "SHA384withECDSA", "carla": "Ed25519"}


class BouncyCastleSide(LayerSide):
    name = "bouncycastle"

    def __init__(self, bouncycastle: BouncyCastle) -> None:
        self._bouncycastle = bouncycastle
        bouncycastle.trust(*WORLD.trusted_roots)
        bouncycastle.carry(WORLD.authority("issuing"))
        self._people = Shelf(bouncycastle.add)

    @property
    def version(self) -> str:
        return self._bouncycastle.version

    def sign(self, content: bytes, step: Sign) -> bytes:
        self._people.need((*step.signers, *filter(None, [step.countersigner])))
        countersigner = WORLD.person(step.countersigner) if step.countersigner else None
        cms = self._bouncycastle.sign(
            content,
            *people(step.signers),
            schemes=[_scheme(name, step) for name in step.signers],
            detached=not step.opaque,
            by_key_id=step.by_key_id,
            countersigner=countersigner,
        )
        return pkcs7_mime(cms, "signed-data") if step.opaque else multipart_signed(content, cms)

    def encrypt(self, content: bytes, step: Encrypt) -> bytes:
        self._people.need(step.recipients)
        authenticated = step.authenticated and not step.appended_tag
        cms = self._bouncycastle.encrypt(
            content,
            *people(step.recipients),
            cipher=step.cipher_to_write,
            oaep=step.oaep,
            by_key_id=step.by_key_id,
            authenticated=authenticated,
            streamed=step.streamed,
        )
        kind: SmimeType = "authEnveloped-data" if authenticated else "enveloped-data"
        return pkcs7_mime(cms, kind)

    def compress(self, content: bytes) -> bytes:
        return pkcs7_mime(self._bouncycastle.compress(content), "compressed-data")

    def carry(self, step: Carry) -> bytes:
        self._people.need(step.people)
        return pkcs7_mime(self._bouncycastle.certificates_only(*people(step.people)), "certs-only")

    def verify(self, part: bytes) -> bytes:
        return self._bouncycastle.verify(part)

    def decrypt(self, part: bytes, step: Encrypt) -> bytes:
        self._people.need(step.recipients)
        return self._bouncycastle.decrypt(part)

    def expand(self, part: bytes) -> bytes:
        return self._bouncycastle.expand(part)

    def certificates(self, part: bytes) -> set[bytes]:
        return self._bouncycastle.certificates(part)


def _scheme(signer: str, step: Sign) -> str:
    scheme = _SCHEMES.get(signer, f"{step.digest.upper()}withRSA")
    return scheme + "andMGF1" if step.pss else scheme
