"""What the pages about people say: roles and state in words, the text of an invitation."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from siegel.policy.roles import Role
from siegel.store.rows import UserRow
from siegel.web.templatetags.siegel import day


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A person in a list: state as class, sign and words of the stylesheet. ``is_special``: it is
    worth a tag, because most people may simply sign in."""

    user: UserRow
    roles: str
    kind: str
    icon: str
    words: str
    seen: str

    @property
    def is_special(self) -> bool:
        return self.kind != "is-good"


def line_of(user: UserRow) -> Line:
    kind, icon, words = _state(user)
    return Line(
        user=user,
        roles=roles_in_words(user.roles),
        kind=kind,
        icon=icon,
        words=words,
        seen=_("last here %(day)s") % {"day": day(user.last_seen_at)} if user.last_seen_at else "",
    )


def roles_in_words(roles: frozenset[Role]) -> str:
    words = {
        Role.ADMINISTRATOR: _("Administrator"),
        Role.CERTIFICATE_MANAGER: _("Certificate manager"),
        Role.MEMBER: _("Member"),
    }
    return ", ".join(word for role, word in words.items() if role in roles) or _("no role")


def invitation(office: str, link: str, ends_at: datetime) -> tuple[str, str]:
    """Subject and text of the mail, in the language of the page."""
    subject = _("Your access to Siegel of %(office)s") % {"office": office}
    text = _(
        "Good day,\n\n"
        "you have been invited to work with Siegel, which signs and encrypts the mail of"
        " %(office)s.\n\n"
        "Choose your password here:\n%(link)s\n\n"
        "The link works once and until %(day)s. If you did not expect this mail, you can leave it"
        " alone.\n"
    ) % {"office": office, "link": link, "day": f"{day(ends_at)}, {ends_at:%H:%M} UTC"}
    return subject, text


def _state(user: UserRow) -> tuple[str, str, str]:
    if not user.active:
        return "is-open", "lock", _("Deactivated")
    if user.waits:
        return "is-todo", "mail", _("Invited")
    if not user.roles:
        return "is-warn", "warning", _("Without a role")
    return "is-good", "person-check", _("May sign in")
