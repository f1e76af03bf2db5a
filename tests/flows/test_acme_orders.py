"""Orders over ACME: whatever breaks off goes on, whatever fails says why, nothing happens twice."""

import json
from datetime import datetime, timedelta
from email import message_from_bytes

import pytest

from siegel.base import b64url
from siegel.base.address import EmailAddress
from siegel.base.errors import Conflict
from siegel.base.secret import Secret
from siegel.ca.names import mailbox_name
from siegel.flows import acme_renewing, requesting
from siegel.flows.acme_desk import AcmeStep
from siegel.flows.requesting import Wanted
from siegel.pki import key_generation
from siegel.pki.certificate import parse_certificate
from siegel.pki.key_generation import KeyChoice
from siegel.pki.request import build_request
from siegel.policy.acme import AcmeReason
from siegel.policy.actions import Action
from siegel.store.queries import acme, journal, keys
from siegel.transport.acme_keys import ExternalAccount
from siegel.transport.dkim_check import NameServerSilent
from tests.flows.acme_model import problem
from tests.flows.acme_scene import EVA, Scene
from tests.flows.office import Office, refusal
from tests.flows.workshop import workshop_of
from tests.interop.acme.mail_servers import USER

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def scene(office: Office) -> Scene:
    return Scene(office)


@pytest.mark.requirement("A24", "C7")
def test_an_order_becomes_a_certificate_of_the_account(scene: Scene) -> None:
    order = scene.place()
    done = scene.run(order)
    assert done.issued
    assert requesting.listing() == ()
    assert keys.accounts_of(done.spki_sha256) == (EVA,)
    assert scene.passed == list(AcmeStep)


@pytest.mark.requirement("C7")
@pytest.mark.parametrize("step", AcmeStep)
def test_a_kill_after_any_step_loses_nothing_and_answers_once(scene: Scene, step: AcmeStep) -> None:
    order = scene.place()
    scene.kill_at = step
    done = scene.run(order)
    assert done.issued
    assert scene.kill_at is None, "the step was never reached"
    assert len(scene.authority.accounts) == 1
    mails = len(scene.authority.orders)
    assert mails == (2 if step is AcmeStep.ORDERED else 1)
    subjects = [message_from_bytes(raw)["Subject"] for raw in scene.answers]
    assert len(set(subjects)) == len(subjects) <= mails


def test_an_account_has_one_order_at_a_time(scene: Scene) -> None:
    scene.place()
    with pytest.raises(Conflict, match="open already"):
        scene.place()
    assert len(requesting.listing()) == 1


@pytest.mark.parametrize(
    ("path", "kind", "reason"),
    [
        ("/newAccount", "unauthorized", AcmeReason.ACCOUNT_REFUSED),
        ("/newAccount", "malformed", AcmeReason.ACCOUNT_REFUSED),
        ("/newAccount", "userActionRequired", AcmeReason.TERMS_NOT_AGREED),
        ("/newOrder", "rejectedIdentifier", AcmeReason.IDENTIFIER_REFUSED),
        ("/newOrder", "unsupportedIdentifier", AcmeReason.IDENTIFIER_REFUSED),
        ("/order/0", "notFound", AcmeReason.ORDER_GONE),
        ("/finalize/0", "badCSR", AcmeReason.REQUEST_REFUSED),
        ("/challenge/0", "somethingNew", AcmeReason.REQUEST_REFUSED),
    ],
)
def test_what_the_authority_refuses_ends_the_order_with_its_reason(
    scene: Scene, path: str, kind: str, reason: AcmeReason
) -> None:
    scene.authority.trouble[path] = [(403, problem(kind, "Nein."), {})]
    order = scene.place()
    done = scene.run(order)
    assert (done.reason, done.detail, done.issued) == (reason, "Nein.", False)
    assert Action.CERTIFICATE_ORDER_FAILED in actions()
    scene.place()  # and a new one may be made


@pytest.mark.parametrize("step", ["/directory", "/newNonce", "/newAccount", "/newOrder"])
def test_a_nonce_that_is_too_old_is_replaced(scene: Scene, step: str) -> None:
    scene.authority.trouble[step] = [(400, problem("badNonce"), {"replay-nonce": "old"})] * 2
    order = scene.place()
    if step == "/directory":  # no nonce there: it is trouble of the server's
        scene.step()
        assert scene.reason(order) is AcmeReason.SERVER_TROUBLE
    assert scene.run(order).issued


