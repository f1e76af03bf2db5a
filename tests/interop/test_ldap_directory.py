"""Our LDAP directory, asked by OpenLDAP's own tools and by our own client."""

import base64
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from siegel.base.address import EmailAddress
from siegel.directory import back_sock
from siegel.directory.ldap_entry import certificates_of
from siegel.directory.ldap_filter import address_filter
from siegel.flows import looking_up, lookup_sources, publishing
from siegel.flows.finders import Finders
from siegel.pki.certificate import parse_certificate
from siegel.policy.lookups import Answer
from siegel.serve.ldap import Desk
from siegel.store.lookup_rows import LdapSettings
from siegel.store.lookup_rows import Security as Kept
from siegel.transport import ldap_client
from siegel.transport.fetching import Budget
from siegel.transport.ldap_client import LdapServer
from siegel.transport.mail_server import Reach, Security
from tests.flows.office import ALICE, BOB, HUBER, Office
from tests.interop.ldap_directory import SUFFIX, directory, ldapsearch, settings
from tests.peers.process import free_ports

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.interop,
    pytest.mark.requirement("A55", "B24"),
]
A_CERTIFICATE = "userCertificate;binary::"


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """Alice is published, Bob is not."""
    made = Office(tmp_path)
    made.trust()
    made.own(ALICE)
    made.own(BOB)
    made.partner(HUBER)
    publishing.publish([EmailAddress.parse(ALICE.address)], by="test", at=made.at)
    return made


@pytest.fixture
def port(office: Office, tmp_path: Path) -> Iterator[int]:
    (port,) = free_ports(1)
    with directory(tmp_path, settings(port)):
        yield port


def test_who_knows_the_address_finds_the_certificate(port: int) -> None:
    code, ldif = ldapsearch(port, f"(mail={ALICE.address.upper()})")
    assert code == 0
    assert f"mail: {ALICE.address}" in ldif
    value = ldif.partition(A_CERTIFICATE)[2].split()[0]
    assert base64.b64decode(value) == ALICE.certificate_der
    assert "userSMIMECertificate:: " in ldif


@pytest.mark.parametrize("person", [BOB, HUBER], ids=["not published", "a partner"])
def test_what_is_not_published_looks_as_if_it_did_not_exist(port: int, person: object) -> None:
    address = getattr(person, "address", "")
    assert ldapsearch(port, f"(mail={address})") == ldapsearch(port, "(mail=nobody@x.example)")


@pytest.mark.parametrize(
    "question",
    [
        "(mail=*)",
        "(objectClass=*)",
        "(mail=a*)",
        "(mail=*e*)",
        "(cn=Alice*)",
        "(|(mail=*)(cn=*))",
        "(!(mail=nobody@x.example))",
        f"(!(!(mail={ALICE.address})))",
        "(mail>=a)",
        "(mail~=alice)",
        f"(&(mail={ALICE.address})(cn=Somebody else))",
        "(mail=\\2a)",
        f"(mail={ALICE.address}\\29\\28mail=\\2a)",
        "(&)",
        "(foo=bar)",
    ],
)
def test_nobody_is_listed(port: int, question: str) -> None:
    code, ldif = ldapsearch(port, question)
    assert "dn:" not in ldif
    assert code in (0, 4, 53)


def test_asking_for_everybody_is_told_to_be_too_much(port: int) -> None:
    assert ldapsearch(port, "(mail=*)")[0] == 4


def test_what_a_mail_program_asks_for_several_recipients(port: int) -> None:
    question = f"(|(mail={ALICE.address})(mail=nobody@x.example))"
    code, ldif = ldapsearch(port, question)
    assert code == 0
    assert ldif.count("dn:") == 1


def test_a_name_is_listed_only_where_the_administrator_allows_it(
    office: Office, tmp_path: Path
) -> None:
    (port,) = free_ports(1)
    address_book = "(&(mail=*)(|(mail=ali*)(cn=ali*)(sn=ali*)))"
    with directory(tmp_path, settings(port, listing=True)):
        code, ldif = ldapsearch(port, address_book)
        assert (code, ldif.count("dn:")) == (0, 1)
        assert BOB.address not in ldif
        assert "dn:" not in ldapsearch(port, "(mail=a*)")[1]
        assert "dn:" not in ldapsearch(port, "(mail=*)")[1]


