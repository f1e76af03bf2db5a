"""Check the signatures of one signed part: detached (multipart/signed) and opaque (RFC 8551 §3.5),
and of a file beside its signature.

Every SignerInfo yields a ``Signer``, whatever is wrong with it; nothing ends early.
"""

from collections.abc import Collection, Iterator, Sequence

from siegel.base import oids
from siegel.base.buffers import Buffer, joined
from siegel.base.errors import LimitExceeded, MalformedMessage
from siegel.base.findings import Finding, ranked
from siegel.base.limits import DEFAULT, Limits
from siegel.cms.ess import Receipt, read_receipt
from siegel.cms.signed import (
    SignedDataView,
    SignerCheck,
    SignerInfoView,
    check_signer,
    parse_signed_data,
)
from siegel.mime.canonical import canonical
from siegel.mime.message import Part
from siegel.pki.certificate import Certificate, parse_certificate
from siegel.smime.countersigned import Countersigned
from siegel.smime.layers import Countersignature, SignedLayer, Signer
from siegel.smime.named import named_by
from siegel.smime.recognise import SIGNATURE_TYPES

# nobody vouches for the octets of this part: of a type that is displayed, it would be read as text
_SECOND_TYPES = SIGNATURE_TYPES | {"application/octet-stream"}
_BLOCKING = frozenset(
    {Finding.DUPLICATE_CONTENT, Finding.CONTENT_MISSING, Finding.CONTENT_TYPE_MISMATCH}
)


def read_detached(
    part: Part, known: Sequence[Certificate], *, limits: Limits
) -> tuple[SignedLayer, Part]:
    """The layer of a multipart/signed and the part it covers: exactly two parts (RFC 1847 §2.1)."""
    children = part.children
    if len(children) != 2:
        raise MalformedMessage("multipart/signed needs exactly two parts", parts=len(children))
    signed, signature = children
    if signature.media not in _SECOND_TYPES or signature.ambiguous or _hides_parts(part):
        raise MalformedMessage("multipart/signed with something else than a text and a signature")
    view = parse_signed_data(signature.decoded(limits), limits=limits)
    # digests are of what the parts hold now: content inside the signature as well would let two
    # programs see two texts under one signature
    findings = [Finding.DUPLICATE_CONTENT] if view.content is not None else []
    content = _Content([signed.exact], stored=True)
    return _layer(view, content, known, findings, detached=True, limits=limits), signed


def read_opaque(
    blob: Buffer, known: Sequence[Certificate], *, limits: Limits
) -> tuple[SignedLayer, bytes | None]:
    """The layer of a SignedData that holds its content, and that content (None without any).

    The content of a receipt is no entity of a message; the layer tells what it says.
    """
    view = parse_signed_data(blob, limits=limits)
    if view.content is None or _only_carries(view):
        missing = Finding.CONTENT_MISSING if view.signers else Finding.CERTIFICATES_ONLY
        nothing = _Content([], stored=False)
        return _layer(view, nothing, known, [missing], detached=True, limits=limits), None
    content = _Content(list(view.content), stored=False)
    layer = _layer(view, content, known, [], detached=False, limits=limits)
    return layer, None if view.content_type == oids.RECEIPT else joined(view.content)


def _only_carries(view: SignedDataView) -> bool:
    """A certs-only message with an empty content instead of none, as NSS writes it."""
    return not view.signers and not any(view.content or ())


def verify_detached(
    signature: Buffer,
    content: Sequence[Buffer],
    known: Sequence[Certificate] = (),
    *,
    limits: Limits = DEFAULT,
) -> SignedLayer:
    """The layer of a SignedData beside its content, both octet for octet as they are.

    For files and for CMS without mail around it. Raises ``MalformedMessage`` for what is no
    SignedData, ``LimitExceeded`` for too much of it.
    """
    view = parse_signed_data(signature, limits=limits)
    findings = [Finding.DUPLICATE_CONTENT] if view.content is not None else []
    beside = _Content(list(content), stored=False)
    return _layer(view, beside, known, findings, detached=True, limits=limits)


def _hides_parts(part: Part) -> bool:
    """Preamble or epilogue hold what a less exact reader takes for another part."""
    delimiter = b"--" + part.content_type.params.get("boundary", "").rstrip().encode()
    return any(delimiter in bytes(around) for around in (part.preamble, part.epilogue))


