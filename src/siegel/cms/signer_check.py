"""Check one signer: does the digest fit, does the signature hold, do the attributes agree.

RFC 5652 §5.4–5.6 and §11, RFC 8933, 6211, 5035, 8551 §2.5. Total: whatever a message contains, the
answer is a ``SignerCheck`` with findings. What the certificate is worth – path, revocation, the
From address – is not judged here.
"""

from collections.abc import Callable, MutableMapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from siegel.base import ber, der
from siegel.base.buffers import Buffer, joined
from siegel.base.errors import (
    InvalidSignature,
    LimitExceeded,
    MalformedMessage,
    SiegelError,
    UnsupportedAlgorithm,
)
from siegel.base.findings import Finding, ranked
from siegel.base.keys import CertifiedKey, KeyId
from siegel.base.named_only import NAMED_ONLY
from siegel.cms import signature
from siegel.cms.algorithms import (
    HASHES,
    SHAKE_LENGTHS,
    AlgorithmId,
    Digest,
    Use,
    digest_by_oid,
)
from siegel.cms.attributes import (
    SignedAttributes,
    check_unsigned,
    looks_like_attributes,
    read_attributes,
)
from siegel.cms.digests import digest_once
from siegel.cms.ess import NOTHING_SAID, Services
from siegel.cms.signature import ReadScheme
from siegel.cms.signed_read import SignedDataView, SignerInfoView
from siegel.cms.signing_keys import check_key, is_weak_key

_WEAK = frozenset((Finding.WEAK_DIGEST, Finding.WEAK_SIGNATURE_KEY))
_NO_ATTRIBUTES = SignedAttributes()


@dataclass(frozen=True, slots=True, kw_only=True)
class SignerCheck:
    """*intact*: the digest fits. *signature_valid*: the mathematics holds. None: not computable.

    Without signed attributes the signature is the only statement about the content, so both are
    the same. Neither says anything while ``findings`` holds one of severity BAD.
    """

    intact: bool | None
    signature_valid: bool | None
    digest: str | None  # a hashlib name
    algorithm: str | None  # a ``SignatureKind`` value, or the name of what is not computed
    weak: bool
    signing_time: datetime | None = None
    capabilities: bytes | None = None
    encryption_key_preference: KeyId | None = None
    services: Services = NOTHING_SAID
    findings: tuple[Finding, ...] = ()


def check_signer(
    view: SignedDataView,
    signer: SignerInfoView,
    content: Sequence[Buffer] | None,
    certificate: CertifiedKey | None,
    *,
    digests: MutableMapping[str, bytes] | None = None,
) -> SignerCheck:
    """Check ``signer`` over ``content`` (None: what ``view`` carries) with ``certificate``.

    ``digests`` is a memory for the digests of this content, shared by its signers.
    """
    signed = content if content is not None else view.content
    check = Check(signer, signed, certificate, {} if digests is None else digests)
    if signer.digest_algorithm.oid not in view.digest_algorithms:
        # RFC 5652 §5.1: who reads in one pass digests only with what was announced
        check.findings.append(Finding.ALGORITHM_PROTECTION_MISMATCH)
    return check.run(view.content_type)


