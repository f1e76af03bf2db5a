"""After a decision kept mail is judged anew, and old judgements keep the verdict of their day."""

from dataclasses import replace
from datetime import timedelta

import pytest

from siegel.base.address import EmailAddress
from siegel.flows import answering, deciding, public_roots
from siegel.flows.rejudging import Rejudged, judge_anew
from siegel.pki.anchors import shipped_roots
from siegel.pki.certificate import parse_certificate
from siegel.policy.inbound import CryptographicSummary
from siegel.store.models import StoredMessage
from siegel.store.queries import (
    alerts,
    candidates,
    certificates,
    journal,
    judgements,
    messages,
    pending,
)
from tests.flows.office import (
    ALICE,
    BOB,
    HUBER,
    Office,
    encrypted_bytes,
    mail,
    signed_by,
    signed_bytes,
)
from tests.world import WORLD, Person
from tests.world.cast import Role
from tests.world.certdata import Root, certdata
from tests.world.issuing import create_certificate
from tests.world.private_keys import private_key

URSULA = WORLD.person("ursula")
ROOT = parse_certificate(WORLD.unknown_root.der)
ISSUING = parse_certificate(WORLD.authority("unknown_issuing").der)
OUR_ROOT = parse_certificate(WORLD.root.der)
UNPROTECTED, VERIFIED = CryptographicSummary.UNPROTECTED, CryptographicSummary.VERIFIED


@pytest.fixture
def office(office: Office) -> Office:
    """Its first decision is worked off: there was no mail yet."""
    assert anew(office) == Rejudged()
    return office


def write(office: Office, person: Person = URSULA, text: str = "Hallo") -> str:
    """A letter to Alice; its hash in the store."""
    raw = signed_bytes(person, mail(person.address, ALICE.address, text=text), office.at)
    assert office.receive(raw, person.address, ALICE.address).code == 250
    return newest()


def newest() -> str:
    row = StoredMessage.objects.order_by("-pk").first()
    assert row is not None
    return row.sha256


def anew(office: Office, most: int = 200) -> Rejudged:
    return judge_anew(office.site, at=office.later(minutes=1).at, most=most)


def distrust(office: Office) -> None:
    deciding.distrust(OUR_ROOT.fingerprint, why="", by="chief", at=office.later(minutes=1).at)


def summaries(sha256: str) -> list[str]:
    """The newest first."""
    return [row.summary for row in judgements.history(sha256)]


def in_use(address: str) -> list[str]:
    rows = candidates.for_addresses([EmailAddress.parse(address)])
    return [row.fingerprint for found in rows.values() for row in found if not row.pending]


@pytest.mark.requirement("C3")
def test_mail_under_a_root_that_is_trusted_now_is_judged_anew(office: Office) -> None:
    letter = write(office)
    assert summaries(letter) == [UNPROTECTED]
    office.trust(WORLD.unknown_root)
    assert anew(office) == Rejudged(looked_at=1, changed=1, linked=0)
    assert summaries(letter) == [VERIFIED, UNPROTECTED], "the verdict of its day stays"
    newer, older = judgements.history(letter)
    assert newer.supersedes == older.id


@pytest.mark.requirement("C3")
def test_the_journal_says_what_was_judged_anew_and_why(office: Office) -> None:
    write(office)
    office.trust(WORLD.unknown_root)
    anew(office)
    (entry,) = journal.read(action="message.judged_anew")
    assert (entry.actor, entry.about, entry.recipients) == (
        "test", URSULA.address, (ALICE.address,),
    )  # fmt: skip
    detail = entry.detail
    assert (detail["summary"], detail["before"]) == (VERIFIED, UNPROTECTED)
    assert (detail["cause"], detail["fingerprints"]) == ("trust.trusted", [ROOT.fingerprint])


@pytest.mark.requirement("A44", "A62")
def test_what_waited_for_trust_alone_is_linked_with_what_leads_to_its_root(office: Office) -> None:
    write(office)
    assert in_use(URSULA.address) == []
    office.trust(WORLD.unknown_root)
    anew(office)
    assert in_use(URSULA.address) == [parse_certificate(URSULA.certificate_der).fingerprint]
    assert pending.pending_for() == ()
    assert certificates.get(ISSUING.fingerprint).source == "harvested"


