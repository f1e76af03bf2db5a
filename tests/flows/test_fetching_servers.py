"""Every kind of bad server for every kind of thing that certificates point to.

Slow, huge, lying, redirecting, dead × revocation list, delta list, OCSP, certificate of the issuer:
the verdict says "not known", within the time, and the address is left alone for a while.
"""

import base64
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import unquote

import pytest

from siegel.flows.evidence import Gathering
from siegel.pki.certificate import Certificate
from siegel.pki.trust_facts import TrustFacts
from siegel.pki.verdict import PathStatus, PathVerdict, Purpose, RevocationStatus
from siegel.transport import fetch_once, fetching
from siegel.transport.fetch_once import FetchOnce
from siegel.transport.fetching import Budget, Fetcher, Outcome
from tests.flows.authority import Ca, Places, trusting
from tests.flows.web import Conversation, Talk, Web, response, serving

SILENCE = 0.5  # seconds without an octet, so that the tests do not take the three of real life
SHORT = 0.8  # seconds of one piece of work with a slow server

ROOT = Ca("Root")
HIDDEN = Ca("Hidden", ROOT)
STRANGER = Ca("Root")  # the same name, another key


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "READ_SECONDS", SILENCE)
    monkeypatch.setattr(fetch_once, "READ_SECONDS", SILENCE)


@pytest.fixture
def web() -> Iterator[Web]:
    with serving() as one:
        yield one


@dataclass(frozen=True, slots=True)
class Wanted:
    """A certificate that points to ``place``, and what an honest server says to a request."""

    leaf: Certificate
    trust: TrustFacts
    honest: Callable[[Conversation], bytes]
    strange: Callable[[Conversation], bytes]
    good: Callable[[PathVerdict], bool]


def a_list(place: str, web: Web) -> Wanted:
    leaf = ROOT.leaf(places=Places(crl=(place,)))
    return Wanted(
        leaf,
        trusting(ROOT),
        honest=lambda talk: ROOT.crl(),
        strange=lambda talk: STRANGER.crl(leaf),
        good=lambda verdict: verdict.revocation is RevocationStatus.GOOD,
    )


def an_answer(place: str, web: Web) -> Wanted:
    leaf = ROOT.leaf(places=Places(ocsp=(place,)))
    return Wanted(
        leaf,
        trusting(ROOT),
        honest=lambda talk: ROOT.answer(leaf, question(talk)),
        strange=lambda talk: STRANGER.answer(leaf, question(talk)),
        good=lambda verdict: verdict.revocation is RevocationStatus.GOOD,
    )


def an_issuer(place: str, web: Web) -> Wanted:
    leaf = HIDDEN.leaf(places=Places(issuer=(place,)))
    return Wanted(
        leaf,
        trusting(ROOT),
        honest=lambda talk: HIDDEN.der,
        strange=lambda talk: Ca("Hidden", STRANGER).der,
        good=lambda verdict: verdict.status is PathStatus.VALID,
    )


KINDS = [a_list, an_answer, an_issuer]


def question(talk: Conversation) -> bytes:
    """What the responder was asked, by POST or at the end of the address."""
    return talk.body or base64.b64decode(unquote(talk.target.rpartition("/")[2]))


def waits(talk: Conversation) -> None:
    talk.stopped.wait(120)


def drips(talk: Conversation) -> None:
    talk.send(b"HTTP/1.1 200 OK\r\n\r\n")
    while not talk.stopped.wait(0.05):
        talk.send(b"x")


def pours(talk: Conversation) -> None:
    talk.send(b"HTTP/1.1 200 OK\r\n\r\n")
    while not talk.stopped.wait(0.0001):
        talk.send(b"x" * 65536)


