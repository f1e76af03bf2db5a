"""The one fetcher against servers that are slow, huge, lying, redirecting or dead."""

import socket
import threading
import time
from collections.abc import Iterator

import pytest

from siegel.transport.fetch_once import FAILURE_SECONDS, FetchOnce
from siegel.transport.fetching import Budget, Fetched, Fetcher, Outcome, Post
from tests.flows.web import Conversation, Talk, Web, response, serving

MOST = 1000
FAR = 60  # seconds; no machine needs them for a budget of one, and what hangs would take twice that


@pytest.fixture
def web() -> Iterator[Web]:
    with serving() as one:
        yield one


def fetcher(web: Web) -> Fetcher:
    return Fetcher(private_hosts=frozenset({web.host}))


def fetch(web: Web, url: str, seconds: float = 5.0) -> Fetched:
    return fetcher(web).fetch(url, most=MOST, budget=Budget(seconds))


def resolving(*addresses: str) -> Fetcher:
    return Fetcher(resolve=lambda host, port: addresses)


def test_what_is_there_is_fetched_and_nothing_is_said_about_us(web: Web) -> None:
    assert fetch(web, web.answer("/a.crl", b"list")) == Fetched(Outcome.FETCHED, b"list")
    assert web.heads == [
        b"GET /a.crl HTTP/1.1\r\nHost: " + web.host.encode() + b"\r\nUser-Agent: siegel\r\n"
        b"Accept: */*\r\nAccept-Encoding: identity\r\nConnection: close\r\n"
    ]


def test_a_question_is_posted(web: Web) -> None:
    url = web.route("/", lambda talk: talk.send(response(talk.method.encode() + talk.body)))
    post = Post(body=b"question", content_type="application/ocsp-request")
    found = fetcher(web).fetch(url, most=MOST, budget=Budget(5), post=post)
    assert found.body == b"POSTquestion"


def test_cookies_are_not_given_back(web: Web) -> None:
    web.answer("/end", b"end")
    url = web.answer("/", b"", "302 Found", "Location: /end\r\nSet-Cookie: a=b\r\n")
    assert fetch(web, url).body == b"end"
    assert not any(b"ookie" in head for head in web.heads)


def chunked(talk: Conversation) -> None:
    talk.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n")


def without_end(talk: Conversation) -> None:
    talk.send(b"HTTP/1.1 200 OK\r\n\r\n")
    while not talk.stopped.wait(0.001):
        talk.send(b"x" * 4096)


