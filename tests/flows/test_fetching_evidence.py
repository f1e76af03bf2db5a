"""What is fetched for which chain, and what of it is believed: authorities on loopback."""

import base64
import time
from collections.abc import Callable, Iterator
from urllib.parse import unquote

import pytest
from cryptography.x509 import ocsp

from siegel.flows.evidence import Gathering
from siegel.pki.certificate import Certificate
from siegel.pki.trust_facts import TrustFacts
from siegel.pki.verdict import PathStatus, PathVerdict, Purpose, RevocationStatus
from siegel.transport.fetch_once import FetchOnce
from siegel.transport.fetching import Budget, Fetcher, Outcome
from tests.flows.authority import DAY, Ca, Places, trusting
from tests.flows.web import Conversation, Talk, Web, response, serving
from tests.world import WORLD_NOW
from tests.world.cast import NOT_AFTER

Answer = Callable[[bytes], bytes]


@pytest.fixture
def web() -> Iterator[Web]:
    with serving() as one:
        yield one


def gathering(web: Web, seconds: float = 5.0) -> Gathering:
    network = FetchOnce(Fetcher(private_hosts=frozenset({web.host})))
    return Gathering(network=network, budget=Budget(seconds))


def judged(
    web: Web, leaf: Certificate, trust: TrustFacts, work: Gathering | None = None
) -> PathVerdict:
    used = work or gathering(web)
    return used.complete([leaf], trust).verdict(leaf, Purpose.ANY)


def responder(web: Web, path: str, answer: Answer) -> str:
    """Answers GET and POST."""

    def talk(said: Conversation) -> None:
        encoded = unquote(said.target.removeprefix(path + "/"))
        request = said.body or base64.b64decode(encoded)
        talked = response(answer(request))
        said.send(talked)

    return web.route(path, talk)


ROOT = Ca("Root")


def test_a_list_says_that_nothing_is_revoked(web: Web) -> None:
    leaf = ROOT.leaf(places=Places(crl=(web.answer("/a.crl", ROOT.crl()),)))
    trust = trusting(ROOT)
    assert trust.verdict(leaf, Purpose.ANY).revocation is RevocationStatus.NOT_CHECKED
    work = gathering(web)
    assert judged(web, leaf, trust, work).revocation is RevocationStatus.GOOD
    assert [one.place for one in work.lists] == [web.url("/a.crl")]


def test_a_list_says_that_it_is_revoked(web: Web) -> None:
    leaf = ROOT.leaf(places=Places(crl=(web.url("/a.crl"),)))
    web.answer("/a.crl", ROOT.crl(leaf))
    verdict = judged(web, leaf, trusting(ROOT))
    assert (verdict.status, verdict.revocation) == (PathStatus.INVALID, RevocationStatus.REVOKED)


def other_issuer(leaf: Certificate) -> bytes:
    return Ca("Root").crl(leaf)  # the same name, another key


def expired(leaf: Certificate) -> bytes:
    return ROOT.crl(this_update=WORLD_NOW - 9 * DAY, next_update=WORLD_NOW - 2 * DAY)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(other_issuer, id="fail/wrong-issuer"),
        pytest.param(expired, id="fail/expired"),
        pytest.param(lambda leaf: b"\x30\x03abc", id="fail/garbage"),
        pytest.param(lambda leaf: b"<html>Not found</html>", id="fail/html"),
        pytest.param(lambda leaf: b"", id="fail/empty"),
        pytest.param(lambda leaf: ROOT.crl()[:-1], id="fail/cut-off"),
        pytest.param(lambda leaf: leaf.der, id="fail/certificate"),
    ],
)
def test_a_list_that_proves_nothing_changes_nothing_and_is_not_asked_for_again(
    web: Web, body: Callable[[Certificate], bytes]
) -> None:
    leaf = ROOT.leaf(places=Places(crl=(web.url("/a.crl"),)))
    web.answer("/a.crl", body(leaf))
    work = gathering(web)
    for _ in range(2):
        verdict = judged(web, leaf, trusting(ROOT), work)
        assert verdict.status is PathStatus.VALID
        assert verdict.revocation in (RevocationStatus.NOT_CHECKED, RevocationStatus.UNKNOWN)
    assert {one.outcome for one in work.attempts} == {Outcome.USELESS}
    assert web.asked == ["/a.crl"]


