"""Which certificates of a received message are kept, and for whom; and what its author reads.

Trust before harvest: only a signature that counts – intact, trusted, bound to From – teaches us a
partner's certificate. What is merely intact is kept as *pending*: never used, shown to people who
may accept it. Nobody's signature can replace or touch what is known about another address.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from siegel.base.address import EmailAddress
from siegel.base.keys import IssuerAndSerial
from siegel.cms.capabilities import parse_capabilities
from siegel.pki.certificate import Certificate
from siegel.pki.verdict import OPEN_REVOCATION, PathFinding, PathStatus
from siegel.policy.reasons import Reason
from siegel.policy.signers import (
    Circumstances,
    KnownCertificate,
    SignerJudgement,
    is_rejected,
)
from siegel.policy.usability import is_revoked, revocation_is_open
from siegel.smime.layers import OpenedMessage, SignedLayer

MAX_NAMED = 8  # certificates that a signer's preference may mean; only forgers bring more
MAX_PENDING = 20  # an address; whoever signs with ever new certificates fills no more than that
PENDING_KEPT_FOR = timedelta(days=90)  # long enough for a holiday and for asking back


class HarvestState(StrEnum):
    """LINKED: belongs to the address and may be used when nothing else is against it."""

    LINKED = "linked"
    PENDING = "pending"


@dataclass(frozen=True, slots=True, kw_only=True)
class HarvestItem:
    """Keep this certificate for this address.

    ``previous``: fingerprint of the newest certificate known for the same use with another key.
    ``key_change``: such a key is being replaced – by a linked certificate only, so that nobody can
    raise the alarm with a certificate of his own making. ``same_key``: a new certificate for a key
    that is known already. ``only_trust``: it is pending, but would be linked if its root counted.
    """

    certificate: Certificate
    address: EmailAddress
    state: HarvestState
    key_change: bool = False
    previous: str | None = None
    same_key: bool = False
    only_trust: bool = False


def certificates_to_import(
    opened: OpenedMessage, signers: Sequence[SignerJudgement], around: Circumstances
) -> tuple[HarvestItem, ...]:
    """„Ist dies dem System noch unbekannt, wird es automatisch importiert und mit der
    E-Mailadresse des Absenders verknüpft.“ – „Der Schlüssel wird automatisch durch das Beantworten
    einer signierten Mail in das Adressbuch integriert.“ Each certificate once, linked before
    pending; nothing for what is known already.
    """
    if around.sender is None:
        return ()
    items = [i for judged in signers for i in _of_signer(opened, judged, around, around.sender)]
    items.sort(key=lambda item: item.state is HarvestState.PENDING)
    once: dict[str, HarvestItem] = {}
    for item in items:
        once.setdefault(item.certificate.fingerprint, item)
    return tuple(once.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnouncedCapabilities:
    """The owner of this key said at ``signed_at`` what his program reads (SMIMECapabilities)."""

    spki_sha256: str
    signed_at: datetime
    octets: bytes


def capabilities_to_learn(
    signers: Sequence[SignerJudgement], around: Circumstances
) -> tuple[AnnouncedCapabilities, ...]:
    """RFC 8551 §2.7.1: only from a signature that counts – trusted, bound to From, not from the
    future –, by its own time and for its own key, so that nobody speaks for another. Without a
    signing time nobody could tell whether it is news. What our own people's mail says that comes
    from outside teaches nothing.
    """
    if around.ours or around.sender is None:
        return ()
    return tuple(one for judged in signers for one in _announced(judged))


def _announced(judged: SignerJudgement) -> Iterator[AnnouncedCapabilities]:
    signer = judged.signer
    if not judged.counts or signer.certificate is None or signer.signing_time is None:
        return
    if signer.capabilities is not None and parse_capabilities(signer.capabilities) is not None:
        yield AnnouncedCapabilities(
            spki_sha256=signer.certificate.spki_sha256,
            signed_at=signer.signing_time,
            octets=signer.capabilities,
        )


def _of_signer(
    opened: OpenedMessage, judged: SignerJudgement, around: Circumstances, sender: EmailAddress
) -> Iterator[HarvestItem]:
    state = state_by_signature(judged, around)
    if state is None or judged.signer.certificate is None:
        return
    for item in _item(judged.signer.certificate, sender, state, around):
        yield replace(item, only_trust=lacks_only_trust(judged, around))
    separate = separate_encryption_certificate(opened, judged)
    if separate is not None and sender in separate.addresses:
        valid = is_valid_by_itself(separate, around)
        yield from _item(separate, sender, state if valid else HarvestState.PENDING, around)


def state_by_signature(judged: SignerJudgement, around: Circumstances) -> HarvestState | None:
    """Linked by a signature that counts and is not older than what is known; pending by one that
    is merely intact; nothing at all by one that is not, or is another person's. Certificates of our
    own people come with their keys or by an administrator: mail from outside only proposes them.
    """
    if not _NEVER.isdisjoint(judged.reasons) or not may_belong_to_sender(judged):
        return None
    # an organisation may sign for a person, but not say which keys are that person's
    speaks = judged.counts and not judged.by_organisation
    if not speaks or around.ours or is_older_than_known(judged, around):
        return HarvestState.PENDING
    return HarvestState.LINKED


def lacks_only_trust(judged: SignerJudgement, around: Circumstances) -> bool:
    """A decision about its root is all that the signature waits for."""
    waits = bool(judged.reasons) and set(judged.reasons) <= _ABOUT_TRUST
    return waits and not around.ours and not is_older_than_known(judged, around)


def link_after_decision(
    certificate: Certificate, seen_at: datetime, around: Circumstances
) -> HarvestItem | None:
    """What waited for trust alone is linked as its message would link it now – unless a key has
    come since that is newer than the message of ``seen_at``. What people rejected stays so.
    """
    known = around.known.get(certificate.fingerprint)
    waits = known is not None and known.pending and not known.rejected
    if around.sender is None or around.ours or not waits or not certificate.may_sign:
        return None
    seen = [k.last_seen_at for k in around.known.values() if k.last_seen_at and _is_accepted(k)]
    if seen and seen_at < max(seen) and not _has_key(around.known, certificate):
        return None
    if not is_valid_by_itself(certificate, around):
        return None
    return next(_item(certificate, around.sender, HarvestState.LINKED, around), None)


def found_in_directory(
    certificate: Certificate, address: EmailAddress, around: Circumstances
) -> HarvestItem | None:
    """A certificate that a foreign directory has for the address and that names it: linked if it
    is valid by itself, else it waits for a person. None for what is known already, and over."""
    valid = is_valid_by_itself(certificate, around)
    state = HarvestState.LINKED if valid else HarvestState.PENDING
    return next(_item(certificate, address, state, around), None)


def handed_in(certificate: Certificate, around: Circumstances) -> HarvestItem | None:
    """What came by a link that was mailed to the address, without a signature: as if a directory
    had it. Nobody hands in what our own people sign with."""
    if around.sender is None or around.sender not in certificate.addresses:
        return None
    item = found_in_directory(certificate, around.sender, around)
    if item is None or (item.state is HarvestState.LINKED and not around.ours):
        return item
    path = around.verdicts.get(certificate.fingerprint)
    waits = path is not None and set(path.findings) <= _LACK_OF_TRUST and not around.ours
    return replace(item, state=HarvestState.PENDING, key_change=False, only_trust=waits)


def may_belong_to_sender(judged: SignerJudgement) -> bool:
    """The certificate names the From address – or no address at all (then a person decides)."""
    certificate = judged.signer.certificate
    return judged.bound_to_from or (certificate is not None and not certificate.addresses)


def is_older_than_known(judged: SignerJudgement, around: Circumstances) -> bool:
    """An old message, sent once more, must not bring back a key its owner has given up."""
    certificate, time = judged.signer.certificate, judged.signer.signing_time
    seen = [k.last_seen_at for k in around.known.values() if k.last_seen_at and _is_accepted(k)]
    known_key = certificate is not None and _has_key(around.known, certificate)
    return time is not None and bool(seen) and time < max(seen) and not known_key


def separate_encryption_certificate(
    opened: OpenedMessage, judged: SignerJudgement
) -> Certificate | None:
    """RFC 8551 §2.5.3: the certificate that the signed attributes name for answers."""
    preference = judged.signer.encryption_key_preference
    layer = opened.layers[judged.layer]
    if preference is None or not isinstance(layer, SignedLayer):
        return None
    named = [c for c in layer.certificates if _is_named(c, preference) and c.may_encrypt]
    return next((c for c in named if c != judged.signer.certificate), None)


def certificates_to_judge(opened: OpenedMessage) -> tuple[Certificate, ...]:
    """Those of signers, and those that signers name for answers. What else came along decides
    nothing, and a stranger can send hundreds."""
    found: dict[str, Certificate] = {}
    for layer in opened.signed_layers:
        for signer in layer.signers:
            preference = signer.encryption_key_preference
            named = layer.certificates if preference is not None else ()
            mine = [c for c in named if preference is not None and _is_named(c, preference)]
            signing = [signer.certificate] if signer.certificate is not None else []
            found |= {c.fingerprint: c for c in (*signing, *mine[:MAX_NAMED])}
    return tuple(found.values())


def is_valid_by_itself(certificate: Certificate, around: Circumstances) -> bool:
    path = around.verdicts.get(certificate.fingerprint)
    if path is None or path.status is not PathStatus.VALID or is_revoked(path):
        return False
    if is_rejected(certificate, around):
        return False
    return not revocation_is_open(path, around.at, around.rules)


def _item(
    certificate: Certificate, sender: EmailAddress, state: HarvestState, around: Circumstances
) -> Iterator[HarvestItem]:
    known = around.known.get(certificate.fingerprint)
    is_news = known is None or (known.pending and state is HarvestState.LINKED)
    if not is_news or around.at > certificate.not_after:
        return
    same_key = _has_key(around.known, certificate)
    rivals = [k.certificate for k in around.known.values() if _same_use(k, certificate)]
    previous = max(rivals, key=lambda c: (c.not_before, c.fingerprint), default=None)
    yield HarvestItem(
        certificate=certificate,
        address=sender,
        state=state,
        key_change=previous is not None and not same_key and state is HarvestState.LINKED,
        previous=previous.fingerprint if previous and not same_key else None,
        same_key=same_key,
    )


_NEVER = {
    Reason.SIGNATURE_BROKEN,
    Reason.SIGNATURE_NOT_CHECKABLE,
    Reason.FROM_AMBIGUOUS,
    Reason.SIGNED_BY_SENDER_FIELD,
    Reason.SIGNER_REVOKED,
}

_LACK_OF_TRUST = {PathFinding.UNTRUSTED_ROOT, PathFinding.ISSUER_UNKNOWN, *OPEN_REVOCATION}

_ABOUT_TRUST = {Reason.SIGNER_NOT_TRUSTED, Reason.REVOCATION_UNKNOWN}


def _has_key(known: Mapping[str, KnownCertificate], certificate: Certificate) -> bool:
    keys = {k.certificate.spki_sha256 for k in known.values() if _is_accepted(k)}
    return certificate.spki_sha256 in keys


def _same_use(known: KnownCertificate, certificate: Certificate) -> bool:
    """A signing certificate does not replace an encryption certificate, nor the reverse; and a
    person's first certificate replaces no certificate of the organisation."""
    old = known.certificate
    signs = old.may_sign and certificate.may_sign
    encrypts = old.may_encrypt and certificate.may_encrypt
    return _is_accepted(known) and not known.bound and (signs or encrypts)


def _is_accepted(known: KnownCertificate) -> bool:
    return not (known.pending or known.rejected)


def _is_named(certificate: Certificate, preference: IssuerAndSerial | bytes) -> bool:
    if isinstance(preference, IssuerAndSerial):
        return certificate.issuer_and_serial == preference
    return certificate.subject_key_identifier == preference