def test_an_authority_that_wants_rest_is_left_alone_so_long(scene: Scene) -> None:
    limited = (429, problem("rateLimited", "Morgen."), {"retry-after": "7200"})
    scene.authority.trouble["/newOrder"] = [limited]
    order = scene.place()
    scene.step()
    waits = acme.get(order)
    assert waits.reason == AcmeReason.RATE_LIMITED
    assert waits.due_at == scene.office.at + timedelta(hours=2)
    scene.step(minutes=30)
    assert scene.authority.orders == []
    scene.office.later(hours=2)
    assert scene.run(order).issued


def test_an_authority_that_is_away_is_asked_again_ever_more_rarely(scene: Scene) -> None:
    scene.authority.down = True
    order = scene.place()
    pauses = []
    for _ in range(4):
        scene.step(hours=1)
        due = acme.get(order).due_at
        assert due is not None
        pauses.append(due - scene.office.at)
    assert scene.reason(order) is AcmeReason.NOT_REACHED
    assert pauses == sorted(pauses)
    assert pauses[0] < pauses[-1]
    scene.authority.down = False
    assert scene.run(order).issued


def test_an_authority_that_is_away_for_a_week_ends_it(scene: Scene) -> None:
    scene.authority.down = True
    order = scene.place()
    scene.step(days=8)
    assert scene.reason(order) is AcmeReason.ORDER_GONE
    assert acme.get(order).ended_at is not None


def test_terms_that_nobody_agreed_to_end_it_before_an_account_is_made(scene: Scene) -> None:
    scene.authority.meta = {"termsOfService": "https://ca.example/agb"}
    scene.agreed = False
    order = scene.place()
    assert scene.run(order).reason == AcmeReason.TERMS_NOT_AGREED
    assert acme.get(order).detail == "https://ca.example/agb"
    assert scene.authority.accounts == {}


def test_an_authority_for_its_customers_gets_their_binding(scene: Scene) -> None:
    scene.authority.meta = {"externalAccountRequired": True}
    order = scene.place()
    assert scene.run(order).reason == AcmeReason.ACCOUNT_BINDING_NEEDED
    scene.external = ExternalAccount(key_id="kunde-1", key=Secret(b"geheim"))
    assert scene.run(scene.place()).issued
    (bound,) = scene.authority.bindings
    header = json.loads(b64url.decode(str(bound["protected"])))
    assert (header["alg"], header["kid"]) == ("HS256", "kunde-1")


def test_no_mail_within_a_day_ends_it(scene: Scene) -> None:
    order = scene.place()
    scene.step()
    assert scene.reason(order) is AcmeReason.AWAITING_MAIL
    scene.step(hours=25)
    assert scene.reason(order) is AcmeReason.NO_MAIL_CAME


def test_an_authority_without_challenge_by_mail_ends_it(scene: Scene) -> None:
    scene.authority.offers = "dns-01"
    assert scene.run(scene.place()).reason == AcmeReason.NO_EMAIL_CHALLENGE


def test_an_answer_that_the_authority_does_not_like_ends_it(scene: Scene) -> None:
    order = scene.place()
    scene.step()
    scene.carry()
    scene.authority.orders[0].status = "invalid"
    scene.authority.orders[0].error = problem("incorrectResponse", "Falsche Antwort")
    done = scene.run(order)
    assert (done.reason, done.detail) == (AcmeReason.CHALLENGE_FAILED, "Falsche Antwort")


def test_a_next_hop_that_does_not_take_the_answer_gets_it_later(scene: Scene) -> None:
    scene.office.out.refuse[USER] = refusal(451)
    order = scene.place()
    scene.step()
    scene.carry()
    scene.step()
    assert scene.reason(order) is AcmeReason.ANSWER_NOT_SENT
    scene.office.out.refuse.clear()
    assert scene.run(order).issued


def test_a_name_server_that_is_silent_is_asked_later(scene: Scene) -> None:
    known = scene.lookup

    def silent(name: str) -> bytes | None:
        raise NameServerSilent(name)

    scene.lookup = silent
    order = scene.place()
    scene.step()
    scene.carry()
    scene.step()
    assert scene.reason(order) is AcmeReason.KEY_NOT_FOUND_NOW
    assert scene.office.out.sent == []
    scene.lookup = known
    assert scene.run(order).issued