class Check:
    """The facts of one signer, or countersigner, while they are gathered."""

    __slots__ = ("certificate", "content", "digest", "digests", "findings", "signer")

    def __init__(
        self,
        signer: SignerInfoView,
        content: Sequence[Buffer] | None,
        certificate: CertifiedKey | None,
        digests: MutableMapping[str, bytes],
    ) -> None:
        self.signer = signer
        self.content = content
        self.certificate = certificate
        self.digests = digests
        self.digest = digest_by_oid(signer.digest_algorithm.oid)
        self.findings: list[Finding] = []

    def run(self, content_type: str | None) -> SignerCheck:
        """``content_type`` is what the attributes must name; None: they must name none."""
        scheme = self._scheme(self.digest)
        attributes = self._attributes()
        if self.content is None:
            self.findings.append(Finding.CONTENT_MISSING)
        intact = self._intact(scheme, attributes)
        valid = self._valid(scheme)
        if self.signer.signed_attributes is None:
            intact = valid
        elif attributes is not None:
            self._compare(attributes, content_type)
        said = attributes or _NO_ATTRIBUTES
        return SignerCheck(
            intact=intact,
            signature_valid=valid,
            digest=self.digest.name if self.digest else None,
            algorithm=scheme.kind.value if scheme else self._name(),
            weak=not _WEAK.isdisjoint(self.findings),
            signing_time=said.signing_time,
            capabilities=said.capabilities,
            encryption_key_preference=said.encryption_key_preference,
            services=said.services,
            findings=ranked(self.findings),
        )

    def _name(self) -> str | None:
        return NAMED_ONLY.get(self.signer.signature_algorithm.oid)

    def _scheme(self, digest: Digest | None) -> ReadScheme | None:
        """How it was signed; None (with findings) for what is not in the tables or refused."""
        if digest is None:
            self.findings.append(Finding.UNSUPPORTED)
            return None
        try:
            scheme = signature.read_scheme(self.signer.signature_algorithm, digest.name)
        except SiegelError:
            self.findings.append(Finding.UNSUPPORTED)
            return None
        if not scheme.fits(digest.name):
            self.findings.append(Finding.ALGORITHM_PROTECTION_MISMATCH)
        if scheme.unusual:
            self.findings.append(Finding.UNUSUAL_PSS)
        return None if self._refused(digest, scheme) else scheme

    def _refused(self, digest: Digest, scheme: ReadScheme) -> bool:
        known = scheme.digest in HASHES or scheme.digest in SHAKE_LENGTHS
        if digest.use is Use.REFUSE or not known:
            self.findings += [Finding.WEAK_DIGEST, Finding.UNSUPPORTED]
            return True
        attributed = self.signer.signed_attributes is not None
        weakened = attributed and scheme.is_weakened_by(digest.name)
        if digest.use is Use.LEGACY or scheme.digest == "sha1" or weakened:
            self.findings.append(Finding.WEAK_DIGEST)
        return False

    def _attributes(self) -> SignedAttributes | None:
        if self.signer.signed_attributes is None:
            self.findings.append(Finding.SIGNED_ATTRIBUTES_MISSING)
            if self.content and looks_like_attributes(self.content):
                self.findings.append(Finding.CONTENT_IS_ATTRIBUTES)
            return None
        try:
            attributes = read_attributes(self.signer.attributes)
            check_unsigned(self.signer.unsigned)
        except (MalformedMessage, LimitExceeded):
            self.findings.append(Finding.SIGNED_ATTRIBUTES_MALFORMED)
            return None
        return attributes

    def _intact(
        self, scheme: ReadScheme | None, attributes: SignedAttributes | None
    ) -> bool | None:
        if self.content is None or scheme is None or self.digest is None:
            return None
        if attributes is None or attributes.message_digest is None:
            return None
        found = digest_once(self.content, self.digest.name, self.digests)
        intact = found == attributes.message_digest
        if not intact:
            self.findings.append(Finding.DIGEST_MISMATCH)
        return intact

    def _valid(self, scheme: ReadScheme | None) -> bool | None:
        if self.certificate is None:
            self.findings.append(Finding.SIGNER_CERTIFICATE_MISSING)
            return None
        if is_weak_key(self.certificate.public_key):
            self.findings.append(Finding.WEAK_SIGNATURE_KEY)
        if scheme is None:
            return None
        try:
            check_key(self.certificate, scheme)
            return self._verified(self.certificate, scheme)
        except (InvalidSignature, MalformedMessage, LimitExceeded):
            self.findings.append(Finding.SIGNATURE_INVALID)
            return False
        except UnsupportedAlgorithm:
            self.findings.append(Finding.UNSUPPORTED)
            return None

    def _verified(self, certificate: CertifiedKey, scheme: ReadScheme) -> bool | None:
        """True, None without content to check, or ``InvalidSignature``."""
        key, signed = certificate.public_key, self.signer.signature
        field = self.signer.signed_attributes
        if field is not None:
            _verify_attributes(field, lambda data: signature.verify(key, signed, data, scheme))
        elif self.content is None:
            return None
        elif scheme.is_pure:
            signature.verify(key, signed, joined(self.content), scheme)
        else:
            digest = digest_once(self.content, scheme.digest, self.digests)
            signature.verify(key, signed, digest, scheme, hashed=True)
        return True

    def _compare(self, attributes: SignedAttributes, content_type: str | None) -> None:
        """What the attributes say against what the message and the certificate show."""
        named = attributes.content_type
        if attributes.message_digest is None or (named is None) != (content_type is None):
            self.findings.append(Finding.SIGNED_ATTRIBUTES_MALFORMED)
        elif named != content_type:
            self.findings.append(Finding.CONTENT_TYPE_MISMATCH)
        if not _protected(attributes, self.signer):
            self.findings.append(Finding.ALGORITHM_PROTECTION_MISMATCH)
        signing = attributes.signing_certificate
        if signing and self.certificate and not signing.names(self.certificate):
            self.findings.append(Finding.SIGNING_CERTIFICATE_MISMATCH)
        if attributes.services.unreadable:
            self.findings.append(Finding.SERVICES_UNREADABLE)


def _verify_attributes(field: ber.Element, verify: Callable[[bytes], None]) -> None:
    """The signature is over a SET OF (RFC 5652 §5.4): as it came, else in DER if it came in BER."""
    as_received = bytes((der.SET,)) + bytes(field.raw[1:])
    try:
        verify(as_received)
    except InvalidSignature:
        normal = der.set_of(*map(ber.to_der, field.children()))
        if normal == as_received:
            raise
        verify(normal)


def _protected(attributes: SignedAttributes, signer: SignerInfoView) -> bool:
    """RFC 6211 §3: the algorithms under the signature are those of the SignerInfo."""
    digest, signed = attributes.protected_digest, attributes.protected_signature
    if digest is None or signed is None:
        return True
    if digest.oid != signer.digest_algorithm.oid:
        return False
    return _same_scheme(signed, signer.signature_algorithm)


def _same_scheme(one: AlgorithmId, other: AlgorithmId) -> bool:
    if one.oid != other.oid:
        return False
    try:  # explicit defaults and NULLs do not tell two PSS parameters apart
        return one.plain == other.plain or (
            signature.read_scheme(one, "") == signature.read_scheme(other, "")
        )
    except SiegelError:
        return False
