"""``siegel message`` with post-quantum keys, from files of every kind."""

import pytest
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
)

from siegel.base import der, oids
from siegel.base.secret import Secret
from siegel.pki import pkcs12
from siegel.pki.certificate import parse_certificate
from tests.cli.command import quick
from tests.cli.desk import ENTITY, PASSPHRASE, Desk
from tests.world import WORLD, Person

SIGNER, READER = WORLD.person("quentin"), WORLD.person("quentin_encrypt")


def _pem(desk: Desk, person: Person) -> tuple[str, ...]:
    return ("--key", desk.file(f"{person.name}.pem", person.key_pem + person.certificate_pem))


def _locked_pem(desk: Desk, person: Person) -> tuple[str, ...]:
    encryption = BestAvailableEncryption(PASSPHRASE.encode())
    key = person.private_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption)
    file = desk.file(f"{person.name}.locked.pem", key + person.certificate_pem)
    return ("--key", file, "--passphrase-file", desk.passphrase)


def _p12(desk: Desk, person: Person) -> tuple[str, ...]:
    own = parse_certificate(person.certificate_der)
    data = pkcs12.build_pkcs12(person.private_key, own, (), Secret(PASSPHRASE))
    file = desk.file(f"{person.name}.p12", data)
    return ("--key", file, "--passphrase-file", desk.passphrase)


FILES = {"PEM": _pem, "encrypted PEM": _locked_pem, "PKCS #12": _p12}


@pytest.mark.requirement("C12")
@pytest.mark.parametrize("form", FILES)
def test_a_message_is_protected_and_opened_with_post_quantum_keys(
    desk: Desk, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pkcs12, "KDF_ROUNDS", 2000)  # a second for each file otherwise
    own = ("--sign", *FILES[form](desk, SIGNER)[1:])
    reader = desk.certificate(READER)
    letter = desk.plain(SIGNER.address)
    sealed = str(desk.folder / "sealed.eml")
    protect = ("message", "protect", letter, *own, "--recipient", reader, "-o", sealed)
    assert quick(*protect, "--cipher", "aes256-gcm", "--intermediate", desk.issuing).code == 0

    said = quick("message", "open", sealed, *FILES[form](desk, READER), *desk.trust, "--json")

    assert said.code == 0
    assert said.json["summary"] == "confidential"
    encrypted, signed = said.json["layers"]
    assert [(one["kind"], one["matched"]) for one in encrypted["recipients"]] == [("kemri", True)]
    (signer,) = signed["signers"]
    assert (signer["intact"], signer["signature_valid"], signer["path"]) == (True, True, "valid")
    assert ENTITY not in (desk.folder / "sealed.eml").read_bytes()


def test_a_key_without_its_seed_is_refused_by_name_with_advice(desk: Desk) -> None:
    choice = der.octet_string(der.octet_string(bytes(4032)))
    key_info = der.sequence(der.integer(0), der.algorithm(oids.ML_DSA_65), choice)
    key = desk.file("expanded.key", key_info)

    said = quick("message", "open", desk.plain(), "--key", key)

    assert said.code == 65
    assert "expanded.key: this ML-DSA-65 key was written without its seed" in said.err
