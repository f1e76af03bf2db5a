"""What is written about signers: how they are named, in which version, with which capabilities."""

import pytest
from asn1crypto import cms as asn1_cms

from siegel.base import der, oids
from siegel.base.buffers import joined
from siegel.base.errors import UnsupportedAlgorithm
from siegel.cms.capabilities import write_capabilities
from siegel.cms.signed import SignerSpec, build_signed_data, check_signer, parse_signed_data
from tests.unit.cms.conftest import OpensslCms
from tests.unit.cms.people import NOW, SCHEMES, Person, person

CONTENT = b"Content-Type: text/plain\r\n\r\nEin Bescheid.\r\n"


def spec(kind: str, *, by_ski: bool = False, capabilities: bytes | None = None) -> SignerSpec:
    return SignerSpec(
        key=person(kind),
        scheme=SCHEMES[kind],
        signing_time=NOW,
        by_ski=by_ski,
        capabilities=capabilities,
    )


def written(*specs: SignerSpec, content_type: str = oids.DATA) -> bytes:
    certificates = [signer.key.certificate.der for signer in specs]
    data = build_signed_data(
        [CONTENT], None, specs, certificates, detached=False, content_type=content_type
    )
    return joined(data)


VERSIONS = {
    "data, by issuer": ((False,), oids.DATA, "v1"),
    "data, by key identifier": ((True,), oids.DATA, "v3"),
    "data, one of two by key identifier": ((False, True), oids.DATA, "v3"),
    "something else, by issuer": ((False,), oids.SIGNED_DATA, "v3"),
    "something else, by key identifier": ((True,), oids.SIGNED_DATA, "v3"),
    "nobody": ((), oids.DATA, "v1"),
}


@pytest.mark.parametrize("case", VERSIONS)
def test_versions_are_those_of_rfc_5652(case: str) -> None:
    """§5.1 and §5.3; certificates of other formats, for 4 and 5, are never written."""
    forms, content_type, version = VERSIONS[case]
    kinds = ("rsa2048", "p256")
    specs = [spec(kind, by_ski=form) for kind, form in zip(kinds, forms, strict=False)]
    theirs = asn1_cms.ContentInfo.load(written(*specs, content_type=content_type), strict=True)

    assert theirs["content"]["version"].native == version
    found = {info["sid"].name: info["version"].native for info in theirs["content"]["signer_infos"]}
    expected = {
        "subject_key_identifier" if form else "issuer_and_serial_number": "v3" if form else "v1"
        for form in forms
    }
    assert found == expected


@pytest.mark.parametrize("kind", ["rsa2048", "p256"])
@pytest.mark.parametrize("detached", [True, False])
def test_openssl_accepts_signers_named_by_their_key(
    openssl_cms: OpensslCms, anchor: str, kind: str, detached: bool
) -> None:
    who = person(kind)
    data = joined(
        build_signed_data([CONTENT], None, [spec(kind, by_ski=True)], [who.der], detached=detached)
    )
    args = ["-content", CONTENT] if detached else []
    trust = ["-CAfile", anchor, "-purpose", "any"]
    verified = openssl_cms("-verify", "-binary", "-inform", "DER", "-in", data, *trust, *args)

    assert verified == CONTENT
    view = parse_signed_data(data)
    (signer,) = view.signers
    assert (signer.version, signer.identifier) == (3, who.subject_key_identifier)
    assert check_signer(view, signer, [CONTENT], who).findings == ()


def test_a_certificate_without_key_identifier_cannot_be_named_by_it() -> None:
    class Nameless(Person):
        @property
        def subject_key_identifier(self) -> bytes | None:
            return None

    one = person("p256")
    nameless = Nameless(one.x509, one.private, one.key_kind)
    signer = SignerSpec(key=nameless, scheme=SCHEMES["p256"], by_ski=True)
    with pytest.raises(UnsupportedAlgorithm):
        build_signed_data([CONTENT], None, [signer], [], detached=True)


def test_several_signers_each_with_a_scheme_of_their_own(
    openssl_cms: OpensslCms, anchor: str
) -> None:
    kinds = ("rsa2048", "p256", "p384", "brainpool256")
    data = written(*(spec(kind, by_ski=kind == "p384") for kind in kinds))
    trust = ["-CAfile", anchor, "-purpose", "any"]
    assert openssl_cms("-verify", "-binary", "-inform", "DER", "-in", data, *trust) == CONTENT
    view = parse_signed_data(data)
    assert set(view.digest_algorithms) == {oids.SHA256, oids.SHA384}
    for signer in view.signers:
        who = next(
            person(kind)
            for kind in kinds
            if signer.identifier
            in (person(kind).issuer_and_serial, person(kind).subject_key_identifier)
        )
        found = check_signer(view, signer, None, who)
        assert (found.intact, found.signature_valid, found.findings) == (True, True, ())


def test_capabilities_are_the_octets_given() -> None:
    own = der.sequence(der.algorithm(oids.AES128_CBC))
    for given, expected in ((own, own), (None, write_capabilities())):
        view = parse_signed_data(written(spec("p256", capabilities=given)))
        found = check_signer(view, view.signers[0], None, person("p256"))
        assert (found.capabilities, found.findings) == (expected, ())