def test_after_the_message_is_gone_its_certificate_is_linked_all_the_same(office: Office) -> None:
    """Mail is kept thirty days, a certificate waits for ninety: with its intermediate."""
    write(office)
    office.later(days=31)
    messages.forget_due(at=office.at)
    office.trust(WORLD.unknown_root)
    assert anew(office) == Rejudged(looked_at=0, changed=0, linked=1)
    assert in_use(URSULA.address) == [parse_certificate(URSULA.certificate_der).fingerprint]
    wish = mail(BOB.address, URSULA.address)
    office.send(wish, BOB.address, URSULA.address)
    assert b"nveloped-data" in office.out.sent[-1].content


def test_what_a_person_refused_stays_refused(office: Office) -> None:
    write(office)
    (one,) = answering.waiting()
    answering.answer(one.kind, one.number, accepted=False, by="test", at=office.at)
    office.trust(WORLD.unknown_root)
    anew(office)
    assert in_use(URSULA.address) == []


def test_a_key_that_a_person_refused_is_not_linked_in_another_certificate(office: Office) -> None:
    """Whoever holds the key may get ever new certificates for it."""
    renewed = ursula_renewed()
    write(office)
    (one,) = answering.waiting()
    answering.answer(one.kind, one.number, accepted=False, by="test", at=office.at)
    pending.add_pending(
        parse_certificate(renewed.certificate_der),
        EmailAddress.parse(URSULA.address),
        reasons=(),
        at=office.at,
        only_trust=True,
    )
    office.trust(WORLD.unknown_root)
    assert anew(office).linked == 0
    assert in_use(URSULA.address) == []


def ursula_renewed() -> Person:
    """Another certificate for the same key, of the same authority."""
    role = replace(URSULA.role, name="ursula_renewed", key="ursula")
    authority = WORLD.authority("unknown_issuing")
    return Person(role, create_certificate(role, authority), private_key("ursula"), authority)


def test_what_waited_for_a_person_too_is_not_linked_by_trust(office: Office) -> None:
    """Mail from outside in the name of one of ours only proposes a certificate."""
    office.own(URSULA)
    write(office)
    office.later(days=31)
    messages.forget_due(at=office.at)
    office.trust(WORLD.unknown_root)
    assert anew(office).linked == 0


@pytest.mark.requirement("C8")
def test_another_key_that_trust_brings_into_use_raises_the_alarm(office: Office) -> None:
    office.trust(WORLD.unknown_root)
    anew(office)
    write(office)
    other = ursula_elsewhere()
    write(office, other, text="Mein neues Zertifikat")
    assert alerts.open_alerts() == (), "nobody trusts its root"
    office.trust(WORLD.authority("stranger_root"))
    anew(office)
    (alert,) = alerts.open_alerts()
    assert alert.previous == parse_certificate(URSULA.certificate_der).fingerprint
    assert alert.current == parse_certificate(other.certificate_der).fingerprint


def ursula_elsewhere() -> Person:
    """Her address in a certificate for another key, of an authority nobody judged."""
    authority = WORLD.authority("stranger_root")
    role = Role(
        name="ursula_elsewhere",
        address=URSULA.address,
        subject="Ursula Unger",
        key="stranger",
        issuer="stranger_root",
    )
    return Person(role, create_certificate(role, authority), private_key("stranger"), authority)


@pytest.mark.requirement("A67")
def test_what_no_longer_validates_is_marked_and_not_removed(office: Office) -> None:
    letter = write(office, HUBER)
    distrust(office)
    assert anew(office).changed == 1
    assert summaries(letter) == [UNPROTECTED, VERIFIED]
    assert in_use(HUBER.address) == [parse_certificate(HUBER.certificate_der).fingerprint]
    office.out.sent.clear()
    office.send(mail(BOB.address, HUBER.address), BOB.address, HUBER.address)
    assert b"nveloped-data" not in office.out.sent[-1].content


def test_a_withdrawn_decision_is_a_reason_to_look_again_too(office: Office) -> None:
    letter = write(office, HUBER)
    deciding.withdraw(OUR_ROOT.fingerprint, why="", by="test", at=office.later(minutes=1).at)
    anew(office)
    assert summaries(letter) == [UNPROTECTED, VERIFIED]


def test_a_decision_taken_back_before_anybody_looked_changes_nothing(office: Office) -> None:
    letter = write(office)
    office.trust(WORLD.unknown_root)
    deciding.withdraw(ROOT.fingerprint, why="", by="test", at=office.later(minutes=1).at)
    anew(office)
    assert summaries(letter) == [UNPROTECTED]
    assert journal.read(action="message.judged_anew") == ()


