"""What each signature of a message is worth: intact, valid, trusted, and bound to From.

Three questions stay apart (RFC 8550 §3, §4.4, §6): is every octet as it was signed, does the
certificate deserve trust now, and does it name the very address the reader is shown. A signature
counts when nothing is left against it; one that does not count is the same as none, with reasons
(RFC 9787 §6.4). Every signature of the envelope is judged, whatever the others are worth.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from siegel.base.address import EmailAddress
from siegel.base.findings import Finding, Severity, ranked, worst
from siegel.base.verdict import Verdict
from siegel.pki.certificate import Certificate
from siegel.pki.verdict import PathStatus, PathVerdict
from siegel.policy.reasons import Reason
from siegel.policy.rules import OrganisationRules
from siegel.policy.usability import is_revoked, revocation_is_open
from siegel.smime.layers import EncryptedLayer, OpenedMessage, SignedLayer, Signer

CLOCK_SKEW = timedelta(minutes=10)  # how far a correct clock may be ahead of ours


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownCertificate:
    """What is known about one certificate of the From address before this message.

    ``pending``: nobody accepted it yet. ``rejected``: a person said that it is not this address's.
    ``bound``: an administrator bound it to the address or its domain, although it is an
    organisation's.
    ``last_seen_at``: signing time of the newest message it signed.
    """

    certificate: Certificate
    pending: bool = False
    rejected: bool = False
    bound: bool = False
    last_seen_at: datetime | None = None


class BoundBy(StrEnum):
    """What ties a certificate to the From address: its own names, or an administrator's word about
    the certificate of an organisation."""

    CERTIFICATE = "certificate"
    ADMINISTRATION = "administration"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignerJudgement(Verdict):
    """One signature. ``layer`` is the index of its layer in the opened message; ``reasons`` say
    why it does not count, the most telling first – none left means that it counts."""

    layer: int
    signer: Signer
    path: PathVerdict | None
    trusted: bool
    bound_by: BoundBy | None
    reasons: tuple[Reason, ...]
    findings: tuple[Finding, ...]

    @property
    def counts(self) -> bool:
        return not self.reasons

    @property
    def explained(self) -> tuple[Reason, ...]:
        """Why it does not count, or how it does."""
        by_organisation = Reason.SIGNED_BY_ORGANISATION
        counts = by_organisation if self.by_organisation else Reason.SIGNATURE_COUNTS
        return self.reasons or (counts,)

    @property
    def bound_to_from(self) -> bool:
        return self.bound_by is not None

    @property
    def by_organisation(self) -> bool:
        """The signature of an organisation that stands for the person in From: never shown as the
        person's own."""
        return self.bound_by is BoundBy.ADMINISTRATION

    @property
    def certificate(self) -> Certificate | None:
        return self.signer.certificate


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrantJudgement(Verdict):
    """The signatures of one part beside others. None of them ever counts: the last of their reasons
    is always ``SIGNS_ONLY_A_PART``."""

    path: str
    kind: str
    signers: tuple[SignerJudgement, ...]

    @property
    def hold_for_their_part(self) -> bool:
        """Nothing else is against any of them."""
        only = (Reason.SIGNS_ONLY_A_PART,)
        return bool(self.signers) and all(one.reasons == only for one in self.signers)


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """Everything about the message that bears on each of its signatures.

    ``sender`` is the one From address, or None when there is no such one. ``ours``: it belongs to
    an account of the organisation.
    """

    sender: EmailAddress | None
    sender_field: EmailAddress | None
    known: Mapping[str, KnownCertificate]
    verdicts: Mapping[str, PathVerdict]
    at: datetime
    rules: OrganisationRules
    ours: bool = False


@dataclass(frozen=True, slots=True)
class _Case:
    opened: OpenedMessage
    index: int
    layer: SignedLayer
    signer: Signer
    around: Circumstances

    @property
    def certificate(self) -> Certificate | None:
        return self.signer.certificate

    @property
    def path(self) -> PathVerdict | None:
        return self.around.verdicts.get(self.certificate.fingerprint) if self.certificate else None

    @property
    def known(self) -> KnownCertificate | None:
        return self.around.known.get(self.certificate.fingerprint) if self.certificate else None


def judge_signers(opened: OpenedMessage, around: Circumstances) -> tuple[SignerJudgement, ...]:
    """„Eingehende signierte E-Mails werden immer überprüft“: every signature of every layer, in
    the order in which they stand in the message, outermost first.
    """
    return tuple(_judgement(case) for case in _cases(opened, around))


