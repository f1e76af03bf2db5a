"""The library judges as the gateway does, and lone signatures by the same questions."""

import io

import pytest

import siegel
from siegel import AnchorSet, AnchorSource, Evidence, Keys, TrustAnchor
from siegel.policy.reasons import Reason
from tests.peers.openssl import OpenSSL
from tests.unit.smime.mails import MAIL, NOW, certificate, judged, key, signed_mail
from tests.world import WORLD

ROOT = siegel.parse_certificate(WORLD.root.der)
CHAIN = siegel.parse_certificate(WORLD.authority("issuing").der)
CONTENT = bytes(range(256)) * 5000


def keys_of(name: str) -> Keys:
    return Keys([key(name)], certificates=[CHAIN])


@pytest.mark.parametrize(
    "anchors",
    [
        (ROOT,),
        [TrustAnchor(certificate=ROOT, source=AnchorSource.ORGANISATION)],
        (one for one in [ROOT]),
        AnchorSet(anchors=(TrustAnchor(certificate=ROOT, source=AnchorSource.PUBLIC),)),
    ],
    ids=["ok/certificate", "ok/anchor", "ok/generator", "ok/set"],
)
def test_trust_comes_in_any_form(anchors: AnchorSet) -> None:
    opened = siegel.open_message(signed_mail("alice"))
    assert siegel.judge(opened, anchors=anchors, at=NOW).summary == "verified"


@pytest.mark.parametrize("name", ["alice", "rita", "emil", "sina", "otto", "ursula", "willi"])
def test_the_judgement_is_that_of_the_gateway(name: str) -> None:
    opened = siegel.open_message(signed_mail(name))
    evidence = Evidence(crls=(WORLD.crl(),))
    ours = siegel.judge(opened, anchors=[ROOT], at=NOW, evidence=evidence)
    theirs = judged(opened)
    assert (ours.summary, ours.reasons, ours.findings) == (
        theirs.summary,
        theirs.reasons,
        theirs.findings,
    )


def test_without_anchors_nothing_is_trusted() -> None:
    judgement = siegel.judge(siegel.open_message(signed_mail("alice")), anchors=(), at=NOW)
    assert judgement.summary == "unprotected"
    assert judgement.signer is not None
    assert judgement.signer.certificate == certificate("alice")
    assert judgement.signer.path is not None
    assert judgement.signer.path.status == "indeterminate"


@pytest.mark.requirement("A12")
def test_a_revoked_certificate_is_seen_with_the_list_at_hand() -> None:
    evidence = Evidence(intermediates=(CHAIN,), crls=(WORLD.crl(),))
    verdict = siegel.validate_path(certificate("rita"), anchors=[ROOT], evidence=evidence, at=NOW)
    assert (verdict.status, verdict.revocation) == ("invalid", "revoked")


def test_a_purpose_is_asked_for() -> None:
    around = {"anchors": [ROOT], "evidence": Evidence(intermediates=(CHAIN,)), "at": NOW}
    verdicts = {
        purpose: siegel.validate_path(certificate("sina"), purpose=purpose, **around).status  # type: ignore[arg-type]
        for purpose in siegel.Purpose
    }
    assert verdicts == {"sign": "valid", "encrypt": "invalid", "any": "valid"}


def lone(name: str = "alice", *, pss: bool = False) -> bytes:
    return bytes(
        siegel.sign_detached([CONTENT[:999], CONTENT[999:]], keys_of(name), at=NOW, pss=pss)
    )


def verify(
    signature: bytes, content: bytes = CONTENT, signer: str | None = None
) -> tuple[siegel.SignerJudgement, ...]:
    return siegel.verify_detached(
        io.BytesIO(signature), io.BytesIO(content), anchors=[ROOT], at=NOW, signer=signer
    )


@pytest.mark.parametrize("name", ["alice", "dana", "carla", "quirin"])
def test_a_signature_beside_a_file_counts(name: str) -> None:
    (judged,) = verify(lone(name), signer=WORLD.person(name).address)
    assert judged.counts
    assert judged.bound_to_from
    assert judged.certificate == certificate(name)


@pytest.mark.parametrize("pss", [False, True], ids=["ok/pkcs1", "ok/pss"])
def test_openssl_accepts_a_signature_beside_a_file(openssl: OpenSSL, pss: bool) -> None:
    verified = openssl.verify(
        lone(pss=pss), WORLD.root, form="DER", content=CONTENT, extra=("-binary",)
    )
    assert verified.signers == (WORLD.person("alice").certificate,)


def test_without_a_name_only_the_question_of_the_author_is_left_out() -> None:
    (judged,) = verify(lone())
    assert judged.counts
    assert not judged.bound_to_from
    assert not judged.findings


@pytest.mark.parametrize(
    ("signature", "content", "signer", "reason"),
    [
        (lone(), CONTENT + b"!", None, Reason.SIGNATURE_BROKEN),
        (lone(), CONTENT[:-1], "alice@office.example", Reason.SIGNATURE_BROKEN),
        (lone(), CONTENT, "huber@school.example", Reason.SIGNER_ADDRESS_DIFFERS),
        (lone("ursula"), CONTENT, None, Reason.SIGNER_NOT_TRUSTED),
    ],
    ids=["fail/more", "fail/less", "fail/somebody-else", "fail/unknown-authority"],
)
def test_a_signature_that_does_not_count_says_why(
    signature: bytes, content: bytes, signer: str | None, reason: Reason
) -> None:
    (judged,) = verify(signature, content, signer)
    assert reason in judged.reasons
    assert not judged.counts


def test_a_signature_in_pem_is_read() -> None:
    import base64

    armoured = b"-----BEGIN PKCS7-----\n%s-----END PKCS7-----\n" % base64.encodebytes(lone())
    assert verify(armoured)[0].counts


def test_what_is_no_signature_is_malformed() -> None:
    for junk in (b"", b"junk", MAIL, b"-----BEGIN PKCS7-----\nAAAA\n-----END PKCS7-----\n"):
        with pytest.raises(siegel.MalformedMessage):
            verify(junk)


def test_too_much_content_is_refused() -> None:
    with pytest.raises(siegel.LimitExceeded):
        siegel.verify_detached(
            lone(), CONTENT, anchors=[ROOT], at=NOW, limits=siegel.Limits(message_size=10_000)
        )


def test_verdicts_are_explained_from_the_most_important_on() -> None:
    judgement = siegel.judge(siegel.open_message(signed_mail("alice")), anchors=[ROOT], at=NOW)
    assert judgement.signer is not None
    assert judgement.signer.path is not None
    titles = [[words.title for words in siegel.explain(judgement, code)] for code in ("de", "en")]
    assert len(titles[0]) == len(titles[1]) > 1
    assert titles[0] != titles[1]
    assert siegel.explain(judgement)[0] == siegel.explain(judgement.summary)[0]
    path = siegel.explain(judgement.signer.path)
    assert path[0] == siegel.explain(siegel.PathStatus.VALID)[0]
    assert siegel.explain(judgement.signer)[0] == siegel.explain(Reason.SIGNATURE_COUNTS)[0]
    with pytest.raises(ValueError, match="fr"):
        siegel.explain(judgement, "fr")