def test_the_second_place_is_tried_when_the_first_fails(web: Web) -> None:
    dead, ldap = web.url("/dead.crl"), "ldap://ldap.fetch.example/cn=Root?certificateRevocationList"
    good = web.answer("/good.crl", ROOT.crl())
    leaf = ROOT.leaf(places=Places(crl=(ldap, dead, good)))
    work = gathering(web)
    assert judged(web, leaf, trusting(ROOT), work).revocation is RevocationStatus.GOOD
    outcomes = [Outcome.OTHER_SCHEME, Outcome.NOT_FOUND, Outcome.FETCHED]
    assert [one.outcome for one in work.attempts] == outcomes


def test_every_certificate_of_the_path_is_looked_after(web: Web) -> None:
    issuing = Ca("Issuing", ROOT, places=Places(crl=(web.answer("/root.crl", ROOT.crl()),)))
    leaf = issuing.leaf(places=Places(crl=(web.answer("/issuing.crl", issuing.crl()),)))
    work = gathering(web)
    trust = trusting(ROOT, intermediates=(issuing,))
    assert judged(web, leaf, trust, work).revocation is RevocationStatus.GOOD
    assert web.asked == ["/issuing.crl", "/root.crl"]
    web.answer("/root.crl", ROOT.crl(issuing.certificate))
    assert judged(web, leaf, trust).revocation is RevocationStatus.REVOKED


@pytest.mark.parametrize(
    ("status", "seen"),
    [
        (ocsp.OCSPCertStatus.GOOD, RevocationStatus.GOOD),
        (ocsp.OCSPCertStatus.REVOKED, RevocationStatus.REVOKED),
        (ocsp.OCSPCertStatus.UNKNOWN, RevocationStatus.NOT_CHECKED),
    ],
)
def test_a_responder_is_asked_where_there_is_no_list(
    web: Web, status: ocsp.OCSPCertStatus, seen: RevocationStatus
) -> None:
    leaf = ROOT.leaf(places=Places(ocsp=(web.url("/ocsp"),)))
    responder(web, "/ocsp", lambda request: ROOT.answer(leaf, request, status=status))
    work = gathering(web)
    assert judged(web, leaf, trusting(ROOT), work).revocation is seen
    assert len(work.answers) == (seen is not RevocationStatus.NOT_CHECKED)


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(
            lambda leaf, request: ROOT.answer(leaf, request, next_update=WORLD_NOW - DAY / 2),
            id="fail/expired",
        ),
        pytest.param(
            lambda leaf, request: ROOT.answer(leaf, request, signer=Ca("Responder")),
            id="fail/unknown-responder",
        ),
        pytest.param(
            lambda leaf, request: ROOT.answer(leaf, request, signer=Ca("Responder", ROOT)),
            id="fail/not-delegated",
        ),
        pytest.param(lambda leaf, request: b"\x30\x03\x0a\x01\x06", id="fail/unauthorized"),
        pytest.param(lambda leaf, request: b"garbage", id="fail/garbage"),
    ],
)
def test_an_answer_that_proves_nothing_changes_nothing(
    web: Web, answer: Callable[[Certificate, bytes], bytes]
) -> None:
    leaf = ROOT.leaf(places=Places(ocsp=(web.url("/ocsp"),)))
    responder(web, "/ocsp", lambda request: answer(leaf, request))
    work = gathering(web)
    verdict = judged(web, leaf, trusting(ROOT), work)
    assert (verdict.status, verdict.revocation) == (PathStatus.VALID, RevocationStatus.NOT_CHECKED)
    assert work.answers == []


def test_questions_are_of_sha256_and_then_of_sha1_without_a_nonce(web: Web) -> None:
    leaf = ROOT.leaf(places=Places(ocsp=(web.url("/ocsp"),)))
    asked: list[ocsp.OCSPRequest] = []

    def only_sha1(request: bytes) -> bytes:
        asked.append(ocsp.load_der_ocsp_request(request))
        old = asked[-1].hash_algorithm.name == "sha1"
        return ROOT.answer(leaf, request) if old else b"\x30\x03\x0a\x01\x01"

    responder(web, "/ocsp", only_sha1)
    assert judged(web, leaf, trusting(ROOT)).revocation is RevocationStatus.GOOD
    assert [one.hash_algorithm.name for one in asked] == ["sha256", "sha1"]
    assert [list(one.extensions) for one in asked] == [[], []]


