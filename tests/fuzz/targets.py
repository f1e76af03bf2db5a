"""What is fuzzed, and what must hold for every input.

Each target takes any octets and returns nothing. It lets through only the errors that the function
under test announces; everything else – another exception, a broken promise – is a finding.
"""

import hashlib
from collections.abc import Callable
from contextlib import suppress
from functools import cache

from siegel.base import ber
from siegel.base.errors import LimitExceeded, MalformedMessage, SiegelError
from siegel.base.findings import Severity, worst
from siegel.base.secret import Secret
from siegel.cms import compressed, content_info, enveloped
from siegel.cms.signed import SignerCheck, check_signer, parse_signed_data
from siegel.mime.canonical import canonical
from siegel.mime.fields import from_addresses
from siegel.mime.message import Part
from siegel.mime.parse import parse_message
from siegel.pki.pkcs12 import open_pkcs12
from siegel.smime.layers import OpenedMessage, Signer
from tests.fuzz.material import LIMITS, PASSPHRASE, readers, signed_texts, signers
from tests.unit.smime.mails import certificate, opened

Target = Callable[[bytes], None]


def fuzz_ber(data: bytes) -> None:
    """The reader ends, and what it read has one DER form."""
    try:
        element = ber.read(data, limits=LIMITS)
        normal = ber.to_der(element)
    except (MalformedMessage, LimitExceeded):
        return
    assert ber.to_der(ber.read(normal)) == normal


def fuzz_mime(data: bytes) -> None:
    """No octet is lost or invented, and no header makes anything but text."""
    try:
        message = parse_message(data, limits=LIMITS)
    except (MalformedMessage, LimitExceeded):
        return
    _whole(message.root)
    from_addresses(message)
    lines = bytes(canonical(data))
    assert bytes(canonical(lines)) == lines
    assert lines.count(b"\n") == lines.count(b"\r\n")


def _whole(part: Part) -> None:
    assert bytes(part.header) + bytes(part.body) == bytes(part.exact)
    assert b"".join(field.raw for field in part.fields) in bytes(part.header)
    _ = part.filename, part.ambiguous, part.transfer_encoding
    with suppress(MalformedMessage, LimitExceeded):
        part.decoded(LIMITS)
    for child in part.children:
        _whole(child)


def fuzz_cms(data: bytes) -> None:
    """Every reader of the CMS floor, as if the type of the content were the right one."""
    for reader in (_signed, _enveloped, _content_type, _compressed):
        try:
            reader(data)
        except SiegelError:
            continue


def _signed(data: bytes) -> None:
    view = parse_signed_data(data, limits=LIMITS)
    for signer in view.signers:
        for name in signers():
            check = check_signer(view, signer, None, certificate(name))
            if counts(check) and view.content is not None:
                _must_be_known(b"".join(view.content))


def _enveloped(data: bytes) -> None:
    view = enveloped.parse_enveloped(data, limits=LIMITS)
    enveloped.decrypt(view, readers(), limits=LIMITS)


def _content_type(data: bytes) -> None:
    content_info.content_type(data)


def _compressed(data: bytes) -> None:
    assert len(compressed.decompress(data, LIMITS)) <= LIMITS.decompressed_size


def fuzz_open(data: bytes) -> None:
    """Opening never raises, and no signature fits a text that nobody signed."""
    try:
        found = opened(data, ring=readers(), limits=LIMITS)
    except (MalformedMessage, LimitExceeded):
        return  # no message at all
    for signer in _valid(found):
        assert signer.certificate is not None
        _must_be_known(bytes(found.payload.exact))


def _valid(found: OpenedMessage) -> list[Signer]:
    """Signers of the innermost layer, whose text is the payload."""
    if not found.layers or found.layers[-1] not in found.signed_layers:
        return []
    known = {certificate(name) for name in signers()}
    return [
        signer
        for signer in found.signed_layers[-1].signers
        if counts(signer) and signer.certificate in known
    ]


def counts(check: Signer | SignerCheck) -> bool:
    """Nothing speaks against it; a text that could be attributes has a finding, for example."""
    good = bool(check.intact and check.signature_valid)
    return good and worst(check.findings) is not Severity.BAD


def _must_be_known(text: bytes) -> None:
    whole = hashlib.sha256(bytes(canonical(text))).digest()
    assert whole in signed_texts(), "a valid signature over a text that nobody signed"


def fuzz_pkcs12(data: bytes) -> None:
    """A file opens, or says why not."""
    try:
        open_pkcs12(data, _passphrase())
    except SiegelError:
        return


@cache
def _passphrase() -> Secret:
    return Secret(PASSPHRASE)


TARGETS: dict[str, Target] = {
    "ber": fuzz_ber,
    "mime": fuzz_mime,
    "cms": fuzz_cms,
    "open": fuzz_open,
    "pkcs12": fuzz_pkcs12,
}