class _Content:
    """What the signers of one layer sign; each digest is computed once for all of them.

    ``stored``: a store may have kept the mail with bare LF since, although the signature was made
    over CRLF (RFC 8551 §3.1.1). Content inside a signature is safe from stores.
    """

    __slots__ = ("_stored", "_variants")

    def __init__(self, chunks: list[Buffer], *, stored: bool) -> None:
        self._stored = stored
        self._variants: list[tuple[list[Buffer], dict[str, bytes]]] = [(chunks, {})]

    def check(
        self, view: SignedDataView, info: SignerInfoView, certificate: Certificate | None
    ) -> SignerCheck:
        """The check over the octets as they are; with CRLF where only that makes it fit."""
        checks = (
            check_signer(view, info, chunks, certificate, digests=digests)
            for chunks, digests in self._ways()
        )
        first = next(checks)
        if first.intact is not False:
            return first
        return next((check for check in checks if check.intact), first)

    def _ways(self) -> Iterator[tuple[list[Buffer], dict[str, bytes]]]:
        yield self._variants[0]
        if self._stored:
            self._stored = False
            whole = joined(self._variants[0][0])
            crlf = canonical(whole)
            self._variants += [([crlf], {})] if crlf is not whole else []
        yield from self._variants[1:]


def _layer(
    view: SignedDataView,
    content: _Content,
    known: Sequence[Certificate],
    findings: list[Finding],
    *,
    detached: bool,
    limits: Limits,
) -> SignedLayer:
    certificates = _certificates(view, limits)
    receipt = _receipt(view, limits)
    findings += _of_structure(view, findings)
    findings += [Finding.SIGNED_RECEIPT] if receipt else []
    blocked = [finding for finding in findings if finding in _BLOCKING]
    candidates = {c.fingerprint: c for c in (*certificates, *known)}.values()
    countersigned = Countersigned(candidates, limits)
    signers = tuple(
        _signer(view, info, content, candidates, countersigned, blocked) for info in view.signers
    )
    return SignedLayer(
        detached=detached,
        signers=signers,
        certificates=certificates,
        crls=view.crls[: limits.crls],
        receipt=receipt,
        findings=ranked(findings),
    )


def _receipt(view: SignedDataView, limits: Limits) -> Receipt | None:
    if view.content_type != oids.RECEIPT or view.content is None:
        return None
    try:
        return read_receipt(joined(view.content), limits=limits)
    except (MalformedMessage, LimitExceeded):
        return None  # and the type of the content speaks against it anyway


def _of_structure(view: SignedDataView, known: Sequence[Finding]) -> Iterator[Finding]:
    if view.signers and view.content_type != oids.DATA:
        # RFC 8551 §2.4.2: a receipt or a time stamp is no text that somebody wrote
        yield Finding.CONTENT_TYPE_MISMATCH
    if not view.signers and Finding.CERTIFICATES_ONLY not in known:
        yield Finding.NO_SIGNER
    if len(view.signers) > 1:
        yield Finding.SEVERAL_SIGNERS


def _signer(
    view: SignedDataView,
    info: SignerInfoView,
    content: _Content,
    certificates: Collection[Certificate],
    countersigned: Countersigned,
    blocked: Sequence[Finding],
) -> Signer:
    """Try every certificate the identifier may mean; the first that verifies is the signer's."""
    checked = []
    for certificate in named_by(info.identifier, certificates):
        checked.append((certificate, content.check(view, info, certificate)))
        if checked[-1][1].signature_valid:
            break
    certificate, check = checked[-1] if checked[-1][1].signature_valid else checked[0]
    beside = countersigned.of(info)
    # the signature holds, but for attributes that somebody passes off as the text
    disguised = Finding.CONTENT_IS_ATTRIBUTES in check.findings
    return Signer(
        identifier=info.identifier,
        certificate=certificate,
        intact=False if blocked or disguised else check.intact,
        signature_valid=check.signature_valid,
        digest=check.digest,
        algorithm=check.algorithm,
        weak=check.weak,
        signing_time=check.signing_time,
        capabilities=check.capabilities,
        encryption_key_preference=check.encryption_key_preference,
        services=check.services,
        countersignatures=beside,
        findings=ranked((*check.findings, *blocked, *_said(check, beside))),
    )


def _said(check: SignerCheck, beside: Sequence[Countersignature]) -> Iterator[Finding]:
    """What is worth a note, and no more than a note."""
    if check.services.security_label is not None:
        yield Finding.SECURITY_LABELLED
    if beside:
        yield Finding.COUNTERSIGNED


def _certificates(view: SignedDataView, limits: Limits) -> tuple[Certificate, ...]:
    parsed: dict[str, Certificate] = {}
    octets = 0
    for der in view.certificates[: limits.certificates]:
        octets += len(der)
        if octets > limits.certificates_size:
            break
        try:
            certificate = parse_certificate(der)
        except MalformedMessage:
            continue  # one broken certificate must not hide the others
        parsed.setdefault(certificate.fingerprint, certificate)
    return tuple(parsed.values())