def judge_errant(opened: OpenedMessage, around: Circumstances) -> tuple[ErrantJudgement, ...]:
    """What signatures of parts say of their parts: each as if it were alone, and none counts."""
    behind = len(opened.layers)
    return tuple(
        ErrantJudgement(
            path=one.path,
            kind=one.kind,
            signers=tuple(
                _of_a_part(_judgement(_Case(opened, behind, one.signed, signer, around)))
                for signer in one.signed.signers
            ),
        )
        for one in opened.errant
        if one.signed is not None
    )


def _of_a_part(judged: SignerJudgement) -> SignerJudgement:
    return replace(judged, reasons=(*judged.reasons, Reason.SIGNS_ONLY_A_PART))


def _cases(opened: OpenedMessage, around: Circumstances) -> Iterator[_Case]:
    for index, layer in enumerate(opened.layers):
        if isinstance(layer, SignedLayer):
            for signer in layer.signers:
                yield _Case(opened, index, layer, signer, around)


def _judgement(case: _Case) -> SignerJudgement:
    reasons = tuple(reason for reason, stands in _AGAINST if stands(case))
    seen = [_FINDING_OF[reason] for reason in reasons if reason in _FINDING_OF]
    bound_by = bound_by_whom(case)
    seen += [Finding.SIGNED_BY_ORGANISATION] if bound_by is BoundBy.ADMINISTRATION else []
    return SignerJudgement(
        layer=case.index,
        signer=case.signer,
        path=case.path,
        trusted=case.path is not None and _TRUST.isdisjoint(reasons),
        bound_by=bound_by,
        reasons=reasons,
        findings=ranked((*case.signer.findings, *seen)),
    )


def is_broken(case: _Case) -> bool:
    """„Die E-Mail wurde auf dem Versandweg nicht durch Dritte verändert“ – this one was, or the
    signature contradicts itself.
    """
    failed = case.signer.intact is False or case.signer.signature_valid is False
    found = (*case.signer.findings, *case.layer.findings)
    bad = worst(f for f in found if f not in _ONLY_UNCHECKED) is Severity.BAD
    return failed or bad


def cannot_be_checked(case: _Case) -> bool:
    """The certificate is missing, or the algorithm is none that we know."""
    unknown = case.signer.intact is None or case.signer.signature_valid is None
    return unknown or case.certificate is None


def bound_by_whom(case: _Case) -> BoundBy | None:
    """The address is the certificate's own, or an administrator's word stands for it."""
    sender, certificate = case.around.sender, case.certificate
    if sender is None or certificate is None:
        return None
    if sender in certificate.addresses:
        return BoundBy.CERTIFICATE
    bound = case.known is not None and case.known.bound
    return BoundBy.ADMINISTRATION if bound else None


def is_bound_to_from(case: _Case) -> bool:
    """„Die E-Mail stammt vom Besitzer des Absenderzertifikates, und die Absenderadresse ist
    korrekt.“ The certificate names the From address, or an administrator bound it to it.
    """
    return bound_by_whom(case) is not None


def has_no_single_author(case: _Case) -> bool:
    """Nobody, several, or not what the protected header says: there is no From to bind to."""
    return case.around.sender is None


def is_signed_by_sender_field(case: _Case) -> bool:
    """RFC 8550 §3 lets Sender stand for From; the reader is shown From, so here it does not."""
    certificate, field = case.certificate, case.around.sender_field
    named = certificate is not None and field is not None and field in certificate.addresses
    return named and not is_bound_to_from(case)


def is_signed_by_another(case: _Case) -> bool:
    """Somebody signed, but neither the person in From nor the one in Sender."""
    unbound = case.around.sender is not None and not is_bound_to_from(case)
    return case.certificate is not None and unbound and not is_signed_by_sender_field(case)


def signer_is_revoked(case: _Case) -> bool:
    return case.path is not None and is_revoked(case.path)


def signer_is_not_trusted(case: _Case) -> bool:
    """„… worauf auch das Vertrauen in mit S/MIME abgesicherten E-Mails basiert.“ No path to a
    trusted root, or none that was looked for; or a person rejected it for this address.
    """
    valid = case.path is not None and case.path.status is PathStatus.VALID
    certificate = case.certificate
    return certificate is not None and (is_rejected(certificate, case.around) or not valid)


def is_rejected(certificate: Certificate, around: Circumstances) -> bool:
    """A person said that it is not this address's, or said so of another certificate for the same
    key: whoever holds that key may get ever new ones. A person who accepted this one meant it.
    """
    own = around.known.get(certificate.fingerprint)
    if own is not None and not own.pending:
        return own.rejected
    key = certificate.spki_sha256
    return any(one.rejected and one.certificate.spki_sha256 == key for one in around.known.values())


