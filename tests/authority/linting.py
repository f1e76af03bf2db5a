"""pkilint's findings about what we issue, without those that have a reason here."""

import contextlib
import io
import json
import warnings
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.authority.house import Kind

REASONS = {
    "cabf.smime.certificate_policies_extension_missing": (
        "our certificates name no policy: those of the CA/B Forum assert an audit we do not have"
    ),
    "cabf.smime.prohibited_spki_algorithm_encoding": (
        "Brainpool and X25519: no public authority certifies them, but BSI TR-02102 and RFC 8410 "
        "know them; P-521: S/MIME BR §7.1.3.1.2 names it, pkilint's table does not"
    ),
    "cabf.ecdsa_key_validation_failed": "Brainpool: a curve that pkilint cannot compute with",
    "cabf.smime.unsupported_public_key_type": (
        "X25519 is unknown to the requirements, so no key usage would be right for them"
    ),
}
"""Findings that stay, each with its reason. Everything else is an error of ours."""

_BOUND_TO = {
    "cabf.smime.prohibited_spki_algorithm_encoding": ("brainpool", "x25519", "p-521"),
    "cabf.ecdsa_key_validation_failed": ("brainpool",),
    "cabf.smime.unsupported_public_key_type": ("x25519",),
}
_TYPES = {"mailbox": "MAILBOX", "organization": "ORGANIZATION", "sponsor": "SPONSORED"}

Main = Callable[[list[str]], int]


def of_leaf(kind: Kind, der: bytes) -> list[str]:
    """What remains about a certificate of a mailbox, by the S/MIME Baseline Requirements."""
    from pkilint.bin.lint_cabf_smime_cert import main

    type_ = f"{_TYPES[kind.validation.value]}-{kind.generation.value.upper()}"
    found = _findings(main, der, "-t", type_)
    return [one for one in found if not _has_reason(one, kind)]


def of_certificate(der: bytes) -> list[str]:
    """About any certificate, by RFC 5280."""
    from pkilint.bin.lint_pkix_cert import main

    return _findings(main, der)


def of_list(der: bytes, *, of_authorities: bool = False) -> list[str]:
    from pkilint.bin.lint_crl import main

    type_ = "ARL" if of_authorities else "CRL"
    return [
        finding
        for profile in ("PKIX", "BR")
        for finding in _findings(main, der, "-t", type_, "-p", profile)
    ]


def of_answer(der: bytes) -> list[str]:
    from pkilint.bin.lint_ocsp_response import main

    return _findings(main, der)


def _has_reason(finding: str, kind: Kind) -> bool:
    code = finding.partition(" ")[0]
    keys = _BOUND_TO.get(code, ("",))
    return code in REASONS and any(kind.key.value.startswith(key) for key in keys)


def _findings(main: Main, der: bytes, *options: str) -> list[str]:
    """Codes with what they say, from NOTICE upwards."""
    said = io.StringIO()
    with TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        file = Path(folder) / "one.der"
        file.write_bytes(der)
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            main(["lint", "-s", "NOTICE", "-f", "JSON", "--document-format", "DER", *options,
                  str(file)])  # fmt: skip
    try:
        results = json.loads(said.getvalue())["results"]
    except ValueError:
        return [f"not read: {said.getvalue().strip()}"]
    return [
        f"{one['code']} {one.get('message') or ''}".strip()
        for result in results
        for one in result["finding_descriptions"]
    ]