def test_a_long_question_is_posted(web: Web) -> None:
    path = "/" + "o" * 200
    leaf = ROOT.leaf(places=Places(ocsp=(web.url(path),)))
    responder(web, path, lambda request: ROOT.answer(leaf, request))
    assert judged(web, leaf, trusting(ROOT)).revocation is RevocationStatus.GOOD
    assert web.asked == [path]


def test_lists_come_before_responders(web: Web) -> None:
    places = Places(crl=(web.answer("/a.crl", ROOT.crl()),), ocsp=(web.url("/ocsp"),))
    leaf = ROOT.leaf(places=places)
    assert judged(web, leaf, trusting(ROOT)).revocation is RevocationStatus.GOOD
    assert web.asked == ["/a.crl"]


def test_the_delta_of_a_list_is_fetched_and_counts(web: Web) -> None:
    leaf = ROOT.leaf(places=Places(crl=(web.url("/all.crl"),)))
    web.answer("/all.crl", ROOT.crl(delta_at=web.url("/delta.crl"), this_update=WORLD_NOW - DAY))
    web.answer("/delta.crl", ROOT.crl(number=2, changes_of=1, this_update=WORLD_NOW))
    work = gathering(web)
    trust = work.complete([leaf], trusting(ROOT))
    assert trust.verdict(leaf, Purpose.ANY).revocation is RevocationStatus.GOOD
    assert web.asked == ["/all.crl", "/delta.crl"]
    assert [one.place for one in work.lists] == [web.url("/all.crl"), web.url("/delta.crl")]
    assert work.complete([leaf], trust) is trust
    assert len(web.asked) == 2
    web.answer("/delta.crl", ROOT.crl(leaf, number=2, changes_of=1, this_update=WORLD_NOW))
    assert judged(web, leaf, trusting(ROOT)).revocation is RevocationStatus.REVOKED


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(lambda leaf: b"garbage", id="fail/garbage"),
        pytest.param(lambda leaf: ROOT.crl(leaf), id="fail/complete list"),
        pytest.param(lambda leaf: other_issuer(leaf), id="fail/wrong-issuer"),
        pytest.param(
            lambda leaf: ROOT.crl(
                number=2, changes_of=1, this_update=WORLD_NOW - DAY, next_update=WORLD_NOW - DAY / 2
            ),
            id="fail/expired",
        ),
    ],
)
def test_a_delta_that_is_none_changes_nothing_and_is_not_asked_for_again(
    web: Web, body: Callable[[Certificate], bytes]
) -> None:
    leaf = ROOT.leaf(places=Places(crl=(web.url("/all.crl"),)))
    web.answer("/all.crl", ROOT.crl(delta_at=web.url("/delta.crl")))
    web.answer("/delta.crl", body(leaf))
    work = gathering(web)
    for _ in range(2):
        assert judged(web, leaf, trusting(ROOT), work).revocation is RevocationStatus.GOOD
    assert web.asked.count("/delta.crl") == 1
    assert [one.place for one in work.lists][:1] == [web.url("/all.crl")]


def everywhere(web: Web, kind: str) -> Places:
    return Places(
        crl=(web.url(f"/{kind}.crl"),), ocsp=(web.url("/ocsp"),), issuer=(web.url("/a.cer"),)
    )


def test_nothing_is_fetched_for_a_chain_without_an_anchor(web: Web) -> None:
    elsewhere = "Somebody Else"
    stranger = Ca("Stranger", organisation=elsewhere, places=everywhere(web, "root"))
    issuing = Ca("Issuing", stranger, elsewhere, places=everywhere(web, "issuing"))
    web.answer("/a.cer", issuing.der)
    leaf = issuing.leaf(places=everywhere(web, "leaf"))
    for intermediates in ((), (issuing,), (issuing, stranger)):
        verdict = judged(web, leaf, trusting(ROOT, intermediates=intermediates))
        assert verdict.status is PathStatus.INDETERMINATE
    assert web.asked == []


