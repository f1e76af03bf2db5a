"""Messages of the certificate world for the tests of the S/MIME floor: made, opened, judged."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache

from siegel.base.buffers import Buffer, joined
from siegel.base.keys import Keyring
from siegel.base.limits import DEFAULT, Limits
from siegel.mime.parse import parse_message
from siegel.pki.anchors import AnchorSet, AnchorSource, TrustAnchor
from siegel.pki.certificate import Certificate, parse_certificate
from siegel.pki.evidence import Evidence
from siegel.pki.softkeys import SoftwareKey, SoftwareKeyring, load_private_key
from siegel.pki.trust_facts import TrustFacts
from siegel.policy.inbound import InboundJudgement
from siegel.policy.judging import judge_opened
from siegel.policy.rules import OrganisationRules
from siegel.smime import protect
from siegel.smime.layers import OpenedMessage
from siegel.smime.open import open_message
from siegel.smime.protect import SignedMessage
from siegel.smime.schemes import recipient_spec, signature_scheme
from siegel.smime.sign import SigningIdentity
from tests.world import WORLD

NOW = WORLD.now
TEXT = b"Content-Type: text/plain; charset=us-ascii\r\n\r\nEin Bescheid.\r\n"
OUTER = (
    b"From: Alice Adler <alice@office.example>\r\n"
    b"To: huber@school.example\r\n"
    b"Subject: Bescheid\r\n"
    b"Date: Sat, 21 Nov 2026 12:00:00 +0000\r\n"
    b"Message-ID: <1@office.example>\r\n"
)
MAIL = OUTER + TEXT


def certificate(name: str) -> Certificate:
    return parse_certificate(WORLD.person(name).certificate_der)


@cache
def key(name: str) -> SoftwareKey:
    private = load_private_key(WORLD.person(name).pkcs8, validated=True)
    return SoftwareKey(private, [certificate(name)])


def keyring(*names: str) -> SoftwareKeyring:
    return SoftwareKeyring([key(name) for name in names])


def identity(name: str, *, pss: bool = False) -> SigningIdentity:
    person = WORLD.person(name)
    return SigningIdentity(
        key=key(name),
        scheme=signature_scheme(certificate(name), pss=pss),
        chain=(person.certificate_der, *person.chain),
    )


def signed(
    *names: str, mail: bytes = MAIL, opaque: bool = False, pss: bool = False
) -> SignedMessage:
    identities = [identity(name, pss=pss) for name in names]
    return protect.sign(parse_message(mail), identities, at=NOW, opaque=opaque)


def signed_mail(*names: str, mail: bytes = MAIL, opaque: bool = False, pss: bool = False) -> bytes:
    return joined(signed(*names, mail=mail, opaque=opaque, pss=pss).chunks())


def sealed_mail(
    signer: str,
    *recipients: str,
    mail: bytes = MAIL,
    cipher: str = "aes256-cbc",
    oaep: bool = False,
    opaque: bool = False,
) -> bytes:
    """Signed by ``signer``, then encrypted."""
    specs = [recipient_spec(certificate(name), oaep=oaep) for name in recipients]
    message = signed(signer, mail=mail, opaque=opaque)
    return joined(protect.encrypt(message, specs, cipher=cipher))


def mail(entity: bytes, sender: str = "alice@office.example", extra: bytes = b"") -> bytes:
    """``entity`` as a message from ``sender``."""
    to = b"\r\nTo: huber@school.example\r\nSubject: Bescheid\r\n"
    return b"From: " + sender.encode() + to + extra + b"MIME-Version: 1.0\r\n" + entity


def opened(
    raw: Buffer,
    *names: str,
    ring: Keyring | None = None,
    certificates: Sequence[Certificate] = (),
    limits: Limits = DEFAULT,
) -> OpenedMessage:
    """Open with the keys of ``names``."""
    reader = keyring(*names) if ring is None else ring
    message = parse_message(raw, limits=limits)
    return open_message(message, reader, certificates=certificates, limits=limits)


@cache
def trust() -> TrustFacts:
    """The organisation relies on its roots and knows the authorities below them."""
    anchors = [
        TrustAnchor(certificate=parse_certificate(root.der), source=AnchorSource.ORGANISATION)
        for root in WORLD.trusted_roots
    ]
    between = [WORLD.authority(name) for name in ("issuing", "pss_issuing")]
    evidence = Evidence(
        intermediates=tuple(parse_certificate(one.der) for one in between),
        crls=(WORLD.crl(),),
        ocsp_responses=(),
        gathered_at=NOW,
    )
    return TrustFacts(anchors=AnchorSet(anchors=tuple(anchors)), evidence=evidence, at=NOW)


def judged(found: OpenedMessage, *, at: datetime = NOW) -> InboundJudgement:
    """As gateway and commands judge it, without anything known before."""
    return judge_opened(found, replace(trust(), at=at), OrganisationRules()).judgement


def real_now() -> datetime:
    """For what foreign programs signed: they write the time of the real clock."""
    return max(NOW, datetime.now(UTC))
