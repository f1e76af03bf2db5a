"""Where a chain ends that reaches no anchor."""

import pytest

from siegel.pki import chain_top as searching
from siegel.pki.certificate import Certificate, parse_certificate
from siegel.pki.chain_top import MAX_UNITS, chain_top, issuer_mark
from siegel.pki.link import link
from tests.flows.authority import Ca
from tests.work import Counted
from tests.world import WORLD

URSULA = parse_certificate(WORLD.person("ursula").certificate_der)
ISSUING = parse_certificate(WORLD.authority("unknown_issuing").der)
ROOT = parse_certificate(WORLD.unknown_root.der)
STRANGER = parse_certificate(WORLD.authority("stranger_root").der)


@pytest.mark.requirement("C3")
def test_a_chain_with_its_root_ends_at_the_root() -> None:
    top = chain_top(URSULA, [STRANGER, ROOT, ISSUING])
    assert top is not None
    assert (top.root, top.between, top.mark) == (ROOT, (ISSUING,), ROOT.fingerprint)
    assert top.name == ROOT.subject


def test_without_the_root_its_name_and_key_identifier_are_known() -> None:
    top = chain_top(URSULA, [ISSUING])
    assert top is not None
    assert (top.root, top.between) == (None, (ISSUING,))
    assert top.issuer_der == ROOT.subject_der
    assert top.key_identifier == (link(ISSUING).authority_key or b"")
    assert top.mark == issuer_mark(ROOT.subject_der, top.key_identifier) != ROOT.fingerprint


def test_without_any_authority_the_issuer_is_named() -> None:
    top = chain_top(URSULA, [])
    assert top is not None
    assert (top.root, top.issuer_der, top.between) == (None, ISSUING.subject_der, ())


def test_a_certificate_that_merely_has_the_name_is_not_the_issuer() -> None:
    """Only a signature that verifies leads upwards."""
    impostor = Ca("Root", organisation="Same")
    real = Ca("Root", organisation="Same")
    top = chain_top(real.leaf(), [impostor.certificate])
    assert top is not None
    assert top.root is None


def test_who_vouches_for_himself_alone_is_no_question() -> None:
    assert chain_top(ROOT, [ROOT]) is None


def test_names_and_key_identifiers_cannot_be_moved_into_each_other() -> None:
    assert issuer_mark(b"ab", b"c") != issuer_mark(b"a", b"bc")


def test_a_circle_ends() -> None:
    first, second = Ca("First"), Ca("Second")
    one = Ca("First", parent=second, key=first.key)
    two = Ca("Second", parent=first, key=second.key)
    top = chain_top(one.leaf(), [one.certificate, two.certificate])
    assert top is not None
    assert top.root is None


def test_a_heap_of_certificates_of_the_name_costs_little_and_gives_no_answer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real = Ca("Root", organisation="Same")
    heap: list[Certificate] = [Ca("Root", organisation="Same").certificate for _ in range(70)]
    leaf = _without_identifier(real)
    checks = Counted(monkeypatch, searching, "is_issued_by")
    assert chain_top(leaf, heap) is None
    assert checks.calls <= MAX_UNITS < len(heap)


def _without_identifier(issuer: Ca) -> Certificate:
    """A leaf that does not say which key of the name has signed it."""
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.serialization import Encoding

    from tests.world.cast import NOT_AFTER, NOT_BEFORE

    made = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([]))
        .issuer_name(issuer.subject)
        .public_key(ec.generate_private_key(ec.SECP256R1()).public_key())
        .serial_number(7)
        .not_valid_before(NOT_BEFORE)
        .not_valid_after(NOT_AFTER)
        .sign(issuer.key, SHA256())
    )
    return parse_certificate(made.public_bytes(Encoding.DER))
