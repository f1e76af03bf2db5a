"""Mail to many: lists as people have them, a message for each, signed and never encrypted."""

import pytest

from siegel.base.errors import Conflict, LimitExceeded, MalformedMessage, NotFound
from siegel.flows import bulk, bulk_sending
from siegel.flows.bulk import Job, Order
from siegel.flows.bulk_list import MOST_ROWS, LeftOut, read_list
from siegel.flows.bulk_merge import merged
from siegel.store.models import BulkItem, JournalAddress, JournalEntry
from siegel.store.queries.bulk import BulkState
from siegel.store.queries.mail_folders import FolderRole
from tests.flows.office import BOB, DANA, HUBER, UNKNOWN, Office, refusal
from tests.flows.outbox import ALICES, MIRA, in_folder, outbox_office

TABLE = "E-Mail;Vorname;Betrag\nhuber@school.example;Hans;12,50\nb@x.example;Bea;\n"
BY = "user:mira@office.example"


@pytest.fixture
def writing(office: Office) -> Office:
    return outbox_office(office)


def order(
    table: str | bytes,
    *,
    subject: str = "Rechnung",
    text: str = "Guten Tag",
    unsubscribe: str = "",
) -> Order:
    octets = table.encode() if isinstance(table, str) else table
    return Order(
        account=ALICES,
        sender=ALICES,
        user=MIRA,
        subject=subject,
        text=text,
        unsubscribe=unsubscribe,
        recipients=read_list(octets),
    )


def prepared(office: Office, table: str, **how: str) -> int:
    return bulk.prepare(order(table, **how), office.site, by=BY, at=office.at)


def started(office: Office, table: str, **how: str) -> int:
    id_ = prepared(office, table, **how)
    bulk.start(id_, MIRA, by=BY, at=office.at)
    return id_


def job(office: Office, id_: int) -> Job:
    return bulk.get(id_, MIRA, at=office.at)


def send_all(office: Office, *, batch: int = 50) -> None:
    while bulk_sending.send_some(office.site, limit=batch, at=office.at):
        pass


@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_a_table_is_read_as_it_comes(separator: str, encoding: str) -> None:
    lines = [["E-Mail", "Straße"], ["a@x.example", "Große Gasse"], ["b@x.example", '"Ä, ö; ü"']]
    octets = "\r\n".join(separator.join(cells) for cells in lines).encode(encoding)

    found = read_list(octets)

    assert found.fields == ("E-Mail", "Straße")
    assert [row.values[1] for row in found.rows] == ["Große Gasse", "Ä, ö; ü"]


def test_addresses_one_below_the_other_are_a_list_too() -> None:
    found = read_list(b"a@x.example\n\nFrau B <b@x.example>\n")
    assert [str(row.address) for row in found.rows] == ["a@x.example", "b@x.example"]
    assert [row.line for row in found.rows] == [1, 3]


def test_what_cannot_be_written_to_is_named_with_its_line() -> None:
    found = read_list(
        b"Mail;Name\na@x.example;A\nkeine Adresse;B\n;C\nA@X.example;D\n"
        b'"c@x.example";"zwei\nZeilen"\nd@x.example\r\n.bcc: e@x.example;E\n'
    )
    assert [(each.line, each.why) for each in found.left_out] == [
        (3, LeftOut.BAD_ADDRESS),
        (4, LeftOut.NO_ADDRESS),
        (5, LeftOut.DUPLICATE),
        (9, LeftOut.BAD_ADDRESS),
    ]
    assert [row.line for row in found.rows] == [2, 6, 8]


@pytest.mark.parametrize(
    "octets",
    [b"\x00\x01\x02", b'"' * 10_000, b"a@x.example;" + b"y" * 200_000, b"=cmd()|a@x.example\n"],
)
def test_rubbish_is_no_trouble(octets: bytes) -> None:
    try:
        found = read_list(octets)
    except (MalformedMessage, LimitExceeded):
        return
    assert len(found.rows) <= 1


def test_too_much_is_refused() -> None:
    with pytest.raises(LimitExceeded):
        read_list(b"a@x.example" + b";" * 50)
    with pytest.raises(LimitExceeded):
        read_list("\n".join(f"p{n}@x.example" for n in range(MOST_ROWS + 1)).encode())


def test_values_are_text_and_no_template() -> None:
    assert merged("{{a}} {{ B | Gast }}", {"a": "{{b}}", "b": ""}) == "{{b}}  Gast "
    assert merged("{{b|Gast}}", {"b": "Bea"}) == "Bea"


@pytest.mark.requirement("A83", "A48")
def test_everybody_gets_a_signed_message_that_is_not_encrypted(writing: Office) -> None:
    writing.partner(HUBER)  # encryption would be possible
    id_ = started(writing, TABLE, text="Guten Tag {{Vorname}}, {{Betrag|nichts}} Euro")

    send_all(writing)

    assert [sent.recipients for sent in writing.out.sent] == [
        ("huber@school.example",),
        ("b@x.example",),
    ]
    first, second = (sent.content for sent in writing.out.sent)
    assert all(b"multipart/signed" in each for each in (first, second))
    assert all(b"enveloped-data" not in each for each in (first, second))
    assert b"Guten Tag Hans, 12,50 Euro" in first
    assert b"Guten Tag Bea, nichts Euro" in second
    assert b"b@x.example" not in first
    assert job(writing, id_).row.state is BulkState.DONE


