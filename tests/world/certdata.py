"""Writes lists of roots in the format of Mozilla's ``certdata.txt``, from certificates of ours."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from siegel.base import der
from siegel.pki.certificate import Certificate, parse_certificate

TRUSTED: Final = "CKT_NSS_TRUSTED_DELEGATOR"
NEUTRAL: Final = "CKT_NSS_MUST_VERIFY_TRUST"
DISTRUSTED: Final = "CKT_NSS_NOT_TRUSTED"

HEAD: Final = """#
# A list of roots for tests.
#
BEGINDATA
CKA_CLASS CK_OBJECT_CLASS CKO_NSS_BUILTIN_ROOT_LIST
CKA_TOKEN CK_BBOOL CK_TRUE
CKA_LABEL UTF8 "Roots of a test"
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Root:
    """A certificate of the list; ``email`` is the value of CKA_TRUST_EMAIL_PROTECTION."""

    der: bytes
    email: str = TRUSTED
    distrust_after: datetime | None = None
    label: str = "Stelle „Ost“ für Tests"

    @property
    def text(self) -> str:
        return self.certificate + self.trust

    @property
    def certificate(self) -> str:
        return f"""
# Certificate "{self.label}"
CKA_CLASS CK_OBJECT_CLASS CKO_CERTIFICATE
CKA_TOKEN CK_BBOOL CK_TRUE
CKA_LABEL UTF8 "{self.label}"
CKA_CERTIFICATE_TYPE CK_CERTIFICATE_TYPE CKC_X_509
CKA_SUBJECT MULTILINE_OCTAL
{octal(self._parsed.subject_der)}
CKA_ID UTF8 "0"
{self._name}
CKA_VALUE MULTILINE_OCTAL
{octal(self.der)}
CKA_NSS_MOZILLA_CA_POLICY CK_BBOOL CK_TRUE
CKA_NSS_SERVER_DISTRUST_AFTER CK_BBOOL CK_FALSE
CKA_NSS_EMAIL_DISTRUST_AFTER {self._distrust_after}
"""

    @property
    def trust(self) -> str:
        sha1 = hashlib.sha1(self.der, usedforsecurity=False).digest()
        return f"""
# Trust for "{self.label}"
CKA_CLASS CK_OBJECT_CLASS CKO_NSS_TRUST
CKA_TOKEN CK_BBOOL CK_TRUE
CKA_LABEL UTF8 "{self.label}"
CKA_CERT_SHA1_HASH MULTILINE_OCTAL
{octal(sha1)}
{self._name}
CKA_TRUST_SERVER_AUTH CK_TRUST {TRUSTED}
CKA_TRUST_EMAIL_PROTECTION CK_TRUST {self.email}
CKA_TRUST_CODE_SIGNING CK_TRUST {NEUTRAL}
CKA_TRUST_STEP_UP_APPROVED CK_BBOOL CK_FALSE
"""

    @property
    def _name(self) -> str:
        issuer = octal(self._parsed.issuer_der)
        serial = octal(der.integer(self._parsed.serial))
        return f"CKA_ISSUER MULTILINE_OCTAL\n{issuer}\nCKA_SERIAL_NUMBER MULTILINE_OCTAL\n{serial}"

    @property
    def _distrust_after(self) -> str:
        if self.distrust_after is None:
            return "CK_BBOOL CK_FALSE"
        text = f"{self.distrust_after.astimezone(UTC):%y%m%d%H%M%SZ}"
        return f"MULTILINE_OCTAL\n{octal(text.encode())}"

    @property
    def _parsed(self) -> Certificate:
        return parse_certificate(self.der)


def certdata(roots: Iterable[Root]) -> bytes:
    return (HEAD + "".join(root.text for root in roots)).encode()


def octal(octets: bytes) -> str:
    """With the END that closes it."""
    lines = [octets[at : at + 16] for at in range(0, len(octets), 16)]
    return "\n".join(["".join(f"\\{octet:03o}" for octet in line) for line in lines] + ["END"])