def signer_may_not_sign(case: _Case) -> bool:
    return case.certificate is not None and not case.certificate.may_sign


def is_weak(case: _Case) -> bool:
    """Digest or key could be forged today (RFC 9787 §6.4): the same as no signature."""
    return case.signer.weak or any(f.severity is Severity.WEAK for f in case.signer.findings)


def is_signed_in_future(case: _Case) -> bool:
    time = case.signer.signing_time
    return time is not None and time > case.around.at + CLOCK_SKEW


def lies_outside_encryption(case: _Case) -> bool:
    """RFC 9787 §5.2: who signs a closed envelope need not know what is in it. We read this
    strictly: such a signature is shown, but never makes a message verified.
    """
    inside = case.opened.layers[case.index + 1 :]
    return any(isinstance(layer, EncryptedLayer) for layer in inside)


def revocation_is_unknown(case: _Case) -> bool:
    if case.path is None:
        return False
    return revocation_is_open(case.path, case.around.at, case.around.rules)


def was_not_followed_to_the_end(case: _Case) -> bool:
    """A layer was left unread – too many, damaged, of an unknown kind. It might be encryption, and
    then every signature seen stands outside of it; so nothing counts."""
    return not _UNREAD.isdisjoint(case.opened.findings)


_AGAINST: tuple[tuple[Reason, Callable[[_Case], bool]], ...] = (
    (Reason.SIGNATURE_BROKEN, is_broken),
    (Reason.SIGNATURE_NOT_CHECKABLE, cannot_be_checked),
    (Reason.FROM_AMBIGUOUS, has_no_single_author),
    (Reason.SIGNED_BY_SENDER_FIELD, is_signed_by_sender_field),
    (Reason.SIGNER_ADDRESS_DIFFERS, is_signed_by_another),
    (Reason.SIGNER_REVOKED, signer_is_revoked),
    (Reason.SIGNER_NOT_TRUSTED, signer_is_not_trusted),
    (Reason.SIGNER_MAY_NOT_SIGN, signer_may_not_sign),
    (Reason.SIGNATURE_WEAK, is_weak),
    (Reason.SIGNING_TIME_IN_FUTURE, is_signed_in_future),
    (Reason.SIGNED_OUTSIDE_ENCRYPTION, lies_outside_encryption),
    (Reason.REVOCATION_UNKNOWN, revocation_is_unknown),
    (Reason.TOO_COMPLEX, was_not_followed_to_the_end),
)
_TRUST = {Reason.SIGNER_REVOKED, Reason.SIGNER_NOT_TRUSTED, Reason.REVOCATION_UNKNOWN}
_UNREAD = {Finding.TOO_COMPLEX, Finding.MALFORMED, Finding.UNSUPPORTED}
_ONLY_UNCHECKED = {Finding.SIGNER_CERTIFICATE_MISSING, Finding.UNSUPPORTED}
_FINDING_OF = {
    Reason.FROM_AMBIGUOUS: Finding.FROM_AMBIGUOUS,
    Reason.SIGNED_BY_SENDER_FIELD: Finding.SIGNED_BY_SENDER_FIELD,
    Reason.SIGNER_ADDRESS_DIFFERS: Finding.SIGNER_ADDRESS_DIFFERS,
    Reason.SIGNER_MAY_NOT_SIGN: Finding.SIGNER_MAY_NOT_SIGN,
    Reason.SIGNING_TIME_IN_FUTURE: Finding.SIGNING_TIME_IN_FUTURE,
}


def by_fingerprint(known: Sequence[KnownCertificate]) -> Mapping[str, KnownCertificate]:
    """Certificates known in several ways as one: bound or rejected if any is, pending only if all
    are."""
    merged: dict[str, KnownCertificate] = {}
    for one in known:
        name = one.certificate.fingerprint
        merged[name] = _merged(merged[name], one) if name in merged else one
    return merged


def _merged(first: KnownCertificate, second: KnownCertificate) -> KnownCertificate:
    return replace(
        first,
        pending=first.pending and second.pending,
        rejected=first.rejected or second.rejected,
        bound=first.bound or second.bound,
        last_seen_at=_later(first.last_seen_at, second.last_seen_at),
    )


def _later(first: datetime | None, second: datetime | None) -> datetime | None:
    return max((t for t in (first, second) if t is not None), default=None)