def test_nothing_is_fetched_for_a_certificate_that_is_not_good_anyway(web: Web) -> None:
    forged = Ca("Root").leaf(places=everywhere(web, "leaf"))  # of the anchor's name, another key
    stale = ROOT.leaf(places=everywhere(web, "leaf"))
    late = TrustFacts(
        anchors=trusting(ROOT).anchors,
        evidence=trusting(ROOT).evidence,
        at=NOT_AFTER + DAY,
    )
    gathering(web).complete([stale], late)
    assert web.asked == []
    web.answer("/a.cer", ROOT.der)
    assert judged(web, forged, trusting(ROOT)).status is not PathStatus.VALID
    assert not any(one.endswith(".crl") or one.startswith("/ocsp") for one in web.asked)


@pytest.mark.parametrize("depth", [1, 2, 3])
def test_missing_issuers_are_found(web: Web, depth: int) -> None:
    above, missing = ROOT, []
    for step in range(depth):
        above = Ca(f"Step {step}", above, places=Places(issuer=(web.url(f"/{step - 1}.cer"),)))
        web.answer(f"/{step}.cer", above.der)
        missing.append(above.certificate)
    leaf = above.leaf(places=Places(issuer=(web.url(f"/{depth - 1}.cer"),)))
    work = gathering(web)
    assert judged(web, leaf, trusting(ROOT), work).status is PathStatus.VALID
    assert work.certificates == missing[::-1]
    assert len(web.asked) == depth


def test_an_issuer_that_leads_nowhere_is_not_kept(web: Web) -> None:
    other = Ca("Other Root")
    hidden = Ca("Hidden", other)
    web.answer("/a.cer", hidden.der)
    leaf = hidden.leaf(places=Places(issuer=(web.url("/a.cer"),), crl=(web.url("/a.crl"),)))
    work, trust = gathering(web), trusting(ROOT)
    assert work.complete([leaf], trust) is trust
    assert work.certificates == []
    assert web.asked == ["/a.cer"]


@pytest.mark.parametrize(
    "body", [b"garbage", b"", Ca("Hidden", ROOT).der, ROOT.der], ids=["x", "0", "namesake", "root"]
)
def test_what_did_not_sign_the_certificate_is_no_issuer(web: Web, body: bytes) -> None:
    leaf = Ca("Hidden", ROOT).leaf(places=Places(issuer=(web.answer("/a.cer", body),)))
    work = gathering(web)
    assert judged(web, leaf, trusting(ROOT), work).status is PathStatus.INDETERMINATE
    assert [one.outcome for one in work.attempts] == [Outcome.USELESS]


def waits(talk: Conversation) -> None:
    talk.stopped.wait(120)


def drips(talk: Conversation) -> None:
    talk.send(b"HTTP/1.1 200 OK\r\n\r\n")
    while not talk.stopped.wait(0.05):
        talk.send(b"x")


@pytest.mark.parametrize("talk", [waits, drips])
def test_all_slow_places_together_cost_one_budget(web: Web, talk: Talk) -> None:
    web.route("/", talk)
    leaves = []
    for number in range(5):
        urls = tuple(web.url(f"/{number}-{place}") for place in range(3))
        leaves.append(ROOT.leaf(places=Places(crl=urls, ocsp=urls)))
    work, begun = gathering(web, seconds=0.8), time.monotonic()
    trust = work.complete(leaves, trusting(ROOT))
    assert time.monotonic() - begun < 60  # each place alone would hang longer
    assert {trust.verdict(leaf, Purpose.ANY).status for leaf in leaves} == {PathStatus.VALID}
    outcomes = {one.outcome for one in work.attempts}
    assert outcomes == {Outcome.TIMED_OUT, Outcome.NO_TIME}


def test_a_huge_list_is_not_read(web: Web) -> None:
    def huge(talk: Conversation) -> None:
        talk.send(b"HTTP/1.1 200 OK\r\n\r\n")
        while not talk.stopped.is_set():
            talk.send(b"x" * 65536)
            if talk.stopped.wait(0.0001):
                break

    leaf = ROOT.leaf(places=Places(crl=(web.route("/a.crl", huge),)))
    work = gathering(web)
    judged(web, leaf, trusting(ROOT), work)
    assert [one.outcome for one in work.attempts] == [Outcome.TOO_LARGE]
