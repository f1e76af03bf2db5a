"""The signed mails and the key files of NIST's PKITS, as ``cryptography_vectors`` carries them.

Every mail is signed rightly by the end entity of one test; certificates and revocation lists of
that test come along. So the verdict on the path must be that of ``pkits_expected.tsv``, from
nothing but what is in the mail.
"""

from functools import cache
from pathlib import Path

import pytest

from siegel.base.errors import UnsupportedAlgorithm
from siegel.base.findings import Finding
from siegel.base.keys import EmptyKeyring
from siegel.base.secret import Secret
from siegel.mime.parse import parse_message
from siegel.pki import pkcs12, softkeys
from siegel.pki.evidence import Evidence
from siegel.pki.path import validate
from siegel.pki.softkeys import PrivateKey
from siegel.pki.usage import PathRules
from siegel.pki.verdict import PathVerdict
from siegel.smime.layers import SignedLayer, Signer
from siegel.smime.open import open_message
from tests.corpora import pkits

MAILS = sorted((pkits.DATA / "smime").glob("*.eml"))
KEY_FILES = sorted((pkits.DATA / "pkcs12").glob("*.p12"))
PASSPHRASE = Secret("password")  # NIST's document, section 3

UNREADABLE = "SignedValidDSAParameterInheritanceTest5"  # a certificate that inherits parameters
NOT_JUDGED = "SignedCPSPointerQualifierTest20"  # NIST asks what is shown of the qualifier
# The first is not read; the mail of the second test is signed with the certificate of the next.
WITHOUT_MAIL = {"ValidDSAParameterInheritanceTest5EE", "ValidonlySomeReasonsTest18EE"}
DSA_KEYS = {
    "DSACACert",
    "DSAParametersInheritedCACert",
    "InvalidDSASignatureTest6EE",
    "ValidDSAParameterInheritanceTest5EE",
    "ValidDSASignaturesTest4EE",
}

READABLE = pytest.mark.parametrize(
    "mail", [path for path in MAILS if path.stem != UNREADABLE], ids=lambda path: path.stem
)


def _opened(raw: bytes) -> tuple[SignedLayer, Signer]:
    (layer,) = open_message(parse_message(raw), EmptyKeyring()).layers
    assert isinstance(layer, SignedLayer)
    (signer,) = layer.signers
    return layer, signer


def _runs_of(signer: Signer) -> list[pkits.Run]:
    assert signer.certificate is not None
    return _runs().get(signer.certificate.fingerprint, [])


@cache
def _runs() -> dict[str, list[pkits.Run]]:
    """The runs of each end entity, by its fingerprint."""
    found: dict[str, list[pkits.Run]] = {}
    for run in pkits.runs():
        if run.ours != pkits.NOT_READ:
            found.setdefault(pkits.certificate(run.leaf).fingerprint, []).append(run)
    return found


def _verdict(layer: SignedLayer, signer: Signer, run: pkits.Run) -> PathVerdict:
    assert signer.certificate is not None
    evidence = Evidence(intermediates=layer.certificates, crls=layer.crls)
    rules = PathRules(mail=False, policies=run.policies)
    return validate(signer.certificate, pkits.anchors(), evidence, pkits.AT, rules=rules)


@READABLE
def test_the_signature_is_right_and_a_changed_text_is_not(mail: Path) -> None:
    raw = mail.read_bytes()
    changed = raw.replace(b"This is a sample signed message.", b"This is a simple signed message.")
    assert changed != raw

    _, signer = _opened(raw)
    _, misled = _opened(changed)

    assert (signer.intact, signer.signature_valid) == (True, True)
    assert misled.intact is False


@READABLE
def test_the_path_of_the_mail_gets_the_verdict_of_the_table(mail: Path) -> None:
    layer, signer = _opened(mail.read_bytes())
    runs = _runs_of(signer)

    assert [pkits.told(_verdict(layer, signer, run)) for run in runs] == [run.ours for run in runs]
    assert bool(runs) is (mail.stem != NOT_JUDGED)


def test_no_mail_is_left_out() -> None:
    signers = [_opened(path.read_bytes())[1] for path in MAILS if path.stem != UNREADABLE]
    met = {run.leaf for signer in signers for run in _runs_of(signer)}

    assert len(MAILS) == 224
    assert {run.leaf for run in pkits.runs()} - met == WITHOUT_MAIL


def test_a_certificate_without_parameters_of_its_own_verifies_nothing() -> None:
    _, signer = _opened((pkits.DATA / "smime" / f"{UNREADABLE}.eml").read_bytes())

    assert (signer.certificate, signer.signature_valid) == (None, None)
    assert Finding.SIGNER_CERTIFICATE_MISSING in signer.findings


def _loaded(pkcs8: bytes, *, validated: bool) -> PrivateKey:
    """Without the check of the RSA numbers: for 400 keys it takes half a minute."""
    del validated
    return softkeys.load_private_key(pkcs8, validated=True)


def test_all_key_files_open_with_the_published_passphrase(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pkcs12, "load_private_key", _loaded)
    assert len(KEY_FILES) == 405
    for path in KEY_FILES:
        if path.stem in DSA_KEYS:  # verified, but never used
            with pytest.raises(UnsupportedAlgorithm):
                pkcs12.open_pkcs12(path.read_bytes(), PASSPHRASE)
            continue
        opened = pkcs12.open_pkcs12(path.read_bytes(), PASSPHRASE)
        (entry,) = opened.keys
        assert entry.certificates == opened.certificates
        assert len(opened.certificates) == 1


def test_key_files_open_with_their_keys_checked() -> None:
    for path in KEY_FILES[:8]:
        assert len(pkcs12.open_pkcs12(path.read_bytes(), PASSPHRASE).keys) == 1
