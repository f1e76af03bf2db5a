"""What an organisation has to do at another authority, and when it has to be done again.

„Vor dem Ablauf erneuern, und das neue Zertifikat bei jeder Behörde wieder hochladen.“

A step that gave our certificate away counts for that certificate only: once it is renewed, ends or
is revoked, the step is due again. Other steps are done for good. Pure: facts in, standing out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

SOON = timedelta(days=30)  # before the end; the reminders of certificates begin then, too


class Counterpart(StrEnum):
    """Whom a list of steps is for. OWN: one that people wrote themselves."""

    EMPLOYMENT_AGENCY = "employment_agency"
    BAMF = "bamf"
    V_PKI = "v_pki"
    OWN = "own"


class StepKind(StrEnum):
    ASK_CONTACT = "ask_contact"
    INVITATION = "invitation"
    UPLOAD = "upload"
    LDAP_ACCESS = "ldap_access"
    IMPORT_ROOT = "import_root"
    COMPARE_ROOT = "compare_root"
    PORTAL_LOGIN = "portal_login"
    PORTAL_UPLOAD = "portal_upload"
    TEST_MAIL = "test_mail"
    OWN = "own"


PRESETS: Mapping[Counterpart, tuple[StepKind, ...]] = {
    Counterpart.EMPLOYMENT_AGENCY: (
        StepKind.ASK_CONTACT,
        StepKind.IMPORT_ROOT,
        StepKind.INVITATION,
        StepKind.UPLOAD,
        StepKind.LDAP_ACCESS,
        StepKind.TEST_MAIL,
    ),
    Counterpart.BAMF: (
        StepKind.IMPORT_ROOT,
        StepKind.PORTAL_LOGIN,
        StepKind.PORTAL_UPLOAD,
        StepKind.TEST_MAIL,
    ),
    Counterpart.V_PKI: (StepKind.IMPORT_ROOT, StepKind.COMPARE_ROOT),
    Counterpart.OWN: (),
}

FOLLOWS_CERTIFICATE = frozenset({StepKind.UPLOAD, StepKind.PORTAL_UPLOAD, StepKind.TEST_MAIL})
"""Done for one certificate of ours, and due again with the next."""


class Progress(StrEnum):
    """OPEN: never done. AGAIN: done for a certificate that counts no more. SOON: done, and the
    certificate ends within 30 days."""

    OPEN = "open"
    AGAIN = "again"
    SOON = "soon"
    DONE = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """``fingerprint``: of our certificate it was done with, "" for steps without one; ``ends_at``
    None: that certificate is not here any more."""

    at: datetime
    by: str
    fingerprint: str = ""
    ends_at: datetime | None = None


def progress(
    done: Done | None, *, follows_certificate: bool, current: str | None, at: datetime
) -> Progress:
    """``current``: fingerprint of the certificate that partners should have today, None = none."""
    if done is None:
        return Progress.OPEN
    if not follows_certificate:
        return Progress.DONE
    if current != done.fingerprint or done.ends_at is None or done.ends_at <= at:
        return Progress.AGAIN
    return Progress.SOON if done.ends_at - at <= SOON else Progress.DONE
