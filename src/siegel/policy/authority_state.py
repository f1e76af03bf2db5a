"""How an authority of ours stands: one word, from its certificate and the moment."""

from datetime import datetime, timedelta
from enum import StrEnum

from siegel.pki.certificate import Certificate

ENDS_SOON = timedelta(days=365)  # nothing it issues lasts longer than it does itself


class AuthorityState(StrEnum):
    WAITS = "waits"
    WORKS = "works"
    ENDS_SOON = "ends_soon"
    ENDED = "ended"
    REVOKED = "revoked"

    @property
    def can_issue(self) -> bool:
        return self in (AuthorityState.WORKS, AuthorityState.ENDS_SOON)


def authority_state(
    certificate: Certificate | None, *, revoked: bool, at: datetime
) -> AuthorityState:
    """``certificate`` None: the answer of the authority above has not come."""
    if certificate is None:
        return AuthorityState.WAITS
    if revoked:
        return AuthorityState.REVOKED
    if certificate.not_after <= at:
        return AuthorityState.ENDED
    if certificate.not_after - at <= ENDS_SOON:
        return AuthorityState.ENDS_SOON
    return AuthorityState.WORKS
