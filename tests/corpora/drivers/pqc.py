"""Post-quantum samples of RFC 9881, 9882, 9935 and 9936, and BouncyCastle's."""

from siegel.base.errors import MalformedMessage, SiegelError, UnsupportedAlgorithm
from siegel.base.keys import EmptyKeyring
from siegel.cms.enveloped import decrypt as cms_decrypt
from siegel.cms.enveloped import parse_enveloped
from siegel.cms.signed import check_signer, parse_signed_data
from siegel.pki.certificate import Certificate
from siegel.pki.keyfile import private_key_from_file
from siegel.pki.strength import is_issued_by
from siegel.pki.usage import PathRules
from siegel.pki.verdict import PathStatus
from tests.corpora.drivers import paths, structures
from tests.corpora.foreign_mail import anchor_set, certificates, day
from tests.corpora.rows import Outcome, Row

_CERTIFICATES = "lamps-dilithium-certificates/examples"
_RFC5280 = PathRules(mail=False)  # the samples are for nobody's mail: no address in them


def load_private_key(row: Row) -> Outcome:
    refuse = row.expected.startswith("refuse")
    try:
        key = private_key_from_file(row.raw, None)
    except (MalformedMessage, UnsupportedAlgorithm) as error:
        return Outcome(right=refuse, says=str(error))
    return Outcome(right=not refuse, says=f"loads {type(key).__name__}")


def verify_self_signed(row: Row) -> Outcome:
    (certificate,) = certificates(row.path)
    signed = is_issued_by(certificate.parsed, certificate.public_key)
    found = paths.verdict(certificate, anchor_set(row.path), day(row.date), rules=_RFC5280)
    return Outcome(
        right=signed and found.status is PathStatus.VALID,
        says=f"{certificate.key_name}, {'' if signed else 'not '}signed by itself",
    )


def path(row: Row) -> Outcome:
    (certificate,) = certificates(row.path)
    anchors = anchor_set(row.folder / row.key.removeprefix("anchor="))
    found = paths.verdict(certificate, anchors, day(row.date), rules=_RFC5280)
    says = f"{certificate.key_name}, {paths.told(found)}"
    return Outcome(right=found.status is PathStatus.VALID, says=says)


def verify(row: Row) -> Outcome:
    view = parse_signed_data(structures.octets(row.raw))
    (signer,) = view.signers
    check = check_signer(view, signer, view.content or (), _signer_certificate(row))
    words = " ".join(finding.value for finding in check.findings)
    return Outcome(
        right=bool(check.intact and check.signature_valid),
        says=f"{check.algorithm} {check.digest}" + (f" ({words})" if words else ""),
    )


def _signer_certificate(row: Row) -> Certificate:
    """The certificate of the same level; the samples carry none."""
    level = next(level for level in ("44", "65", "87") if level in row.path.name)
    return certificates(row.folder / _CERTIFICATES / f"ML-DSA-{level}.crt")[0]


def decrypt(row: Row) -> Outcome:
    """Nobody here has a key for it: the private key of this level cannot be computed."""
    view = parse_enveloped(structures.octets(row.raw))
    kinds = " ".join(one.kind for one in view.recipients)
    opened = cms_decrypt(view, EmptyKeyring())
    try:
        private_key_from_file((row.folder / row.key).read_bytes(), None)
    except SiegelError as error:
        return Outcome(right=opened.content is not None, says=f"{kinds}, closed: {error}")
    raise AssertionError("the key loads: open the message with it")


DRIVERS = {
    "load-private-key": load_private_key,
    "verify self-signed": verify_self_signed,
    "path": path,
    "verify": verify,
    "decrypt": decrypt,
}
