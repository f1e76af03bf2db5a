"""What OpenSSL's fuzzers collected, and every file of its collection: no crash, no hang, no flood.

Each input goes to every reader there is, as if it were of the right kind, and – as a message in
each of its shapes – through the whole engine.
"""

import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache, partial
from pathlib import Path

import pytest

from siegel.base.errors import SiegelError
from siegel.base.secret import Secret
from siegel.pki.anchors import AnchorSet, AnchorSource, TrustAnchor
from siegel.pki.bundle import parse_certificates
from siegel.pki.certificate import parse_certificate
from siegel.pki.export import contains_private_key
from siegel.pki.pkcs12 import open_pkcs12
from siegel.policy.inbound import CryptographicSummary
from tests.corpora.drivers import paths
from tests.corpora.foreign_mail import day
from tests.corpora.rows import place, rows
from tests.fuzz.targets import TARGETS
from tests.peers import mime
from tests.unit.smime import mails
from tests.work import costs_alike

ROWS = 627
SLOW = 500
"""Times the cost of an honest input of the same kind. To find what never ends."""
LARGEST = 40
PEAK = 64 * 1024 * 1024  # octets; the largest input has 88,000

_TEXT = b"Content-Type: text/plain\r\n\r\nEin Bescheid.\r\n"
_MISSING = pytest.mark.skip(reason="the sample corpora are missing: set SIEGEL_CORPORA")


def _inputs() -> list[Path]:
    """The fuzzers' inputs, then every other file of the collection that is no table of ours."""
    corpora = place()
    if corpora is None:
        return []
    fuzzed = [row.path for row in rows("openssl", "fuzz-expected.tsv")]
    others = {path for path in (corpora / "openssl").rglob("*") if path.is_file()}
    return fuzzed + sorted(others - set(fuzzed))


def _parameters() -> list[object]:
    if place() is None:
        return [pytest.param(None, marks=_MISSING, id="corpora missing")]
    return [pytest.param(path, id=path.name) for path in _inputs()]


def _shapes(blob: bytes) -> Iterator[bytes]:
    for kind in ("signed-data", "enveloped-data", "certs-only"):
        yield mails.mail(mime.pkcs7_mime(blob, kind))
    yield mails.mail(mime.multipart_signed(_TEXT, blob))


@cache
def _world() -> tuple[AnchorSet, bytes]:
    anchor = TrustAnchor(certificate=mails.certificate("alice"), source=AnchorSource.ORGANISATION)
    return AnchorSet(anchors=(anchor,)), mails.certificate("alice").der


def _summaries(blob: bytes) -> set[CryptographicSummary]:
    return {mails.judged(mails.opened(raw, "huber")).summary for raw in _shapes(blob)}


def _as_list(blob: bytes) -> None:
    anchors, leaf = _world()
    paths.verdict(parse_certificate(leaf), anchors, day("2026-11-21"), lists=[blob])


def _as_certificate(blob: bytes) -> None:
    anchors, _ = _world()
    paths.verdict(parse_certificate(blob), anchors, day("2026-11-21"), lists=[blob])


def _as_file(blob: bytes) -> None:
    open_pkcs12(blob, Secret("password"))


READERS: dict[str, Callable[[bytes], object]] = {
    **TARGETS,
    "certificate": _as_certificate,
    "certificates": parse_certificates,
    "list": _as_list,
    "file": _as_file,
    "guard": contains_private_key,
}


def _read_by_all(blob: bytes) -> None:
    for reader in READERS.values():
        try:
            reader(blob)
        except SiegelError:
            continue


@pytest.mark.requirement("A4")
@pytest.mark.parametrize("path", _parameters())
def test_no_reader_crashes_or_hangs(path: Path) -> None:
    blob = path.read_bytes()
    _, honest = _world()

    assert costs_alike(partial(_read_by_all, blob), partial(_read_by_all, honest), factor=SLOW)


@pytest.mark.usefixtures("corpora")
def test_the_largest_inputs_take_little_memory() -> None:
    largest = sorted(_inputs(), key=lambda path: path.stat().st_size)[-LARGEST:]
    tracemalloc.start()
    try:
        for path in largest:
            with suppress(Exception):  # that none escapes is the test above
                _read_by_all(path.read_bytes())
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert peak < PEAK


@pytest.mark.requirement("A4")
@pytest.mark.parametrize("path", _parameters())
def test_as_a_message_it_is_opened_in_no_time_and_never_green(path: Path) -> None:
    blob = path.read_bytes()
    _, honest = _world()

    summaries = _summaries(blob)

    assert costs_alike(partial(_summaries, blob), partial(_summaries, honest), factor=SLOW)
    assert not summaries & {CryptographicSummary.VERIFIED, CryptographicSummary.CONFIDENTIAL}


@pytest.mark.usefixtures("corpora")
def test_no_input_is_left_out() -> None:
    found = rows("openssl", "fuzz-expected.tsv")

    assert len(found) == len({row.path for row in found}) == ROWS
    assert {row.operation for row in found} == {"parse"}
    assert all(row.path.is_file() for row in found)
