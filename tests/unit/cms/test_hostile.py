"""Whatever is done to a valid message: a finding or an error of ours, and never a false yes."""

from functools import cache

import pytest
from asn1crypto import cms as asn1_cms
from hypothesis import given, settings
from hypothesis import strategies as st

from siegel.base import der
from siegel.base.buffers import joined
from siegel.base.errors import LimitExceeded, MalformedMessage, UnsupportedAlgorithm
from siegel.base.findings import Severity, worst
from siegel.cms.compressed import decompress
from siegel.cms.enveloped import (
    RecipientSpec,
    build_enveloped_data,
    decrypt,
    parse_enveloped,
    parse_enveloped_in_place,
)
from siegel.cms.signed import (
    SignerSpec,
    build_signed_data,
    check_signer,
    parse_signed_data,
)
from tests.unit.cms.forge import replaced
from tests.unit.cms.people import NOW, PSS, SCHEMES, Ring, person
from tests.work import Run, grows_in_proportion, steps_in_proportion

CONTENT = b"Content-Type: text/plain\r\n\r\nEin Bescheid.\r\n"
OURS = (MalformedMessage, LimitExceeded, UnsupportedAlgorithm)


@cache
def signed(kind: str) -> bytes:
    scheme = PSS if kind == "rsa2048" else SCHEMES[kind]
    who = person(kind)
    spec = SignerSpec(
        key=who, scheme=scheme, signing_time=NOW, encryption_certificate=person("x25519")
    )
    return joined(build_signed_data([CONTENT], None, [spec], [who.der], detached=False))


RECIPIENTS = ["rsa2048", "p256", "x25519", "mlkem768"]


@cache
def enveloped(cipher: str) -> bytes:
    specs = [RecipientSpec(certificate=person(kind)) for kind in RECIPIENTS]
    return joined(build_enveloped_data([CONTENT], specs, cipher=cipher))


changes = st.lists(st.tuples(st.integers(0, 5000), st.integers(0, 255)), min_size=1, max_size=4)


def mutated(data: bytes, edits: list[tuple[int, int]], cut: tuple[int, int] | None) -> bytes:
    changed = bytearray(data)
    for position, octet in edits:
        changed[position % len(changed)] = octet
    if cut is not None:
        start = cut[0] % len(changed)
        del changed[start : start + cut[1]]
    return bytes(changed)


cuts = st.none() | st.tuples(st.integers(0, 5000), st.integers(1, 40))


@settings(max_examples=400, deadline=None)
@given(kind=st.sampled_from(["rsa2048", "p256", "ed25519"]), edits=changes, cut=cuts)
def test_changed_signatures_never_vouch_for_changed_content(
    kind: str, edits: list[tuple[int, int]], cut: tuple[int, int] | None
) -> None:
    data = mutated(signed(kind), edits, cut)
    try:
        view = parse_signed_data(data)
    except OURS:
        return
    for signer in view.signers:
        check = check_signer(view, signer, None, person(kind))
        assert check.findings or (check.intact and check.signature_valid)
        if check.intact and check.signature_valid and worst(check.findings) is not Severity.BAD:
            assert view.content is not None
            assert joined(view.content) == CONTENT
            assert check.signing_time == NOW


@settings(max_examples=400, deadline=None)
@given(
    cipher=st.sampled_from(["aes256-cbc", "aes256-gcm"]),
    who=st.sampled_from(RECIPIENTS),
    edits=changes,
    cut=cuts,
)
def test_changed_ciphertext_opens_to_nothing_or_is_not_authenticated(
    cipher: str, who: str, edits: list[tuple[int, int]], cut: tuple[int, int] | None
) -> None:
    data = mutated(enveloped(cipher), edits, cut)
    try:
        view = parse_enveloped(data)
    except OURS:
        return
    opened = decrypt(view, Ring(person(who)), rng=bytes)
    assert len(opened.matched) == len(view.recipients)
    in_place = parse_enveloped_in_place(bytearray(data))
    assert decrypt(in_place, Ring(person(who)), rng=bytes) == opened
    assert (opened.content is None) <= bool(opened.findings)
    if opened.content is not None and view.authenticated:
        assert joined(opened.content) == CONTENT


@settings(max_examples=300)
@given(st.binary(max_size=300))
def test_arbitrary_octets_are_refused_by_every_reader(data: bytes) -> None:
    for read in (parse_signed_data, parse_enveloped, decompress):
        with pytest.raises(OURS):
            read(b"\x30" + data)


@pytest.mark.parametrize("kind", ["rsa2048", "p256", "ed25519"])
def test_asn1crypto_reads_our_signatures_as_we_do(kind: str) -> None:
    theirs = asn1_cms.ContentInfo.load(signed(kind), strict=True)["content"]
    view = parse_signed_data(signed(kind))
    (signer,) = view.signers
    (info,) = theirs["signer_infos"]
    assert theirs["encap_content_info"]["content"].native == CONTENT
    assert info["signature"].native == signer.signature
    assert info["digest_algorithm"]["algorithm"].dotted == signer.digest_algorithm.oid
    assert [c.chosen.dump() for c in theirs["certificates"]] == list(view.certificates)
    assert info["sid"].chosen["issuer"].dump() == person(kind).issuer_and_serial.issuer
    attributes = {
        attribute["type"].dotted: len(attribute["values"]) for attribute in info["signed_attrs"]
    }
    assert set(attributes.values()) == {1}
    assert len(attributes) == len(signer.attributes) == 7
    assert theirs.dump(force=True) == theirs.dump()


@pytest.mark.parametrize("cipher", ["aes256-cbc", "aes256-gcm"])
def test_asn1crypto_reads_our_envelopes_as_we_do(cipher: str) -> None:
    info = asn1_cms.ContentInfo.load(enveloped(cipher), strict=True)
    theirs = info["content"]
    view = parse_enveloped(enveloped(cipher))
    part = "encrypted_content_info" if cipher.endswith("cbc") else "auth_encrypted_content_info"
    assert theirs[part]["encrypted_content"].contents == joined(view.content)
    if cipher.endswith("gcm"):
        assert theirs["mac"].native == view.tag
    assert len(theirs["recipient_infos"]) == len(view.recipients)


def segmented(size: int, reader: str) -> bytes:
    """Content of ``size`` octets in segments of 1,000."""
    content = bytes(size)
    segments = der.octet_string(bytes(1000)) * (size // 1000)
    if reader == "signed":
        spec = SignerSpec(key=person("p256"), scheme=SCHEMES["p256"])
        data = joined(build_signed_data([content], None, [spec], [], detached=False))
        string, tag = der.octet_string(content), b"\x24\x80"
    else:
        specs = [RecipientSpec(certificate=person("p256"))]
        data = joined(build_enveloped_data([content], specs))
        string, tag = der.tlv(der.CONTEXT, joined(parse_enveloped(data).content)), b"\xa0\x80"
    return replaced(data, string, tag + segments + b"\x00\x00")


def _read(data: bytes, reader: str, size: int) -> None:
    if reader == "signed":
        view = parse_signed_data(data)
        assert check_signer(view, view.signers[0], None, person("p256")).intact
    else:
        assert sum(map(len, parse_enveloped(data).content)) == size


@pytest.mark.parametrize("reader", ["signed", "enveloped"])
def test_segments_of_1000_octets_are_read_in_linear_time(reader: str) -> None:
    def made(size: int) -> Run:
        data = segmented(size, reader)
        return lambda: _read(data, reader, size)

    assert steps_in_proportion(made, 500_000)
    assert grows_in_proportion(made, 3_000_000)
