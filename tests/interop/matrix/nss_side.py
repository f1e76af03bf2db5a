"""NSS's cmsutil: bare CMS with one database."""

from tests.interop.matrix.formats import Carry, Encrypt, Sign
from tests.interop.matrix.side import Keys, LayerSide, NoWay, Shelf, is_multipart, people
from tests.peers.mime import cms_of, multipart_signed, pkcs7_mime, split_signed
from tests.peers.nss import Nss
from tests.world import WORLD

_ONLY_CIPHER = "aes128-cbc"  # what it takes for people of whom it knows nothing else


class NssSide(LayerSide):
    name = "nss"

    def __init__(self, nss: Nss) -> None:
        self._nss = nss
        nss.trust(*WORLD.trusted_roots)
        self._keys = Keys(nss)
        self._certificates = Shelf(nss.import_certificate)

    @property
    def version(self) -> str:
        return self._nss.version

    def sign(self, content: bytes, step: Sign) -> bytes:
        if step.pss or step.by_key_id or step.countersigner or len(step.signers) > 1:
            raise NoWay("has no option for it")
        self._keys.need(step.signers)
        (signer,) = people(step.signers)
        detached = not step.opaque
        cms = self._nss.sign(content, signer, detached=detached, digest=step.digest.upper())
        return multipart_signed(content, cms) if detached else pkcs7_mime(cms, "signed-data")

    def encrypt(self, content: bytes, step: Encrypt) -> bytes:
        if step.oaep or step.by_key_id or step.cipher not in (None, _ONLY_CIPHER):
            raise NoWay("has no option for it")
        self._certificates.need(step.recipients)
        cms = self._nss.encrypt(content, *people(step.recipients))
        return pkcs7_mime(cms, "enveloped-data")

    def carry(self, step: Carry) -> bytes:
        self._keys.need(step.people)
        return pkcs7_mime(self._nss.certificates_only(*people(step.people)), "certs-only")

    def verify(self, part: bytes) -> bytes:
        if is_multipart(part):
            content, cms = split_signed(part)
            return self._nss.verify(cms, content)
        return self._nss.verify(cms_of(part))

    def decrypt(self, part: bytes, step: Encrypt) -> bytes:
        self._keys.need(step.recipients[:1])
        return self._nss.decrypt(cms_of(part))

    def expand(self, part: bytes) -> bytes:
        return self._nss.decrypt(cms_of(part))

    def certificates(self, part: bytes) -> set[bytes]:
        raise NoWay("lists no certificates")
