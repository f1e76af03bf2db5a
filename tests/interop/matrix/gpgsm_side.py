"""GnuPG's gpgsm: bare CMS in one home."""

from tests.interop.matrix.formats import Carry, Encrypt, Sign
from tests.interop.matrix.side import Keys, LayerSide, NoWay, Shelf, is_multipart, people
from tests.peers.gpgsm import Gpgsm, fingerprint
from tests.peers.mime import cms_of, multipart_signed, pkcs7_mime, split_signed
from tests.peers.programs import must, program
from tests.world import WORLD

_CIPHERS = {"3des-cbc": "3DES", "aes128-cbc": "AES128", "aes256-cbc": "AES256"}


class GpgsmSide(LayerSide):
    name = "gpgsm"

    def __init__(self, gpgsm: Gpgsm) -> None:
        self._gpgsm = gpgsm
        gpgsm.trust(*WORLD.trusted_roots)
        self._keys = Keys(gpgsm)
        self._certificates = Shelf(gpgsm.import_certificate)

    @property
    def version(self) -> str:
        return must([program("gpgsm"), "--version"]).decode().split()[2]

    def sign(self, content: bytes, step: Sign) -> bytes:
        if step.pss or step.by_key_id or step.countersigner:
            raise NoWay("has no option for it")
        self._keys.need(step.signers)
        first, *others = people(step.signers)
        extra = [word for one in others for word in ("-u", fingerprint(one.certificate_der))]
        digest = step.digest.upper()
        cms = self._gpgsm.sign(content, first, detached=not step.opaque, digest=digest, extra=extra)
        return pkcs7_mime(cms, "signed-data") if step.opaque else multipart_signed(content, cms)

    def encrypt(self, content: bytes, step: Encrypt) -> bytes:
        if step.oaep or step.by_key_id or step.appended_tag:
            raise NoWay("has no option for it")
        self._certificates.need(step.recipients)
        cipher = _CIPHERS.get(step.cipher_to_write, step.cipher_to_write)
        cms = self._gpgsm.encrypt(content, *people(step.recipients), cipher=cipher)
        return pkcs7_mime(cms, "enveloped-data")

    def carry(self, step: Carry) -> bytes:
        del step
        raise NoWay("exports single certificates only")

    def verify(self, part: bytes) -> bytes:
        if is_multipart(part):
            content, cms = split_signed(part)
            return self._gpgsm.verify(cms, content).content
        return self._gpgsm.verify(cms_of(part)).content

    def decrypt(self, part: bytes, step: Encrypt) -> bytes:
        self._keys.need(step.recipients[:1])
        return self._gpgsm.decrypt(cms_of(part))

    def expand(self, part: bytes) -> bytes:
        return self._gpgsm.verify(cms_of(part)).content

    def certificates(self, part: bytes) -> set[bytes]:
        found = self._gpgsm.import_bundle(cms_of(part))
        known = (person.certificate_der for person in WORLD.everybody)
        return {der for der in known if fingerprint(der) in found}
