"""SMIMEA through a validating resolver: secure counts; forged and unsigned do not (RFC 8162 §6)."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from siegel.base.address import EmailAddress
from siegel.directory.smimea_name import RECORD_TYPE, owner_name
from siegel.flows import importing, lookup_sources
from siegel.flows.finders import Finders
from siegel.flows.looking_up import look_up
from siegel.pki.certificate import parse_certificate
from siegel.policy.lookups import Answer
from siegel.store.lookup_rows import SettingsRow
from siegel.transport.dns_secure import DnsAnswer, LocalResolver, Vouched, ask
from siegel.transport.fetching import Budget
from tests.flows.office import Office
from tests.interop.dnssec import FORGED, PLAIN, SECURE, Published, record, resolver
from tests.world import WORLD

pytestmark = [pytest.mark.interop, pytest.mark.requirement("A45")]
PETRA = WORLD.person("petra")
OF = "petra@"


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    der = PETRA.certificate_der
    zones = {
        SECURE: [
            record(f"{OF}{SECURE}", der),
            record(f"Petra@{SECURE}", der, usage=1),
            Published(f"hash@{SECURE}", b"\x01\x00\x01" + b"\x07" * 32),
            *(record(f"many@{SECURE}", der + bytes((n,))) for n in range(8)),
        ],
        FORGED: [record(f"{OF}{FORGED}", der)],
        PLAIN: [record(f"{OF}{PLAIN}", der)],
        "partner.example": [record(PETRA.address, der)],
    }
    with resolver(tmp_path_factory.mktemp("dns"), zones) as port:
        yield port


def _ask(address: str, port: int) -> DnsAnswer:
    local = LocalResolver("127.0.0.1", port)
    return ask(owner_name(EmailAddress.parse(address)), RECORD_TYPE, local, Budget(10))


def test_a_signed_answer_is_secure(port: int) -> None:
    found = _ask(f"{OF}{SECURE}", port)
    assert found.vouched is Vouched.SECURE
    assert found.records == (b"\x03\x00\x00" + PETRA.certificate_der,)


def test_capitals_are_another_name(port: int) -> None:
    (record,) = _ask(f"Petra@{SECURE}", port).records
    assert record[0] == 1


def test_what_is_too_long_for_udp_comes_by_tcp(port: int) -> None:
    found = _ask(f"many@{SECURE}", port)
    assert found.vouched is Vouched.SECURE
    assert len(found.records) == 8
    assert sum(map(len, found.records)) > 4096


@pytest.mark.parametrize(
    ("address", "vouched"),
    [
        (f"{OF}{FORGED}", Vouched.BOGUS),
        (f"{OF}{PLAIN}", Vouched.INSECURE),
        (f"nobody@{SECURE}", Vouched.NOTHING),
        (f"nobody@{PLAIN}", Vouched.NOTHING),
    ],
)
def test_everything_else_brings_nothing(port: int, address: str, vouched: Vouched) -> None:
    assert _ask(address, port) == DnsAnswer(vouched=vouched)


def test_nobody_answers() -> None:
    assert _ask(f"{OF}{SECURE}", 9).vouched is Vouched.NO_ANSWER


@pytest.mark.parametrize("host", ["8.8.8.8", "192.168.1.1", "fe80::1"])
def test_only_a_resolver_of_this_machine_is_believed(host: str) -> None:
    with pytest.raises(ValueError, match="this machine"):
        LocalResolver(host)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("may_assert", "answer"), [(False, Answer.DOMAIN_ASSERTS), (True, Answer.FOUND)]
)
def test_a_certificate_of_dns_is_used_if_its_path_is_trusted(
    port: int, tmp_path: Path, may_assert: bool, answer: Answer
) -> None:
    office = Office(tmp_path)
    office.trust()
    issuing = parse_certificate(WORLD.authority("issuing").der)
    importing.import_found([issuing], by="test", at=office.at)
    finders = Finders(resolver=LocalResolver("127.0.0.1", port))
    office.site = replace(office.site, finders=finders)
    lookup_sources.set_dns(
        SettingsRow(smimea=True, domain_asserts=may_assert), by="test", at=office.at
    )
    (found,) = look_up([EmailAddress.parse(PETRA.address)], office.site, by="test", at=office.at)
    assert found.answer is answer
