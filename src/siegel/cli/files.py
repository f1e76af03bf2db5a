"""What the pure verbs are given beside a message: certificates, lists, passphrases, moments."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime

import click

from siegel.base import b64, ber, der, pem
from siegel.base.errors import MalformedMessage, NotFound, SiegelError, WrongPassphrase
from siegel.base.secret import Secret
from siegel.cli.reading import read_input
from siegel.pki.bundle import parse_certificates
from siegel.pki.certificate import Certificate

_CRL_FIELDS = 3  # tbsCertList, signatureAlgorithm, signatureValue (RFC 5280 §5.1)
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_CRL_LABEL = b"X509 CRL"


class Moment(click.ParamType[datetime]):
    """A point in time, ISO 8601; without an offset it is UTC."""

    name = "ISO-TIME"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        if isinstance(value, datetime):
            return value
        try:
            moment = datetime.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value!r} is no time like 2026-11-21T12:00:00", param, ctx)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def read_certificates(names: Sequence[str]) -> tuple[Certificate, ...]:
    """The certificates of all files: PEM, DER, base64, p7b or p7c."""
    found: list[Certificate] = []
    for name in names:
        with naming(name):
            found.extend(parse_certificates(read_input(name)))
    return tuple(found)


@contextmanager
def naming(name: str) -> Iterator[None]:
    """Errors about the content of a file say which file."""
    try:
        yield
    except NotFound:
        raise
    except SiegelError as error:
        raise type(error)(f"{name}: {error}") from error


def read_crls(names: Sequence[str]) -> tuple[bytes, ...]:
    """Revocation lists as DER; a file may hold one DER or any number of PEM lists."""
    found: list[bytes] = []
    for name in names:
        with naming(name):
            found.extend(_crls(read_input(name)))
    return tuple(found)


def _crls(data: bytes) -> Iterator[bytes]:
    """A list that nobody can read would be passed over in silence: a wrong file is an error."""
    blocks = [block.body for block in pem.blocks(data) if block.label == _CRL_LABEL]
    for encoded in map(b64.decode, blocks) if blocks else [data]:
        if len(ber.read(encoded).expect(der.SEQUENCE).children()) != _CRL_FIELDS:
            raise MalformedMessage("not a revocation list")
        yield encoded


def passphrases(files: Sequence[str], count: int) -> tuple[Secret, ...]:
    """One passphrase for each of ``count`` key files: one line for all, or a line for each."""
    lines = [line for name in files for line in _lines(name)]
    if not lines:
        return (Secret(b""),) * count
    if len(lines) == 1:
        return (Secret(lines[0]),) * count
    if len(lines) < count:
        raise WrongPassphrase(
            f"{count} key files, but {len(lines)} passphrases; one for all, or one for each"
        )
    return tuple(Secret(line) for line in lines[:count])


def _lines(name: str) -> list[bytes]:
    """Windows editors put a mark in front and other ends behind; both belong to no passphrase."""
    text = read_input(name).removeprefix(_BYTE_ORDER_MARK).rstrip(b"\r\n")
    return text.splitlines() or [b""]
