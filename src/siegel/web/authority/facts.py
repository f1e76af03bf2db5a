"""How authorities and what they issued are shown: marks, words, sentences."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from siegel.ca.profiles import KeyUse
from siegel.flows.authority_pages import Standing
from siegel.pki.classes import ValidationType
from siegel.policy.authority_state import AuthorityState
from siegel.store.authority_rows import IssuedRow
from siegel.web.authority.forms import CA_COMPROMISE, REASONS
from siegel.web.certificate_names import name_of
from siegel.web.looks import Look
from siegel.wording.lookup import words
from siegel.wording.words import Language

PUBLISHED_BELOW = "/pki"  # where the pages serve lists (``siegel.web.pki``)


LOOKS = {
    AuthorityState.WORKS: Look(
        state="is-good",
        icon="check",
        word=gettext_lazy("Works"),
        sentence=gettext_lazy("It can issue certificates, and everybody can check them."),
    ),
    AuthorityState.WAITS: Look(
        state="is-todo",
        icon="clock",
        word=gettext_lazy("Waits for the answer from above"),
        sentence=gettext_lazy("It works as soon as its certificate has come from outside."),
    ),
    AuthorityState.ENDS_SOON: Look(
        state="is-warn",
        icon="clock",
        word=gettext_lazy("Ends soon"),
        sentence=gettext_lazy("What it issues now ends no later than it does itself."),
    ),
    AuthorityState.ENDED: Look(
        state="is-bad",
        icon="close",
        word=gettext_lazy("Expired"),
        sentence=gettext_lazy("It issues nothing any more, and nothing below it counts."),
    ),
    AuthorityState.REVOKED: Look(
        state="is-bad",
        icon="close",
        word=gettext_lazy("Revoked"),
        sentence=gettext_lazy("It issues nothing any more, and nothing below it counts."),
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One authority of the list."""

    standing: Standing
    look: Look
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedLine:
    """One certificate in the list of what an authority issued. ``why``: it was revoked."""

    row: IssuedRow
    name: str
    address: str
    kind: str
    state: str
    icon: str
    word: str
    why: str
    may_revoke: bool


def line_of(standing: Standing) -> Line:
    kind = _("Root authority") if standing.is_root else _("Issuing authority")
    return Line(standing=standing, look=LOOKS[standing.state], kind=kind)


def issued_lines(
    rows: Iterable[IssuedRow], language: Language, at: datetime
) -> tuple[IssuedLine, ...]:
    return tuple(_issued_line(row, language, at) for row in rows)


def _issued_line(row: IssuedRow, language: Language, at: datetime) -> IssuedLine:
    certificate = row.certificate
    ended = certificate.not_after <= at
    state, icon, word = "is-good", "check", _("in force")
    if row.reason is not None:
        state, icon, word = "is-bad", "close", _("revoked")
    elif ended:
        state, icon, word = "is-open", "clock", _("expired")
    return IssuedLine(
        row=row,
        name=name_of(certificate),
        address=str(certificate.addresses[0]) if certificate.addresses else "",
        kind=profile_in_words(row.profile, language),
        state=state,
        icon=icon,
        word=word,
        why=reason_in_words(row.reason),
        may_revoke=row.reason is None and not ended and not certificate.is_self_issued,
    )


def profile_in_words(profile: str, language: Language) -> str:
    """Profiles are stored as ``flows.certifying`` names them."""
    if profile == "authority":
        return _("authority")
    if profile == "responder":
        return _("answers about revocation")
    validation, _generation, use = profile.split()
    kinds = {
        KeyUse.DUAL: _("for signing and encryption"),
        KeyUse.SIGNING: _("for signing"),
        KeyUse.ENCRYPTION: _("for encryption"),
    }
    return f"{words(ValidationType(validation), language).title}, {kinds[KeyUse(use)]}"


def reason_in_words(reason: str | None) -> str:
    """As the form says it; "" for what is not revoked."""
    return str(dict([CA_COMPROMISE, *REASONS]).get(reason or "", ""))


def published_here() -> str:
    """The address below which these pages serve what authorities publish: over plain http, under
    the name people type, without the port of a TLS proxy."""
    web = settings.SIEGEL.web
    parts = urlsplit(web.url)
    host = parts.hostname if parts.scheme == "https" else parts.netloc
    return f"http://{host or web.listen}{PUBLISHED_BELOW}"
