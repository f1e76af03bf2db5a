"""The files that staff fetch are read by real programs: OpenSSL both, gpgsm the compatible one, and
Thunderbird, which then calls a mail of ours good and sends one that we call good.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path

import pytest
from pytest_django import Settings

from siegel.base.address import EmailAddress
from siegel.flows import accounts, authorities, issuing, key_delivery, preparing_keys
from siegel.flows.issuing import Order
from siegel.flows.preparing_keys import Wanted
from siegel.pki.certificate import Certificate
from siegel.pki.key_generation import KeyChoice
from siegel.pki.pkcs12 import Flavour
from siegel.store.models import User
from tests.flows.office import Office, mail
from tests.flows.workshop import PLAN, workshop_of
from tests.peers.gpgsm import Gpgsm
from tests.peers.programs import must, program
from tests.peers.thunderbird import Thunderbird

pytestmark = [pytest.mark.interop, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
EVA = EmailAddress.parse("eva@office.example")
EVAS = EmailAddress.parse("eva@people.example")


@dataclass(frozen=True, slots=True)
class Handed:
    """What Eva has after she fetched her key."""

    office: Office
    file: bytes
    passphrase: str
    certificate: Certificate
    root: Certificate


def handed(folder: Path, flavour: Flavour) -> Handed:
    """Programs judge with the real clock, so everything is made now. RSA: gpgsm imports no other
    kind of key."""
    office = Office(folder, at=datetime.now(UTC))
    made = authorities.create(
        PLAN, office.site.vault, rng=office.site.rng, by="test", at=office.at, trust=True
    )
    User.objects.create(email=str(EVAS), created_at=office.at, password="x")
    accounts.create(EVA, "Eva", by="test", at=office.at, owner=EVAS)
    order = Order(address=EVA, key=KeyChoice.RSA_2048)
    done = issuing.enrol(order, None, workshop_of(office), by="test", at=office.at)
    wanted = Wanted(account=EVA, person=None, flavour=flavour)
    (number,) = preparing_keys.prepare(wanted, office.site, by="test", at=office.at)
    file = key_delivery.fetch(number, EVAS, office.site, by="test", at=office.at).data
    secret = key_delivery.passphrase(number, office.site, by="test", at=office.at)
    assert made.root.certificate is not None
    return Handed(office, file, secret.reveal().decode(), done.certificate, made.root.certificate)


@pytest.fixture(autouse=True)
def _data(settings: Settings, tmp_path: Path) -> None:
    settings.SIEGEL_DATA_DIR = tmp_path / "data"


@pytest.mark.requirement("B22", "A28")
@pytest.mark.parametrize("flavour", Flavour)
def test_openssl_reads_both_kinds(tmp_path: Path, flavour: Flavour) -> None:
    got = handed(tmp_path, flavour)
    path = tmp_path / "eva.p12"
    path.write_bytes(got.file)
    command = [program("openssl"), "pkcs12", "-in", str(path), "-info", "-nodes"]
    said = must([*command, "-passin", f"pass:{got.passphrase}"])
    assert said.count(b"BEGIN CERTIFICATE") == 3
    assert b"BEGIN PRIVATE KEY" in said


@pytest.mark.requirement("B22")
def test_gpgsm_imports_the_compatible_kind(tmp_path: Path) -> None:
    got = handed(tmp_path, Flavour.COMPATIBLE)
    with Gpgsm() as gpgsm:
        gpgsm.import_p12(got.file, got.passphrase)


@pytest.mark.requirement("B22", "B34", "C6")
def test_thunderbird_takes_file_and_chain_and_calls_our_mail_good(tmp_path: Path) -> None:
    got = handed(tmp_path, Flavour.MODERN)
    date = f"Date: {format_datetime(got.office.at)}\r\n"
    raw = mail(str(EVA), "nobody@office.example", extra=date)
    got.office.send(raw, str(EVA), "nobody@office.example")
    signed = got.office.out.sent[-1].content
    (tmp_path / "thunderbird").mkdir()
    with Thunderbird(tmp_path / "thunderbird") as thunderbird:
        thunderbird.trust_certificate(got.root.der)
        thunderbird.import_p12(got.file, got.passphrase)
        assert thunderbird.show(signed).signature == "SUCCESS"