def test_the_way_out_of_the_list_stands_in_every_message(writing: Office) -> None:
    started(writing, TABLE, unsubscribe="https://office.example/list")

    send_all(writing)

    way_out = b"List-Unsubscribe: <https://office.example/list>\r\n"
    assert [way_out in sent.content for sent in writing.out.sent] == [True, True]


def test_the_journal_has_figures_and_no_list(writing: Office) -> None:
    started(writing, TABLE)
    send_all(writing)
    entries = JournalEntry.objects.filter(action__startswith="bulk.")
    assert [entry.action for entry in entries.order_by("id")] == ["bulk.started", "bulk.done"]
    assert not JournalAddress.objects.filter(address="b@x.example").exists()


def test_stopped_and_gone_on_with_nobody_twice_and_nobody_left_out(writing: Office) -> None:
    table = "\n".join(f"p{n}@x.example" for n in range(30))
    id_ = started(writing, table)
    bulk_sending.send_some(writing.site, limit=10, at=writing.at)
    bulk.stop(id_, MIRA, by=BY, at=writing.at)
    send_all(writing)
    assert len(writing.out.sent) == 10

    bulk.start(id_, MIRA, by=BY, at=writing.at)
    send_all(writing)

    to = [sent.recipients[0] for sent in writing.out.sent]
    assert sorted(to) == sorted(set(to))
    assert len(to) == 30


def test_whoever_is_refused_stands_in_the_report(writing: Office) -> None:
    writing.out.refuse[UNKNOWN] = refusal(550)
    id_ = started(writing, f"{UNKNOWN}\nb@x.example")
    send_all(writing)
    send_all(writing)
    (failed,) = bulk.not_reached(job(writing, id_))
    assert failed.address == UNKNOWN
    assert "no such user" in failed.answer
    (news,) = in_folder(ALICES, FolderRole.INBOX)
    assert news.subject == "Ihre Serienmail ist fertig"


def test_a_next_hop_that_is_not_there_delays_and_loses_nobody(writing: Office) -> None:
    writing.out.fails = 1
    id_ = started(writing, "a@x.example\nb@x.example")
    send_all(writing)
    assert writing.out.sent == []
    send_all(writing.later(minutes=1))
    assert len(writing.out.sent) == 2
    assert job(writing, id_).row.state is BulkState.DONE


@pytest.mark.requirement("A83")
def test_it_stops_by_itself_before_anything_leaves_unsigned(writing: Office) -> None:
    id_ = started(writing, "a@x.example")
    send_all(writing.later(days=10_000))
    assert writing.out.sent == []
    found = job(writing, id_).row
    assert (found.state, found.problem) == (BulkState.STOPPED, bulk_sending.PROTECTION_LOST)


def test_whom_a_rule_wants_written_to_encrypted_gets_nothing(writing: Office) -> None:
    writing.rule("must_encrypt_domains", ["x.example"])
    id_ = started(writing, "a@y.example\na@x.example")
    send_all(writing)
    assert [sent.recipients for sent in writing.out.sent] == [("a@y.example",)]
    (failed,) = bulk.not_reached(job(writing, id_))
    assert "encryption_required" in failed.answer


def test_a_field_without_a_column_is_noticed_before(writing: Office) -> None:
    with pytest.raises(Conflict) as noticed:
        prepared(writing, TABLE, text="{{Nachname}}")
    assert noticed.value.params["names"] == "Nachname"


def test_nobody_sends_to_many_for_an_account_that_is_not_his(writing: Office) -> None:
    from dataclasses import replace

    from siegel.base.address import EmailAddress

    bobs = EmailAddress.parse(BOB.address)
    with pytest.raises(NotFound):
        bulk.prepare(
            replace(order("a@x.example"), account=bobs, sender=bobs),
            writing.site,
            by=BY,
            at=writing.at,
        )
    with pytest.raises(Conflict):
        bulk.prepare(replace(order("a@x.example"), sender=bobs), writing.site, by=BY, at=writing.at)
    id_ = prepared(writing, "a@x.example")
    with pytest.raises(NotFound):
        bulk.start(id_, bobs, by=BY, at=writing.at)


def test_a_private_key_in_the_text_is_refused(writing: Office) -> None:
    from cryptography.hazmat.primitives import serialization

    pem = DANA.private_key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    with pytest.raises(Conflict) as noticed:
        prepared(writing, "a@x.example", text=pem.decode())
    assert noticed.value.params["why"] == "key"


def test_values_lie_sealed_and_go_when_the_message_has_left(writing: Office) -> None:
    started(writing, TABLE, text="{{Vorname}}")
    assert all(b"Hans" not in bytes(each.sealed) for each in BulkItem.objects.all())
    send_all(writing)
    assert not BulkItem.objects.exclude(sealed=b"").exists()


def test_a_thousand_are_done_with_few_questions(writing: Office) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    started(writing, "\n".join(f"p{n}@x.example" for n in range(1000)))
    with CaptureQueriesContext(connection) as seen:
        send_all(writing, batch=250)
    assert len(writing.out.sent) == 1000
    assert len(seen) < 1.5 * 1000
