"""OCSP responses: what makes one believable, and what it then says about the path."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509 import ocsp as wire
from cryptography.x509.oid import ObjectIdentifier
from hypothesis import given, settings
from hypothesis import strategies as st

from siegel.pki.evidence import Evidence
from siegel.pki.ocsp import MAX_OCTETS, MAX_RESPONSES, read_responses
from siegel.pki.path import forget, validate
from siegel.pki.verdict import PathFinding, PathStatus, PathVerdict, RevocationStatus
from tests.peers.programs import must, program
from tests.unit.pki.chains import (
    AT,
    LAST_YEAR,
    Party,
    anchored,
    issue,
    leaf_of,
    mail_leaf,
    revocation_list,
    root,
)
from tests.world import WORLD

GOOD, REVOKED, UNKNOWN = (
    RevocationStatus.GOOD,
    RevocationStatus.REVOKED,
    RevocationStatus.UNKNOWN,
)
DAY = timedelta(days=1)
EARLIER, LATER = AT - 30 * DAY, AT + 30 * DAY

OCSP_SIGNING = "1.3.6.1.5.5.7.3.9"
SERVER_AUTH = "1.3.6.1.5.5.7.3.1"
NO_CHECK: tuple[tuple[x509.ExtensionType, bool], ...] = ((x509.OCSPNoCheck(), False),)

ROOT = root("Root")
CA = issue(ROOT, "CA")
OTHER_CA = issue(ROOT, "Other CA")
LEAF = leaf_of(CA)
ROOT_LIST = revocation_list(ROOT)


def responder(issuer: Party = CA, name: str = "Responder", **changes: Any) -> Party:
    """Whom the authority delegated its answers to."""
    shape = {
        "usage": ("digital_signature",),
        "purposes": (OCSP_SIGNING,),
        "extensions": NO_CHECK,
        "names": (),
    }
    return issue(issuer, name, mail_leaf(**(shape | changes)))


@dataclass(frozen=True, kw_only=True)
class Reply:
    """A response; the defaults are those of a good one."""

    about: Party = LEAF
    issuer: Party = CA
    by: Party = CA
    enclosed: tuple[Party, ...] = ()
    status: wire.OCSPCertStatus = wire.OCSPCertStatus.GOOD
    revoked_at: datetime | None = None
    why: x509.ReasonFlags | None = None
    this_update: datetime = AT - DAY
    next_update: datetime | None = AT + DAY
    digest: hashes.HashAlgorithm = field(default_factory=hashes.SHA256)
    by_name: bool = False
    extensions: tuple[tuple[x509.ExtensionType, bool], ...] = ()
    signature_digest: hashes.HashAlgorithm = field(default_factory=hashes.SHA256)

    @property
    def der(self) -> bytes:
        builder = wire.OCSPResponseBuilder().add_response(
            cert=self.about.certificate.parsed,
            issuer=self.issuer.certificate.parsed,
            algorithm=self.digest,
            cert_status=self.status,
            this_update=self.this_update,
            next_update=self.next_update,
            revocation_time=self.revoked_at,
            revocation_reason=self.why,
        )
        encoding = wire.OCSPResponderEncoding
        builder = builder.responder_id(
            encoding.NAME if self.by_name else encoding.HASH, self.by.certificate.parsed
        )
        if self.enclosed:
            builder = builder.certificates([one.certificate.parsed for one in self.enclosed])
        for extension, critical in self.extensions:
            builder = builder.add_extension(extension, critical)
        return builder.sign(self.by.key, self.signature_digest).public_bytes(Encoding.DER)


def revoked(why: x509.ReasonFlags | None = None, at: datetime = EARLIER, **more: Any) -> Reply:
    return Reply(status=wire.OCSPCertStatus.REVOKED, revoked_at=at, why=why, **more)


def delegated(by: Party, **more: Any) -> Reply:
    return Reply(by=by, enclosed=(by,), **more)


def judge(*replies: Reply | bytes, lists: tuple[bytes, ...] = (ROOT_LIST,)) -> PathVerdict:
    """For the authority there is a list, for the leaf there are only the replies."""
    blobs = tuple(one if isinstance(one, bytes) else one.der for one in replies)
    evidence = Evidence(
        intermediates=(CA.certificate, OTHER_CA.certificate), crls=lists, ocsp_responses=blobs
    )
    return validate(LEAF.certificate, anchored(ROOT), evidence, AT)


WORKER = responder()


@pytest.mark.parametrize(
    "reply",
    [
        pytest.param(Reply(), id="ok/the authority itself"),
        pytest.param(Reply(by_name=True), id="ok/named, not by key"),
        pytest.param(
            Reply(digest=hashes.SHA1()),
            id="ok/SHA-1 in the identifier",
        ),
        pytest.param(Reply(digest=hashes.SHA512()), id="ok/SHA-512 in the identifier"),
        pytest.param(Reply(signature_digest=hashes.SHA384()), id="ok/SHA-384 signature"),
        pytest.param(Reply(this_update=AT + timedelta(minutes=4)), id="ok/clocks differ a little"),
        pytest.param(
            Reply(extensions=((x509.OCSPNonce(b"n" * 32), False),)), id="ok/a nonce of somebody"
        ),
        pytest.param(delegated(responder()), id="ok/delegated"),
        pytest.param(delegated(responder(), by_name=True), id="ok/delegated, by name"),
        pytest.param(delegated(responder(usage=None)), id="ok/delegated, no keyUsage"),
        pytest.param(
            replace(delegated(WORKER), enclosed=(OTHER_CA, LEAF, WORKER)), id="ok/others enclosed"
        ),
    ],
)
def test_a_believable_answer_counts(reply: Reply) -> None:
    verdict = judge(reply)

    assert (verdict.status, verdict.revocation) == (PathStatus.VALID, GOOD)


@pytest.mark.parametrize(
    "reply",
    [
        pytest.param(Reply(about=leaf_of(CA)), id="about another certificate"),
        pytest.param(Reply(issuer=OTHER_CA), id="about another authority's"),
        pytest.param(Reply(by=OTHER_CA), id="signed by another authority"),
        pytest.param(delegated(OTHER_CA), id="signed by another authority, enclosed"),
        pytest.param(Reply(this_update=EARLIER, next_update=AT - DAY), id="out of date"),
        pytest.param(Reply(this_update=AT + DAY, next_update=LATER), id="not yet in time"),
        pytest.param(Reply(next_update=None), id="without nextUpdate"),
        pytest.param(Reply(status=wire.OCSPCertStatus.UNKNOWN), id="the responder does not know"),
        pytest.param(
            Reply(
                extensions=(
                    (x509.UnrecognizedExtension(ObjectIdentifier("1.2.3.4"), b"\x05\x00"), True),
                )
            ),
            id="unknown critical extension",
        ),
        pytest.param(delegated(responder(OTHER_CA)), id="delegate of another authority"),
        pytest.param(delegated(responder(purposes=())), id="delegate without the usage"),
        pytest.param(delegated(responder(purposes=(SERVER_AUTH,))), id="delegate for servers"),
        pytest.param(
            delegated(responder(purposes=("2.5.29.37.0",))), id="delegate for anything at all"
        ),
        pytest.param(
            delegated(responder(usage=("key_encipherment",))), id="delegate that does not sign"
        ),
        pytest.param(delegated(responder(not_after=LAST_YEAR)), id="delegate expired"),
        pytest.param(delegated(responder(broken=True)), id="delegate forged"),
        pytest.param(
            delegated(responder(extensions=())), id="delegate that may be revoked, who knows"
        ),
        pytest.param(
            delegated(
                responder(
                    extensions=(
                        *NO_CHECK,
                        (
                            x509.UnrecognizedExtension(ObjectIdentifier("1.2.3.5"), b"\x05\x00"),
                            True,
                        ),
                    )
                )
            ),
            id="delegate with an unknown critical extension",
        ),
        pytest.param(replace(Reply(), by=responder()), id="delegate not enclosed"),
        pytest.param(
            wire.OCSPResponseBuilder.build_unsuccessful(
                wire.OCSPResponseStatus.TRY_LATER
            ).public_bytes(Encoding.DER),
            id="try later",
        ),
        pytest.param(b"", id="nothing"),
        pytest.param(b"\x30\x03\x0a\x01\x00", id="no response inside"),
        pytest.param(b"<html>", id="a web page"),
    ],
)
def test_any_other_answer_counts_for_nothing(reply: Reply | bytes) -> None:
    verdict = judge(reply)

    assert (verdict.status, verdict.revocation) == (PathStatus.VALID, UNKNOWN)
    assert [(one.finding, one.depth) for one in verdict.reasons] == [
        (PathFinding.REVOCATION_UNKNOWN, 0)
    ]


@pytest.mark.parametrize(
    ("replies", "why"),
    [
        pytest.param([revoked()], "unspecified", id="no reason"),
        pytest.param([revoked(x509.ReasonFlags.key_compromise)], "keyCompromise", id="key"),
        pytest.param([revoked(x509.ReasonFlags.certificate_hold)], "certificateHold", id="hold"),
        pytest.param(
            [revoked(x509.ReasonFlags.key_compromise, LATER)], "keyCompromise", id="noticed later"
        ),
        pytest.param(
            [Reply(this_update=AT - 2 * DAY), revoked(this_update=AT - DAY)],
            "unspecified",
            id="newer than good",
        ),
    ],
)
def test_a_revoked_certificate_makes_the_path_invalid(replies: list[Reply], why: str) -> None:
    verdict = judge(*replies)

    assert (verdict.status, verdict.revocation) == (PathStatus.INVALID, REVOKED)
    assert verdict.revocation_reason == why
    assert verdict.findings == (PathFinding.REVOKED,)


def test_the_newest_answer_counts() -> None:
    held = revoked(x509.ReasonFlags.certificate_hold, this_update=AT - 2 * DAY)

    assert judge(held, Reply(this_update=AT - DAY)).revocation is GOOD


def test_what_was_superseded_later_was_good_before() -> None:
    later = judge(revoked(x509.ReasonFlags.superseded, LATER))

    assert (later.status, later.revocation) == (PathStatus.VALID, GOOD)


def test_a_list_that_names_the_certificate_outweighs_a_good_answer() -> None:
    listed = revocation_list(CA, {LEAF.certificate.serial: (EARLIER, None)})

    assert judge(Reply(), lists=(ROOT_LIST, listed)).revocation is REVOKED


def test_an_answer_for_the_leaf_says_nothing_about_the_authority() -> None:
    verdict = judge(Reply(), lists=())

    assert verdict.revocation is UNKNOWN
    assert [one.depth for one in verdict.reasons] == [1]


def test_answers_for_everybody_need_no_list() -> None:
    about_the_authority = Reply(about=CA, issuer=ROOT, by=ROOT)

    assert judge(Reply(), about_the_authority, lists=()).revocation is GOOD


@pytest.mark.parametrize(
    ("named", "revocation"),
    [pytest.param(False, GOOD, id="ok/not named"), pytest.param(True, UNKNOWN, id="fail/named")],
)
def test_a_delegate_that_may_be_revoked_is_looked_up(
    named: bool, revocation: RevocationStatus
) -> None:
    """The list is for the delegate alone: the leaf names no distribution point."""
    place = [x509.UniformResourceIdentifier("http://crl.office.example/responders.crl")]
    points = x509.CRLDistributionPoints([x509.DistributionPoint(place, None, None, None)])
    delegate = responder(extensions=((points, False),))
    listed = revocation_list(
        CA,
        {delegate.certificate.serial: (EARLIER, None)} if named else {},
        extensions=((_scope(place), True),),
    )

    verdict = judge(delegated(delegate), lists=(ROOT_LIST, listed))

    assert verdict.revocation is revocation


def _scope(place: list[x509.UniformResourceIdentifier]) -> x509.IssuingDistributionPoint:
    return x509.IssuingDistributionPoint(
        full_name=place,
        relative_name=None,
        only_contains_user_certs=False,
        only_contains_ca_certs=False,
        only_some_reasons=None,
        indirect_crl=False,
        only_contains_attribute_certs=False,
    )


def test_responses_beyond_the_limits_are_left_out() -> None:
    replies = [Reply(this_update=AT - timedelta(seconds=number)).der for number in range(60)]

    assert len(read_responses(replies)) == MAX_RESPONSES
    assert read_responses([b"\x30" * (MAX_OCTETS + 1)]) == ()


GOOD_REPLY = Reply().der


@settings(deadline=None)
@given(position=st.integers(0, 10_000), change=st.integers(1, 255))
def test_no_octet_of_a_response_makes_it_raise(position: int, change: int) -> None:
    """… and no changed response is believed."""
    forget()
    spoilt = bytearray(GOOD_REPLY)
    spoilt[position % len(spoilt)] ^= change

    assert judge(bytes(spoilt)).revocation is UNKNOWN


def test_a_signature_is_whole_octets() -> None:
    """Else one and the same response could be written in several ways."""
    replies = (Reply(this_update=AT - timedelta(seconds=number)).der for number in range(100))
    whole = next(der for der in replies if der[-1] % 2 == 0)
    size = len(wire.load_der_ocsp_response(whole).signature)
    spoilt = whole[: -size - 1] + b"\x01" + whole[-size:]  # one bit is said to be unused
    assert len(spoilt) == len(whole)

    assert judge(whole).revocation is GOOD
    assert judge(spoilt).revocation is UNKNOWN


RSA_CA = issue(ROOT, "RSA CA", key=WORLD.authority("issuing").key)


@pytest.mark.parametrize(
    ("authority", "signer", "options"),
    [
        pytest.param(CA, CA, (), id="ok/by the authority"),
        pytest.param(CA, WORKER, (), id="ok/by a delegate"),
        pytest.param(RSA_CA, RSA_CA, (), id="ok/RSA"),
        pytest.param(RSA_CA, RSA_CA, ("-rsigopt", "rsa_padding_mode:pss"), id="ok/RSASSA-PSS"),
    ],
)
def test_a_response_of_openssl_is_believed(
    tmp_path: Path, authority: Party, signer: Party, options: tuple[str, ...]
) -> None:
    leaf = leaf_of(authority, serial=0xABCDEF)
    for name, party in {"leaf": leaf, "ca": authority, "signer": signer}.items():
        (tmp_path / f"{name}.pem").write_bytes(party.certificate.parsed.public_bytes(Encoding.PEM))
    key = signer.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (tmp_path / "signer.key").write_bytes(key)
    (tmp_path / "index.txt").write_text("V\t340101000000Z\t\tABCDEF\tunknown\t/CN=Leaf\n")
    openssl = program("openssl")
    ask = [openssl, "ocsp", "-issuer", "ca.pem", "-cert", "leaf.pem", "-reqout", "request.der"]
    must(ask, cwd=tmp_path)
    reply = [openssl, "ocsp", "-index", "index.txt", "-CA", "ca.pem", "-rsigner", "signer.pem"]
    reply += ["-rkey", "signer.key", "-reqin", "request.der", "-respout", "reply.der", *options]
    must([*reply, "-ndays", "1"], cwd=tmp_path)

    now = datetime.now(AT.tzinfo)
    evidence = Evidence(
        intermediates=(authority.certificate,),
        crls=(revocation_list(ROOT, this_update=now - DAY, next_update=now + DAY),),
        ocsp_responses=((tmp_path / "reply.der").read_bytes(),),
    )

    assert validate(leaf.certificate, anchored(ROOT), evidence, now).revocation is GOOD