def test_who_searches_too_often_has_to_wait(office: Office, tmp_path: Path) -> None:
    (port,) = free_ports(1)
    with directory(tmp_path, settings(port, searches_per_minute=2)):
        codes = [ldapsearch(port, f"(mail={ALICE.address})")[0] for _ in range(6)]
    assert codes[0] == 0
    assert 51 in codes


@pytest.mark.parametrize(
    "peers",
    [
        [f"IP=[2001:db8:0:1::{number:x}]:{4000 + number}" for number in range(4)],
        [f"IP=192.0.2.1:{4000 + number}" for number in range(4)],
    ],
)
def test_a_house_has_one_measure_of_searches(office: Office, peers: list[str]) -> None:
    desk = Desk(settings(389, searches_per_minute=2), lambda: office.at)
    said = []
    for peer in peers:
        question = f"SEARCH\nfilter: (mail={ALICE.address})\npeername: {peer}\n"
        asked = back_sock.read(question.encode())
        assert asked is not None
        said.append(b"code: 51" in desk.answer(asked))
    assert said == [False, False, True, True]


@pytest.mark.parametrize(
    ("question", "entries"),
    [
        ("(cn=ali*)", 1),
        ("(|(cn=ali*)(mail=nobody@*))", 1),
        ("(|(cn=zzz*)(mail=*))", 0),
        ("(|(cn=zzz*)(mail=a*))", 0),
        ("(|(cn=zzz*)(objectClass=*))", 0),
        ("(|(cn=zzz*)(!(cn=zzz*)))", 0),
    ],
)
def test_a_beginning_that_fits_nobody_lists_nobody(
    office: Office, question: str, entries: int
) -> None:
    desk = Desk(settings(389, listing=True), lambda: office.at)
    asked = back_sock.read(f"SEARCH\nfilter: {question}\npeername: IP=192.0.2.1:4\n".encode())
    assert asked is not None
    assert desk.answer(asked).count(b"dn::") == entries


def test_nothing_can_be_written_and_no_password_is_taken(port: int) -> None:
    code, said = ldapsearch(port, "(mail=x@y.example)", "-D", f"cn=admin,{SUFFIX}", "-w", "x")
    assert code != 0
    assert "dn:" not in said


def test_withdrawn_is_gone_at_once(port: int, office: Office) -> None:
    publishing.withdraw([EmailAddress.parse(ALICE.address)], by="test", at=office.at)
    assert "dn:" not in ldapsearch(port, f"(mail={ALICE.address})")[1]


def test_our_own_client_finds_it(port: int) -> None:
    server = LdapServer(
        host="localhost",
        port=port,
        security=Security.NONE,
        base=SUFFIX,
        reach=Reach(private_hosts=frozenset({"localhost"})),
    )
    question = address_filter(EmailAddress.parse(ALICE.address))
    entries = ldap_client.search(server, question, budget=Budget(10))
    assert parse_certificate(ALICE.certificate_der) in certificates_of(entries)


@pytest.mark.requirement("A45")
def test_another_office_finds_it_by_ldap_and_encrypts(
    port: int, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same store plays the other office, which has no account for Alice."""
    reach = Reach(private_hosts=frozenset({"localhost"}))
    office.site = replace(office.site, finders=Finders(reach=reach))
    monkeypatch.setattr(looking_up, "_ours", lambda addresses: frozenset())
    lookup_sources.put_directory(
        None,
        LdapSettings(
            name="Büro", host="localhost", port=port, security=Kept.NONE, base=SUFFIX,
            filter="(mail={address})",
        ),
        None,
        office.site,
        by="test",
        at=office.at,
    )  # fmt: skip
    (found,) = looking_up.look_up(
        [EmailAddress.parse(ALICE.address)], office.site, by="test", at=office.at
    )
    assert found.answer is Answer.KNOWN
    (missing,) = looking_up.look_up(
        [EmailAddress.parse("nobody@office.example")], office.site, by="test", at=office.at
    )
    assert missing.answer is Answer.NOT_FOUND
