"""Every committed seed goes through its target, so that the targets stay true between long runs."""

from pathlib import Path

import pytest

from siegel.base.secret import Secret
from siegel.pki.pkcs12 import open_pkcs12
from tests.fuzz import SEEDS
from tests.fuzz.make_seeds import MAKERS
from tests.fuzz.material import PASSPHRASE, readers
from tests.fuzz.targets import TARGETS, counts, fuzz_open
from tests.unit.smime.mails import opened

FILES = [pytest.param(path, id=f"{path.parent.name}/{path.name}") for path in SEEDS.glob("*/*")]


def test_every_target_has_seeds_and_a_maker() -> None:
    folders = {path.name for path in SEEDS.iterdir()}
    assert folders == TARGETS.keys() == MAKERS.keys()
    assert all(any((SEEDS / name).iterdir()) for name in folders)


@pytest.mark.parametrize("path", FILES)
def test_a_seed_is_no_finding(path: Path) -> None:
    TARGETS[path.parent.name](path.read_bytes())


@pytest.mark.parametrize("path", sorted((SEEDS / "open").iterdir()), ids=lambda path: path.name)
def test_a_seed_opens_so_that_mutations_reach_the_inside(path: Path) -> None:
    found = opened(path.read_bytes(), ring=readers())

    assert found.layers
    assert all(layer.opened for layer in found.encrypted_layers)
    assert all(counts(signer) for layer in found.signed_layers for signer in layer.signers)


def test_the_target_notices_a_signature_over_a_text_that_nobody_signed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("tests.fuzz.targets.signed_texts", frozenset)
    with pytest.raises(AssertionError, match="nobody signed"):
        fuzz_open((SEEDS / "open" / "signed_dana").read_bytes())


@pytest.mark.parametrize("path", sorted((SEEDS / "pkcs12").iterdir()), ids=lambda path: path.name)
def test_a_key_file_among_the_seeds_opens(path: Path) -> None:
    (entry,) = open_pkcs12(path.read_bytes(), Secret(PASSPHRASE)).keys
    assert entry.certificates
