"""Questions to responders, as OpenSSL and ``cryptography`` read them; places in certificates."""

import base64
from pathlib import Path
from urllib.parse import unquote

from cryptography import x509
from cryptography.x509 import ocsp
from cryptography.x509.oid import AuthorityInformationAccessOID, ObjectIdentifier

from siegel.pki.certificate import parse_certificate
from siegel.pki.ocsp_request import MAX_GET, get_address, requests
from siegel.pki.places import MAX_PLACES, issuer_places, list_places, responder_places
from tests.peers.programs import must
from tests.unit.pki.making import certificate_der
from tests.world import WORLD
from tests.world.cast import CRL_URL, ISSUER_URL

ALICE = parse_certificate(WORLD.person("alice").certificate_der)
ISSUING = parse_certificate(WORLD.authority("issuing").der)


def test_the_question_is_of_sha256_and_the_second_of_sha1() -> None:
    read = [ocsp.load_der_ocsp_request(one) for one in requests(ALICE, ISSUING)]
    assert [one.hash_algorithm.name for one in read] == ["sha256", "sha1"]
    assert {one.serial_number for one in read} == {ALICE.serial}
    assert [list(one.extensions) for one in read] == [[], []]


def test_openssl_asks_the_same(tmp_path: Path) -> None:
    (tmp_path / "alice.pem").write_bytes(WORLD.person("alice").certificate_pem)
    (tmp_path / "issuing.pem").write_bytes(WORLD.authority("issuing").pem)
    out = tmp_path / "request.der"
    for digest, request in zip(("sha256", "sha1"), requests(ALICE, ISSUING), strict=True):
        must(
            ["openssl", "ocsp", f"-{digest}", "-issuer", str(tmp_path / "issuing.pem"),
             "-cert", str(tmp_path / "alice.pem"), "-no_nonce", "-reqout", str(out)]
        )  # fmt: skip
        assert out.read_bytes() == request


def test_short_questions_go_into_the_address_and_long_ones_do_not() -> None:
    request = requests(ALICE, ISSUING)[0]
    address = get_address("http://ocsp.example/", request)
    assert address is not None
    assert len(address) <= MAX_GET
    encoded = address.removeprefix("http://ocsp.example/")
    assert set("+/=").isdisjoint(encoded)
    assert base64.b64decode(unquote(encoded)) == request
    assert get_address("http://ocsp.example/" + "a" * 200, request) is None


def test_places_are_read_from_the_certificate() -> None:
    vera = parse_certificate(WORLD.person("vera").certificate_der)
    ingo = parse_certificate(WORLD.person("ingo").certificate_der)
    assert (list_places(vera), issuer_places(vera)) == ((CRL_URL,), ())
    assert (list_places(ingo), issuer_places(ingo)) == ((), (ISSUER_URL,))
    for find in (list_places, issuer_places, responder_places):
        assert find(ALICE) == ()


def test_a_certificate_full_of_places_names_the_first_few_once() -> None:
    names = [x509.UniformResourceIdentifier(f"http://a.example/{n // 2}") for n in range(50)]
    points = [x509.DistributionPoint([name], None, None, None) for name in names]
    access = AuthorityInformationAccessOID.OCSP
    accesses = [x509.AccessDescription(access, name) for name in names]
    one = parse_certificate(
        certificate_der(
            x509.CRLDistributionPoints(points), x509.AuthorityInformationAccess(accesses)
        )
    )
    first = tuple(f"http://a.example/{n}" for n in range(MAX_PLACES))
    assert (list_places(one), responder_places(one)) == (first, first)


def test_places_of_indirect_lists_and_relative_ones_are_left_out() -> None:
    url = x509.UniformResourceIdentifier("http://a.example/indirect")
    issuer = x509.DirectoryName(x509.Name([]))
    relative = x509.RelativeDistinguishedName(
        [x509.NameAttribute(ObjectIdentifier("2.5.4.3"), "crl1")]
    )
    points = [
        x509.DistributionPoint([url], None, None, [issuer]),
        x509.DistributionPoint(None, relative, None, None),
        x509.DistributionPoint([issuer], None, None, None),
    ]
    assert list_places(parse_certificate(certificate_der(x509.CRLDistributionPoints(points)))) == ()


def test_extensions_that_nobody_can_read_name_no_place() -> None:
    broken = x509.UnrecognizedExtension(ObjectIdentifier("2.5.29.31"), b"\x30\x05abc")
    one = parse_certificate(certificate_der(broken))
    assert list_places(one) == issuer_places(one) == responder_places(one) == ()
