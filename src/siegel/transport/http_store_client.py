"""Ask a certificate store over HTTP (RFC 4387), through the one guarded way to fetch."""

from urllib.parse import quote, urlsplit

from siegel.base.address import EmailAddress
from siegel.base.errors import SiegelError, TransportFailure
from siegel.directory import store_answer
from siegel.pki.certificate import Certificate
from siegel.transport.fetch_once import Source
from siegel.transport.fetching import Budget, Fetched, Outcome

LONGEST_URL = 1000  # characters, without the address
_NOT_FOUND = 404
_LATE = frozenset({Outcome.TIMED_OUT, Outcome.NO_TIME})


class NotACertificate(TransportFailure):
    """It answered, with something else."""

    temporary = False


def checked_base(url: str) -> str:
    """The address of a store as an administrator enters it; raises ``ValueError``."""
    text = url.strip()
    parts = urlsplit(text)
    if len(text) > LONGEST_URL or not text.isascii() or not text.isprintable() or " " in text:
        raise ValueError("too long, or characters that no address has")
    if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc:
        raise ValueError("not an http or https address")
    if parts.query or parts.fragment:
        raise ValueError("with a query of its own")
    return text


def question(base: str, address: EmailAddress) -> str:
    """RFC 4387 §2: the attribute ``email``, its value percent-encoded (``+`` too)."""
    return f"{checked_base(base)}?email={quote(str(address), safe='')}"


def ask(
    base: str, address: EmailAddress, source: Source, budget: Budget
) -> tuple[Certificate, ...]:
    """What the store has for the address, nothing where it says so; raises ``TransportFailure``."""
    found = source.fetch(
        question(base, address),
        most=store_answer.MAX_ANSWER,
        budget=budget,
        accept=store_answer.ACCEPT,
    )
    if found.status == _NOT_FOUND:
        return ()
    if found.outcome is not Outcome.FETCHED:
        raise TransportFailure(found.outcome.value, outcome=found.outcome)
    return _certificates(found)


def was_late(error: TransportFailure) -> bool:
    return error.params.get("outcome") in _LATE


def _certificates(found: Fetched) -> tuple[Certificate, ...]:
    try:
        return store_answer.certificates_of(found.content_type, found.body)
    except SiegelError as error:
        raise NotACertificate("the answer is no certificate") from error
