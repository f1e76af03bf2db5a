"""Check the signatures of one signed part: detached (multipart/signed) and opaque (RFC 8551 §3.5).

Every SignerInfo yields a ``Signer``, whatever is wrong with it; nothing ends early.
"""

from collections.abc import Sequence

from siegel.base.buffers import Buffer, joined
from siegel.base.errors import MalformedMessage
from siegel.base.findings import Finding, ranked
from siegel.base.keys import IssuerAndSerial, KeyId
from siegel.base.limits import Limits
from siegel.cms.signed import SignedDataView, SignerInfoView, check_signer, parse_signed_data
from siegel.mime.canonical import canonical
from siegel.mime.message import Part
from siegel.pki.certificate import Certificate, parse_certificate
from siegel.smime.layers import SignedLayer, Signer


def read_detached(
    part: Part, known: Sequence[Certificate], *, limits: Limits
) -> tuple[SignedLayer, Part]:
    """The layer of a multipart/signed and the part it covers: exactly two parts (RFC 1847 §2.1)."""
    children = part.children
    if len(children) != 2:
        raise MalformedMessage("multipart/signed needs exactly two parts", parts=len(children))
    signed, signature = children
    view = parse_signed_data(signature.decoded(limits), limits=limits)
    # digests are of what the parts hold now: content inside the signature as well would let two
    # programs see two texts under one signature
    findings = [Finding.DUPLICATE_CONTENT] if view.content is not None else []
    return _layer(view, [signed.exact], known, findings, detached=True, limits=limits), signed


def read_opaque(
    blob: Buffer, known: Sequence[Certificate], *, limits: Limits
) -> tuple[SignedLayer, bytes | None]:
    """The layer of a SignedData that holds its content, and that content (None without any)."""
    view = parse_signed_data(blob, limits=limits)
    if view.content is None:
        missing = Finding.CONTENT_MISSING if view.signers else Finding.CERTIFICATES_ONLY
        return _layer(view, [], known, [missing], detached=True, limits=limits), None
    layer = _layer(view, list(view.content), known, [], detached=False, limits=limits)
    return layer, joined(view.content)


def _layer(
    view: SignedDataView,
    content: list[Buffer],
    known: Sequence[Certificate],
    findings: list[Finding],
    *,
    detached: bool,
    limits: Limits,
) -> SignedLayer:
    certificates = _certificates(view, limits)
    if not view.signers and Finding.CERTIFICATES_ONLY not in findings:
        findings.append(Finding.NO_SIGNER)
    if len(view.signers) > 1:
        findings.append(Finding.SEVERAL_SIGNERS)
    blocked = [f for f in findings if f in (Finding.DUPLICATE_CONTENT, Finding.CONTENT_MISSING)]
    signers = tuple(
        _signer(view, info, content, (*certificates, *known), blocked) for info in view.signers
    )
    return SignedLayer(
        detached=detached,
        signers=signers,
        certificates=certificates,
        crls=view.crls[: limits.crls],
        findings=ranked(findings),
    )


def _signer(
    view: SignedDataView,
    info: SignerInfoView,
    content: list[Buffer],
    certificates: Sequence[Certificate],
    blocked: Sequence[Finding],
) -> Signer:
    """Try every certificate the identifier may mean; the first that verifies is the signer's."""
    candidates: list[Certificate | None] = [c for c in certificates if _names(info.identifier, c)]
    checked: list[Signer] = []
    for certificate in candidates or [None]:
        checked.append(_checked(view, info, content, certificate, blocked))
        if checked[-1].intact and checked[-1].signature_valid:
            return checked[-1]
    return checked[0]


def _checked(
    view: SignedDataView,
    info: SignerInfoView,
    content: list[Buffer],
    certificate: Certificate | None,
    blocked: Sequence[Finding],
) -> Signer:
    check = check_signer(view, info, content, certificate)
    if check.intact is False and content and not blocked:
        # a store that keeps mail with bare LF: the signature was made over CRLF (RFC 8551 §3.1.1)
        whole = joined(content)
        crlf = canonical(whole)
        if crlf is not whole:
            check = check_signer(view, info, [crlf], certificate)
    return Signer(
        identifier=info.identifier,
        certificate=certificate,
        intact=False if blocked else check.intact,
        signature_valid=check.signature_valid,
        digest=check.digest,
        algorithm=check.algorithm,
        weak=check.weak,
        signing_time=check.signing_time,
        capabilities=check.capabilities,
        encryption_key_preference=check.encryption_key_preference,
        findings=ranked((*check.findings, *blocked)),
    )


def _names(identifier: KeyId | None, certificate: Certificate) -> bool:
    if isinstance(identifier, IssuerAndSerial):
        return certificate.issuer_and_serial == identifier
    return identifier is not None and certificate.subject_key_identifier == identifier


def _certificates(view: SignedDataView, limits: Limits) -> tuple[Certificate, ...]:
    parsed: dict[str, Certificate] = {}
    for der in view.certificates[: limits.certificates]:
        try:
            certificate = parse_certificate(der)
        except MalformedMessage:
            continue  # one broken certificate must not hide the others
        parsed.setdefault(certificate.fingerprint, certificate)
    return tuple(parsed.values())
