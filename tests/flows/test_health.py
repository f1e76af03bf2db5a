"""What the checks are judged by, gathered from a real store; alarms; figures for Prometheus."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from prometheus_client.parser import text_string_to_metric_families

from siegel.base.address import EmailAddress
from siegel.config.schema import Gateway, InboundListener, Keys, OutboundListener, Settings, Store
from siegel.config.values import Listen, MaildirHop, SqliteUrl
from siegel.flows import health, metrics
from siegel.flows.alarm import HELD_FOR, TRY_AGAIN, watch
from siegel.flows.durations import PAUSE, Durations
from siegel.flows.evidence import Attempt
from siegel.mime.parse import parse_message
from siegel.policy.health import Check, Checked, State
from siegel.store import models
from siegel.store.queries import journal, operation, users
from siegel.transport.envelope import Role
from siegel.transport.fetching import Outcome
from siegel.wording.words import Language
from tests.flows.office import ALICE, HUBER, UNKNOWN, Office, mail, refusal

ADMIN = EmailAddress.parse("ada@office.example")
DAY = timedelta(days=1)
SILENT = Listen("127.0.0.1", 9)  # discard: nobody greets there


@pytest.fixture
def settings_here(office: Office, tmp_path: Path) -> Settings:
    """Folders of the test; the key file of the office; ports that nobody listens on."""
    (tmp_path / "data").mkdir(exist_ok=True)
    hop = MaildirHop(tmp_path / "maildir")
    users.create_admin(ADMIN, password=None, at=office.at)
    office.site = replace(office.site, notices_from=EmailAddress.parse(ALICE.address))
    return Settings(
        store=Store(url=SqliteUrl(str(tmp_path / "siegel.db")), data_dir=tmp_path / "data"),
        keys=Keys(file=tmp_path / "siegel.key"),
        gateway=Gateway(
            outbound=OutboundListener(listen=SILENT, next_hop=hop),
            inbound=InboundListener(listen=SILENT, next_hop=hop),
        ),
    )


def states(settings: Settings, office: Office) -> dict[Check, State]:
    return {each.check: each.state for each in health.look(settings, office.at).checks}


def test_the_checks_see_ports_folders_and_the_key_file(
    office: Office, settings_here: Settings
) -> None:
    found = states(settings_here, office)
    assert found[Check.OUTBOUND_LISTENER] is State.BAD
    assert found[Check.OUTBOUND_HOP] is State.OK
    assert found[Check.KEY_FILE] is State.OK
    settings_here.keys.file.chmod(0o644)
    assert states(settings_here, office)[Check.KEY_FILE] is State.BAD
    settings_here.keys.file.unlink()
    assert states(settings_here, office)[Check.KEY_FILE] is State.BAD


def test_mail_is_counted_by_days_for_what_is_usual(office: Office, settings_here: Settings) -> None:
    for days in range(1, 15):
        for number in range(6):
            at = office.at - days * DAY - timedelta(minutes=number)
            journal.write(at=at, actor="gateway", action="outbound.sign")
    for _ in range(6):
        journal.write(at=office.at, actor="gateway", action="outbound.plain")
    facts = health.gather(settings_here, office.at)
    assert len(facts.mail) == 29
    assert (facts.mail[0].sent, facts.mail[0].signed) == (6, 0)
    assert sum(day.sent for day in facts.mail[1:]) == 14 * 6
    assert states(settings_here, office)[Check.SIGNING] is State.BAD


def test_accounts_are_told_by_the_end_of_their_last_certificate(
    office: Office, settings_here: Settings
) -> None:
    ends = models.Certificate.objects.filter(subject__contains="Alice").get().not_after
    assert health.gather(settings_here, ends - 31 * DAY).expiring == 0
    assert health.gather(settings_here, ends - DAY).expiring == 2
    late = health.gather(settings_here, ends + DAY)
    assert (late.expiring, late.expired) == (0, 2)
    assert health.gather(settings_here, ends + 90 * DAY).expired == 0
    del office


def test_signs_of_life_and_what_was_fetched_are_seen(
    office: Office, settings_here: Settings
) -> None:
    failed = Attempt("http://crl.example/", Outcome.TIMED_OUT)
    came = Attempt("http://crl.example/", Outcome.FETCHED)
    health.note_worker(at=office.at)
    health.note_backup(at=office.at)
    health.note_fetching([failed], at=office.at - 2 * DAY)
    health.note_fetching([failed], at=office.at)
    health.note_fetching([], at=office.at)
    found = states(settings_here, office)
    assert (found[Check.WORKER], found[Check.BACKUP]) == (State.OK, State.OK)
    assert found[Check.FETCHING] is State.WARN
    health.note_fetching([failed, came], at=office.at)
    assert states(settings_here, office)[Check.FETCHING] is State.OK
    assert operation.tallies("fetch|") == {"fetch|fetched": 1, "fetch|timed_out": 3}


def test_looking_costs_the_same_with_many_rows(office: Office, settings_here: Settings) -> None:
    used = []
    for number in (5, 500):
        models.JournalEntry.objects.bulk_create(
            models.JournalEntry(at=office.at, actor="a", action="outbound.sign")
            for _ in range(number)
        )
        models.MailAccount.objects.bulk_create(
            models.MailAccount(address=f"{number}-{n}@office.example", added_at=office.at)
            for n in range(number)
        )
        with CaptureQueriesContext(connection) as asked:
            metrics.exposition(settings_here, office.at)
        used.append(len(asked))
    assert used[0] == used[1]


# alarms


def seen(office: Office, state: State) -> tuple[Check, ...]:
    return watch([Checked(check=Check.OUTBOUND_HOP, state=state)], office.site, at=office.at)


def subjects(office: Office) -> list[str]:
    fields = [parse_message(sent.content).get("Subject") for sent in office.out.sent]
    return [field.value.strip() if field else "" for field in fields]


@pytest.mark.usefixtures("settings_here")
def test_trouble_is_told_once_when_it_has_lasted_and_once_when_it_is_over(office: Office) -> None:
    assert seen(office, State.BAD) == ()
    office.at += HELD_FOR
    assert seen(office, State.BAD) == (Check.OUTBOUND_HOP,)
    for _ in range(3):
        office.at += TRY_AGAIN
        assert seen(office, State.BAD) == ()
    assert seen(office, State.OK) == (Check.OUTBOUND_HOP,)
    assert seen(office, State.OK) == ()
    assert len(office.out.sent) == 2
    assert office.out.sent[0].recipients == (str(ADMIN),)
    assert b"multipart/signed" in office.out.sent[0].content
    assert [row.action for row in journal.read(address="outbound_hop")] == [
        "health.good_again", "health.alarm",
    ]  # fmt: skip


@pytest.mark.usefixtures("settings_here")
def test_a_short_trouble_and_an_unknown_state_alarm_nobody(office: Office) -> None:
    seen(office, State.BAD)
    assert seen(office, State.OK) == ()
    office.at += HELD_FOR
    assert seen(office, State.UNKNOWN) == ()
    assert seen(office, State.OK) == ()
    assert not office.out.sent


@pytest.mark.usefixtures("settings_here")
def test_a_warning_that_gets_bad_is_told_again(office: Office) -> None:
    for state in (State.WARN, State.BAD):
        full = Checked(check=Check.DISK, state=state, values={"free": 1, "size": 2})
        watch([full], office.site, at=office.at)
        office.at += HELD_FOR
        assert watch([full], office.site, at=office.at) == (Check.DISK,)
    assert len(office.out.sent) == 2


@pytest.mark.usefixtures("settings_here")
def test_an_alarm_that_cannot_be_sent_is_tried_again_every_hour(office: Office) -> None:
    seen(office, State.BAD)
    office.at += HELD_FOR
    office.out.refuse[str(ADMIN)] = refusal(451)
    assert seen(office, State.BAD) == ()
    office.at += TRY_AGAIN / 2
    assert seen(office, State.BAD) == ()
    assert len(journal.read(action="notice.not_sent")) == 1
    office.out.refuse.clear()
    office.at += TRY_AGAIN
    assert seen(office, State.BAD) == (Check.OUTBOUND_HOP,)


@pytest.mark.usefixtures("settings_here")
def test_several_changes_are_one_mail(office: Office) -> None:
    checks = [
        Checked(check=Check.OUTBOUND_HOP, state=State.BAD),
        Checked(check=Check.ROOTS, state=State.WARN, values={"at": office.at}),
    ]
    watch(checks, office.site, at=office.at)
    watch(checks, office.site, at=office.at + HELD_FOR)
    (sent,) = office.out.sent
    text = parse_message(sent.content).root.children[0].decoded(office.site.limits).decode()
    assert "Weitergabe ausgehender Mail\r\nJetzt: Gestört" in text
    assert "Öffentliche Aussteller\r\nJetzt: Bitte ansehen" in text


@pytest.mark.usefixtures("settings_here")
@pytest.mark.parametrize("language", Language)
def test_alarms_speak_the_language_of_the_house(office: Office, language: Language) -> None:
    office.site = replace(office.site, language=language)
    seen(office, State.BAD)
    office.at += HELD_FOR
    seen(office, State.BAD)
    expected = {Language.DE: "bitte ansehen", Language.EN: "please look"}[language]
    assert expected in subjects(office)[0].replace("_", " ")


# Prometheus


def samples(settings: Settings, office: Office) -> dict[str, float]:
    text = metrics.exposition(settings, office.at).decode()
    return {
        f"{sample.name}{sorted(sample.labels.values())}": sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_mail_is_counted_by_direction_and_outcome_and_never_falls(
    office: Office, settings_here: Settings
) -> None:
    office.send(mail(ALICE.address, UNKNOWN), ALICE.address, UNKNOWN)
    office.receive(mail(HUBER.address, ALICE.address), HUBER.address, ALICE.address)
    before = samples(settings_here, office)
    assert before["siegel_mail_total['outbound', 'sign']"] == 1
    assert before["siegel_mail_total['inbound', 'unprotected']"] == 1
    assert before["siegel_mail_total['outbound', 'refused']"] == 0
    journal.expire(before=office.at + DAY)
    assert journal.read() == ()
    after = samples(settings_here, office)
    counters = [name for name in before if "_total" in name]
    assert {name: after[name] for name in counters} == {name: before[name] for name in counters}


def test_durations_become_a_histogram_that_survives_the_process(
    office: Office, settings_here: Settings
) -> None:
    clock = [0.0]
    durations = Durations(lambda: clock[0])
    durations.took(Role.OUTBOUND, 0.03)
    assert operation.tallies("seconds|") == {}, "counted in memory first"
    clock[0] = PAUSE
    durations.took(Role.OUTBOUND, 70.0)
    durations.took(Role.INBOUND, 0.5)
    durations.write()
    durations.write()
    Durations(lambda: 0.0).write()
    found = samples(settings_here, office)
    assert found["siegel_mail_seconds_bucket['0.025', 'outbound']"] == 0
    assert found["siegel_mail_seconds_bucket['0.05', 'outbound']"] == 1
    assert found["siegel_mail_seconds_bucket['+Inf', 'outbound']"] == 2
    assert found["siegel_mail_seconds_count['outbound']"] == 2
    assert found["siegel_mail_seconds_sum['outbound']"] == pytest.approx(70.03)
    assert found["siegel_mail_seconds_bucket['0.5', 'inbound']"] == 1


def test_no_address_and_no_name_is_among_the_figures(
    office: Office, settings_here: Settings
) -> None:
    office.send(mail(ALICE.address, UNKNOWN), ALICE.address, UNKNOWN)
    text = metrics.exposition(settings_here, office.at).decode()
    assert "@" not in text
    assert "Alice" not in text
    assert 'siegel_health{check="outbound_listener",state="bad"} 1.0' in text
    assert "siegel_build_info{version=" in text