def lying_long(talk: Conversation) -> None:
    talk.send(b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\nshort")


def lying_huge(talk: Conversation) -> None:
    talk.send(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\nshort")


def chunks_without_end(talk: Conversation) -> None:
    talk.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while not talk.stopped.wait(0.001):
        talk.send(b"400\r\n" + b"x" * 1024 + b"\r\n")


def garbage(talk: Conversation) -> None:
    talk.send(b"\x30\x82 this is no HTTP\r\n\r\n")


def many_headers(talk: Conversation) -> None:
    talk.send(b"HTTP/1.1 200 OK\r\n" + b"".join(b"A: %d\r\n" % n for n in range(1000)) + b"\r\n")


def bad_chunk(talk: Conversation) -> None:
    talk.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n")


def silence(talk: Conversation) -> None:
    del talk


@pytest.mark.parametrize(
    ("talk", "outcome"),
    [
        pytest.param(chunked, Outcome.FETCHED, id="ok/chunked"),
        pytest.param(without_end, Outcome.TOO_LARGE, id="fail/without-end"),
        pytest.param(chunks_without_end, Outcome.TOO_LARGE, id="fail/chunks-without-end"),
        pytest.param(lying_long, Outcome.BROKEN, id="fail/less-than-announced"),
        pytest.param(lying_huge, Outcome.TOO_LARGE, id="fail/announced-huge"),
        pytest.param(garbage, Outcome.BROKEN, id="fail/garbage"),
        pytest.param(many_headers, Outcome.BROKEN, id="fail/many-headers"),
        pytest.param(bad_chunk, Outcome.BROKEN, id="fail/bad-chunk"),
        pytest.param(silence, Outcome.UNREACHABLE, id="fail/hangs-up"),
    ],
)
def test_servers_that_lie(web: Web, talk: Talk, outcome: Outcome) -> None:
    assert fetch(web, web.route("/", talk)).outcome is outcome


@pytest.mark.parametrize("status", ["404 Not Found", "500 Oops", "204 No Content", "206 Partial"])
def test_only_200_counts(web: Web, status: str) -> None:
    assert fetch(web, web.answer("/", b"body", status)).outcome is Outcome.NOT_FOUND


def drips_headers(talk: Conversation) -> None:
    talk.send(b"HTTP/1.1 200 OK\r\n")
    while not talk.stopped.wait(0.05):
        talk.send(b"A")


def drips_body(talk: Conversation) -> None:
    talk.send(b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n")
    while not talk.stopped.wait(0.05):
        talk.send(b"x")


def goes_on_and_on(talk: Conversation) -> None:
    while not talk.stopped.wait(0.05):
        talk.send(b"HTTP/1.1 100 Continue\r\n\r\n")


def waits(talk: Conversation) -> None:
    talk.stopped.wait(120)


@pytest.mark.parametrize("talk", [drips_headers, drips_body, goes_on_and_on, waits])
def test_slow_servers_cost_the_budget_and_not_more(web: Web, talk: Talk) -> None:
    begun = time.monotonic()
    assert fetch(web, web.route("/", talk), seconds=0.6).outcome is Outcome.TIMED_OUT
    assert 0.4 < time.monotonic() - begun < FAR


def test_a_resolver_that_hangs_costs_the_budget_and_not_more() -> None:
    hanging = threading.Event()

    def resolve(host: str, port: int) -> tuple[str, ...]:
        hanging.wait(120)
        return ()

    begun = time.monotonic()
    found = Fetcher(resolve=resolve).fetch("http://crl.example/", most=MOST, budget=Budget(0.5))
    hanging.set()
    assert found.outcome is Outcome.TIMED_OUT
    assert time.monotonic() - begun < FAR


def test_a_spent_budget_begins_nothing(web: Web) -> None:
    assert fetch(web, web.answer("/", b"list"), seconds=0.1).outcome is Outcome.NO_TIME
    assert web.asked == []


def test_a_dead_server_is_unreachable(web: Web) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        host = f"127.0.0.1:{closed.getsockname()[1]}"
        found = Fetcher(private_hosts=frozenset({host})).fetch(
            f"http://{host}/", most=MOST, budget=Budget(5)
        )
    assert found.outcome is Outcome.UNREACHABLE


def test_https_needs_a_server_that_proves_its_name(web: Web) -> None:
    web.answer("/", b"list")
    assert fetch(web, f"https://{web.host}/").outcome is Outcome.UNREACHABLE
    assert web.asked == []


def test_three_redirects_are_followed_and_no_fourth(web: Web) -> None:
    web.answer("/0", b"end")
    for step in range(1, 5):
        web.answer(f"/{step}", b"", "301 Moved", f"Location: /{step - 1}\r\n")
    assert fetch(web, web.url("/3")).body == b"end"
    assert fetch(web, web.url("/4")).outcome is Outcome.TOO_MANY_REDIRECTS
    loop = web.answer("/loop", b"", "302 Found", "Location: /loop\r\n")
    assert fetch(web, loop).outcome is Outcome.TOO_MANY_REDIRECTS


@pytest.mark.parametrize(
    ("location", "outcome"),
    [
        ("http://127.0.0.1/", Outcome.REFUSED_ADDRESS),
        ("http://127.0.0.1:25/", Outcome.REFUSED_ADDRESS),
        ("http://[::ffff:127.0.0.1]/", Outcome.REFUSED_ADDRESS),
        ("http://169.254.169.254/latest/meta-data/", Outcome.REFUSED_ADDRESS),
        ("http://2130706433/", Outcome.REFUSED_ADDRESS),
        ("http://localhost/", Outcome.REFUSED_ADDRESS),
        ("http://a:b@8.8.8.8/", Outcome.REFUSED_ADDRESS),
        ("file:///etc/passwd", Outcome.OTHER_SCHEME),
        ("ldap://8.8.8.8/", Outcome.OTHER_SCHEME),
    ],
)
def test_each_redirect_is_looked_at_again(web: Web, location: str, outcome: Outcome) -> None:
    url = web.answer("/", b"", "302 Found", f"Location: {location}\r\n")
    assert fetch(web, url).outcome is outcome
    assert web.asked == ["/"]


def test_private_addresses_are_not_asked_whatever_name_they_have(web: Web) -> None:
    for address in ("127.0.0.1", "10.0.0.1", "::1", "::ffff:127.0.0.1", "169.254.169.254"):
        found = resolving(address).fetch("http://crl.example/", most=MOST, budget=Budget(5))
        assert found.outcome is Outcome.REFUSED_ADDRESS, address
    plain = Fetcher().fetch(web.answer("/", b"list"), most=MOST, budget=Budget(5))
    assert plain.outcome is Outcome.REFUSED_ADDRESS
    assert web.asked == []


def test_the_connection_goes_to_the_address_that_was_checked(web: Web) -> None:
    asked: list[str] = []

    def resolve(host: str, port: int) -> tuple[str, ...]:
        asked.append(host)
        return ("127.0.0.1",)

    named = f"crl.intern.example:{web.port}"
    web.answer("/a", b"list")
    found = Fetcher(private_hosts=frozenset({named}), resolve=resolve).fetch(
        f"http://{named}/a", most=MOST, budget=Budget(5)
    )
    assert found.body == b"list"
    assert asked == ["crl.intern.example"]


def test_ports_other_than_the_usual_ones_are_not_asked() -> None:
    asked: list[str] = []

    def resolve(host: str, port: int) -> tuple[str, ...]:
        asked.append(host)
        return ("8.8.8.8",)

    for url in ("http://crl.example:25/", "https://crl.example:80/", "http://crl.example:443/"):
        found = Fetcher(resolve=resolve).fetch(url, most=MOST, budget=Budget(5))
        assert found.outcome is Outcome.REFUSED_ADDRESS
    assert asked == []


def test_the_environment_names_no_proxy(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1/")
    assert fetch(web, web.answer("/a", b"list")).body == b"list"


def test_a_configured_proxy_is_asked_with_the_whole_address(web: Web) -> None:
    web.answer("http://crl.example/a", b"list")
    through = Fetcher(proxy=("127.0.0.1", web.port))
    assert through.fetch("http://crl.example/a", most=MOST, budget=Budget(5)).body == b"list"
    for url in ("http://127.0.0.1/", "http://localhost/", "https://crl.example/", "http://a:22/"):
        found = through.fetch(url, most=MOST, budget=Budget(5))
        assert found.outcome is Outcome.REFUSED_ADDRESS, url
    assert web.asked == ["http://crl.example/a"]


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_failures_are_remembered_for_a_quarter_of_an_hour(web: Web) -> None:
    clock = Clock()
    once = FetchOnce(fetcher(web), clock)
    url = web.answer("/", b"", "404 Not Found")
    for _ in range(3):
        assert once.fetch(url, most=MOST, budget=Budget(5)).outcome is Outcome.NOT_FOUND
    assert len(web.asked) == 1
    clock.now = FAILURE_SECONDS + 1
    web.answer("/", b"list")
    assert once.fetch(url, most=MOST, budget=Budget(5)).body == b"list"
    once.was_useless(url)
    assert once.fetch(url, most=MOST, budget=Budget(5)).outcome is Outcome.USELESS


def test_lack_of_time_is_no_failure_of_the_server(web: Web) -> None:
    once = FetchOnce(fetcher(web))
    url = web.answer("/", b"list")
    assert once.fetch(url, most=MOST, budget=Budget(0)).outcome is Outcome.NO_TIME
    assert once.fetch(url, most=MOST, budget=Budget(5)).body == b"list"


def test_only_a_server_that_had_its_time_is_said_to_be_slow(web: Web) -> None:
    once = FetchOnce(fetcher(web))
    url = web.route("/", waits)
    assert once.fetch(url, most=MOST, budget=Budget(0.5)).outcome is Outcome.TIMED_OUT
    web.answer("/", b"list")
    assert once.fetch(url, most=MOST, budget=Budget(5)).body == b"list"
    web.route("/", waits)
    assert once.fetch(url, most=MOST, budget=Budget(3.2)).outcome is Outcome.TIMED_OUT
    web.answer("/", b"list")
    assert once.fetch(url, most=MOST, budget=Budget(5)).outcome is Outcome.TIMED_OUT


def test_one_address_is_asked_once_at_a_time(web: Web) -> None:
    def slowly(talk: Conversation) -> None:
        talk.stopped.wait(0.4)
        talk.send(response(b"list"))

    once = FetchOnce(fetcher(web))
    url = web.route("/", slowly)
    found: list[Fetched] = []

    def run() -> None:
        found.append(once.fetch(url, most=MOST, budget=Budget(5)))

    threads = [threading.Thread(target=run) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [one.body for one in found] == [b"list"] * 8
    assert len(web.asked) == 1


def test_who_waits_for_another_waits_no_longer_than_his_own_budget(web: Web) -> None:
    once = FetchOnce(fetcher(web))
    url = web.route("/", waits)
    first = threading.Thread(target=lambda: once.fetch(url, most=MOST, budget=Budget(120)))
    first.start()
    end = time.monotonic() + FAR
    while not web.asked and time.monotonic() < end:
        time.sleep(0.02)
    begun = time.monotonic()
    assert once.fetch(url, most=MOST, budget=Budget(0.3)).outcome is Outcome.NO_TIME
    assert time.monotonic() - begun < FAR
    web.stopped.set()
    first.join()