def announces(talk: Conversation) -> None:
    talk.send(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\nx")


def hangs_up(talk: Conversation) -> None:
    del talk


def shows_a_page(talk: Conversation) -> None:
    talk.send(
        response(b"<html>This domain is for sale</html>", extra="Content-Type: text/html\r\n")
    )


def stops_early(talk: Conversation) -> None:
    talk.send(b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n\x30\x82")


def runs_in_circles(talk: Conversation) -> None:
    talk.send(response(b"", "302 Found", f"Location: {talk.target}\r\n"))


def points_inside(talk: Conversation) -> None:
    talk.send(response(b"", "302 Found", "Location: http://127.0.0.2/secret\r\n"))


def points_to_the_cloud(talk: Conversation) -> None:
    talk.send(response(b"", "302 Found", "Location: http://169.254.169.254/latest/\r\n"))


BAD: list[tuple[Talk, Outcome]] = [
    (waits, Outcome.TIMED_OUT),
    (drips, Outcome.TIMED_OUT),
    (pours, Outcome.TOO_LARGE),
    (announces, Outcome.TOO_LARGE),
    (hangs_up, Outcome.UNREACHABLE),
    (shows_a_page, Outcome.USELESS),
    (stops_early, Outcome.BROKEN),
    (runs_in_circles, Outcome.TOO_MANY_REDIRECTS),
    (points_inside, Outcome.REFUSED_ADDRESS),
    (points_to_the_cloud, Outcome.REFUSED_ADDRESS),
]


def gathering(network: FetchOnce, seconds: float = 5.0) -> Gathering:
    return Gathering(network=network, budget=Budget(seconds))


def network(*hosts: str) -> FetchOnce:
    return FetchOnce(Fetcher(private_hosts=frozenset(hosts)))


def verdict(wanted: Wanted, work: Gathering) -> PathVerdict:
    return work.complete([wanted.leaf], wanted.trust).verdict(wanted.leaf, Purpose.ANY)


def is_unknown(found: PathVerdict) -> bool:
    """Neither good nor bad: no list or answer counts, no issuer was found."""
    silent = found.revocation in (RevocationStatus.NOT_CHECKED, RevocationStatus.UNKNOWN)
    return silent and found.status is not PathStatus.INVALID


def found_nothing(work: Gathering) -> bool:
    return not (*work.lists, *work.answers, *work.certificates)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("talk", "outcome"), BAD, ids=[talk.__name__ for talk, _ in BAD])
def test_a_bad_server_costs_time_and_changes_nothing(
    web: Web, kind: Callable[[str, Web], Wanted], talk: Talk, outcome: Outcome
) -> None:
    wanted = kind(web.route("/place", talk), web)
    shared = network(web.host)
    seconds = SHORT if outcome is Outcome.TIMED_OUT else 5.0
    work, begun = gathering(shared, seconds), time.monotonic()
    assert is_unknown(verdict(wanted, work))
    assert time.monotonic() - begun < 60  # far below what hangs
    assert work.attempts[0].outcome is outcome
    assert found_nothing(work)
    asked = len(web.asked)
    assert is_unknown(verdict(wanted, gathering(shared)))
    assert len(web.asked) == asked


@pytest.mark.parametrize("kind", KINDS)
def test_a_server_that_lies_is_not_believed(web: Web, kind: Callable[[str, Web], Wanted]) -> None:
    """Well-formed, of the right names, signed by somebody of the same name."""
    wanted = kind(web.url("/place"), web)
    web.route("/place", lambda talk: talk.send(response(wanted.strange(talk))))
    work = gathering(network(web.host))
    assert is_unknown(verdict(wanted, work))
    assert {one.outcome for one in work.attempts} == {Outcome.USELESS}
    assert found_nothing(work)


@pytest.mark.parametrize("kind", KINDS)
def test_a_dead_server_is_given_up(web: Web, kind: Callable[[str, Web], Wanted]) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        host = f"127.0.0.1:{closed.getsockname()[1]}"
        wanted = kind(f"http://{host}/place", web)
        work = gathering(network(host))
        assert is_unknown(verdict(wanted, work))
    assert {one.outcome for one in work.attempts} == {Outcome.UNREACHABLE}


@pytest.mark.parametrize("kind", KINDS)
def test_a_private_server_that_nobody_named_is_not_asked(
    web: Web, kind: Callable[[str, Web], Wanted]
) -> None:
    wanted = kind(web.url("/place"), web)
    work = gathering(network())
    assert is_unknown(verdict(wanted, work))
    assert {one.outcome for one in work.attempts} == {Outcome.REFUSED_ADDRESS}
    assert web.asked == []


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("moved", [False, True], ids=["ok/here", "ok/moved"])
def test_an_honest_server_is_believed(
    web: Web, kind: Callable[[str, Web], Wanted], moved: bool
) -> None:
    """Else the tests above would prove nothing."""
    wanted = kind(web.url("/place"), web)

    def elsewhere(talk: Conversation) -> None:
        place = talk.target.replace("/place", "/moved")
        talk.send(response(b"", "307 Moved", f"Location: {place}\r\n"))

    def answer(talk: Conversation) -> None:
        talk.send(response(wanted.honest(talk)))

    web.route("/moved", answer)
    web.route("/place", elsewhere if moved else answer)
    assert wanted.good(verdict(wanted, gathering(network(web.host))))