def test_what_only_time_has_changed_is_not_judged_anew(office: Office) -> None:
    """The certificate ends; that is no effect of a decision about its root."""
    person = WORLD.person("huber")
    letter = write(office, person)
    over = parse_certificate(person.certificate_der).not_after + timedelta(days=1)
    StoredMessage.objects.update(keep_until=over + timedelta(days=30))
    office.at = over
    distrust(office)
    assert anew(office) == Rejudged(looked_at=1)
    assert summaries(letter) == [VERIFIED]


def test_mail_under_other_roots_is_not_looked_at(office: Office) -> None:
    write(office, HUBER)
    office.trust(WORLD.unknown_root)
    assert anew(office) == Rejudged()


def test_a_root_that_a_new_list_leaves_out_is_a_reason_to_look_again(office: Office) -> None:
    office.at = shipped_roots().published_at + timedelta(days=1)
    take_over(office, Root(der=ROOT.der))
    anew(office)
    letter = write(office)
    assert summaries(letter) == [VERIFIED]
    take_over(office, Root(der=WORLD.authority("pss_root").der))
    assert anew(office).changed == 1
    assert summaries(letter) == [UNPROTECTED, VERIFIED]
    (entry,) = journal.read(action="message.judged_anew")
    assert (entry.actor, entry.detail["cause"]) == ("chief", "trust.refreshed")


def take_over(office: Office, *roots: Root) -> None:
    office.later(hours=1)
    public_roots.take_over(
        public_roots.propose(
            certdata(roots), source="x", published_at=office.at, by="chief", at=office.at
        )
    )


def test_each_decision_is_worked_off_once(office: Office) -> None:
    write(office)
    office.trust(WORLD.unknown_root)
    anew(office)
    assert anew(office) == Rejudged()


def test_a_long_list_is_worked_off_in_turns_and_a_kill_loses_nothing(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    letters = [write(office, text=f"Brief {number}") for number in range(5)]
    office.trust(WORLD.unknown_root)
    assert anew(office, most=2) == Rejudged(looked_at=2, changed=2, more=True)

    def killed(*_: object, **__: object) -> int:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(judgements, "add", killed)
        with pytest.raises(KeyboardInterrupt):
            anew(office)
    done = anew(office)
    assert (done.looked_at, done.changed, done.more) == (3, 3, False)
    assert all(summaries(letter) == [VERIFIED, UNPROTECTED] for letter in letters)


def test_a_message_whose_file_is_gone_does_not_keep_the_others_back(office: Office) -> None:
    lost, letter = write(office, text="Eins"), write(office, text="Zwei")
    (office.folder / "data" / messages.get(lost).path).unlink()
    office.trust(WORLD.unknown_root)
    assert anew(office) == Rejudged(looked_at=2, changed=1)
    assert summaries(letter) == [VERIFIED, UNPROTECTED]


@pytest.mark.requirement("A66")
def test_encrypted_mail_is_opened_for_its_recipients_alone(office: Office) -> None:
    """To Alice, and without a word to Bob, for whom it was not encrypted."""
    raw = encrypted_bytes(signed_by(URSULA, mail(URSULA.address, ALICE.address)), ALICE)
    office.receive(raw, URSULA.address, ALICE.address, BOB.address)
    letter = newest()
    office.trust(WORLD.unknown_root)
    assert anew(office).changed == 1
    saw = {tuple(r.verdicts["recipients"]): r.summary for r in reversed(judgements.history(letter))}
    assert saw[ALICE.address,] == CryptographicSummary.CONFIDENTIAL
    assert saw[BOB.address,] == CryptographicSummary.ENCRYPTED_UNVERIFIED
    entries = journal.read(action="message.judged_anew")
    assert [entry.recipients for entry in entries] == [(ALICE.address,)]


def test_of_two_that_meet_one_goes_on(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    from siegel.base.errors import Conflict
    from siegel.store.queries import rejudgements

    write(office)
    office.trust(WORLD.unknown_root)

    def met(*_: object, **__: object) -> None:
        raise Conflict("another process")

    with monkeypatch.context() as patched:
        patched.setattr(rejudgements, "save", met)
        assert anew(office) == Rejudged(more=True)
    assert anew(office).changed == 1