def test_a_certificate_for_another_key_is_not_taken(scene: Scene) -> None:
    other = key_generation.generate(KeyChoice.P_256)
    request = build_request(other, mailbox_name(EVA))
    scene.authority.certify = lambda _: scene.made_for(request, EVA)
    done = scene.run(scene.place())
    assert (done.reason, done.issued) == (AcmeReason.WRONG_CERTIFICATE, False)
    assert len(requesting.listing()) == 1


def test_what_else_comes_with_a_certificate_answers_no_other_request(scene: Scene) -> None:
    """The authority of one account does not decide about the keys of others."""
    wanted = Wanted(address=EVA, key=KeyChoice.P_256)
    by_hand = requesting.create(wanted, workshop_of(scene.office), by="test", at=scene.office.at)
    certify = scene.authority.certify
    scene.authority.certify = lambda request: certify(request) + scene.made_for(by_hand.der, EVA)
    order = scene.place()
    assert scene.run(order).certificate is not None
    assert requesting.get(by_hand.id).certificate is None


def test_a_certificate_for_another_address_is_not_taken(scene: Scene) -> None:
    other = EmailAddress.parse("otto@office.example")
    scene.authority.certify = lambda request: scene.made_for(request, other)
    assert scene.run(scene.place()).reason == AcmeReason.WRONG_CERTIFICATE


def test_the_answer_is_plain_text_and_neither_signed_nor_encrypted(scene: Scene) -> None:
    assert scene.run(scene.place()).issued
    scene.place()
    scene.office.later(minutes=6)
    scene.step()
    scene.carry()
    scene.step()
    (sent,) = scene.office.out.sent
    assert sent.recipients == (USER,)
    header, _, body = sent.content.partition(b"\r\n\r\n")
    assert b"Content-Type: text/plain; charset=us-ascii" in header
    assert b"Subject: Re: ACME: " in header
    assert b"In-Reply-To: <" in header
    assert body.startswith(b"-----BEGIN ACME RESPONSE-----\r\n")
    assert body.endswith(b"\r\n-----END ACME RESPONSE-----\r\n")


@pytest.mark.requirement("A87", "C6", "C7")
def test_before_it_ends_a_certificate_is_ordered_anew_with_another_key(scene: Scene) -> None:
    scene.renew_days = 30
    first = scene.run(scene.place())
    office = scene.office
    assert acme_renewing.renew_due(scene.desk, at=office.at) == 0
    end = certificate_end(first.spki_sha256)
    office.at = end - timedelta(days=29)
    assert acme_renewing.renew_due(scene.desk, at=office.at) == 1
    assert acme_renewing.renew_due(scene.desk, at=office.at) == 0, "it is on its way"
    order = acme.open_of(EVA)
    assert order is not None
    assert order.spki_sha256 != first.spki_sha256
    office.at = end - timedelta(days=29)
    assert scene.run(order.id).issued
    assert acme_renewing.renew_due(scene.desk, at=office.at) == 0
    assert len({each.spki_sha256 for each in acme.all_rows()}) == 2
    assert set(keys.accounts_of(first.spki_sha256)) == {EVA}, "old mail stays readable"


def test_a_renewal_that_failed_is_left_alone_for_a_week(scene: Scene) -> None:
    scene.renew_days = 30
    first = scene.run(scene.place())
    office = scene.office
    office.at = certificate_end(first.spki_sha256) - timedelta(days=20)
    scene.authority.trouble["/newOrder"] = [(403, problem("rejectedIdentifier"), {})]
    acme_renewing.renew_due(scene.desk, at=office.at)
    scene.step()
    office.later(days=5)
    assert acme_renewing.renew_due(scene.desk, at=office.at) == 0
    office.later(days=3)
    assert acme_renewing.renew_due(scene.desk, at=office.at) == 1


def actions() -> list[str]:
    return [entry.action for entry in journal.read()]


def certificate_end(spki_sha256: str) -> datetime:
    (der,) = keys.get(spki_sha256).certificates
    return parse_certificate(der).not_after
