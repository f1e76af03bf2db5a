"""The office of the flows, quickly furnished: Alice and Bob have keys, the root is trusted."""

from functools import cache
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import PrivateFormat, pkcs12
from pytest_django import Settings

from siegel.base.address import EmailAddress
from siegel.base.secret import Secret
from siegel.flows import accounts, importing
from tests.flows.office import ALICE, BOB, Office
from tests.world import WORLD


@pytest.fixture
def office(db: None, settings: Settings, tmp_path: Path) -> Office:
    del db
    settings.SIEGEL_DATA_DIR = tmp_path / "data"
    made = Office(tmp_path)
    made.trust()
    for person in (ALICE, BOB):
        accounts.create(EmailAddress.parse(person.address), "", by="test", at=made.at)
        file, secret = _quick_p12(person.name), Secret("x")
        importing.import_file(file, secret, made.site.vault, by="test", at=made.at)
    return made


@cache
def _quick_p12(name: str) -> bytes:
    """One round of key derivation: hundreds of offices are furnished with it."""
    person = WORLD.person(name)
    key = person.private_key
    assert isinstance(key, RSAPrivateKey)
    form = PrivateFormat.PKCS12.encryption_builder().kdf_rounds(1).build(b"x")
    chain = [one.certificate for one in person.intermediates]
    return pkcs12.serialize_key_and_certificates(None, key, person.certificate, chain, form)
