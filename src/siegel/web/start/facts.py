"""What waits, as the first page shows it: a mark, a sentence, why it matters, and one action."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from siegel.flows.attention import Matter, Waiting
from siegel.policy.health import Checked, State
from siegel.wording.health import STATES, said_of_check
from siegel.wording.words import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One thing that waits; ``address`` "" where there is no page for it."""

    title: str
    why: str
    state: str
    icon: str
    action: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Look:
    """How a matter looks. ``view``, ``query`` and ``anchor``: the page of its action; ``spare``:
    the place of the help to lead to where that page is not installed."""

    state: str
    icon: str
    said: Callable[[int], str]
    why: Promise
    action: Promise
    view: str
    query: str = ""
    spare: str = ""


_LOOKS: Mapping[Matter, _Look] = {
    Matter.ENDED: _Look(
        state="is-bad",
        icon="clock",
        said=lambda n: ngettext(
            "The certificate of %(n)d address has ended.",
            "The certificates of %(n)d addresses have ended.",
            n,
        ),
        why=_("Its mail leaves without signature. Get a new certificate and import it."),
        action=_("See which"),
        view="certificates:list",
        query="kind=own&validity=expired",
        spare="good-to-know#renewal",
    ),
    Matter.ENDING: _Look(
        state="is-warn",
        icon="clock",
        said=lambda n: ngettext(
            "The certificate of %(n)d address ends within 30 days.",
            "The certificates of %(n)d addresses end within 30 days.",
            n,
        ),
        why=_("Plan a week for a new one. The old one stays, so that old mail can be read."),
        action=_("See which"),
        view="certificates:list",
        query="kind=own&validity=expiring",
        spare="good-to-know#renewal",
    ),
    Matter.LOCKED: _Look(
        state="is-todo",
        icon="lock",
        said=lambda n: ngettext(
            "%(n)d file waits for its passphrase.", "%(n)d files wait for their passphrase.", n
        ),
        why=_("Until then nobody knows what is in it, and it has no effect."),
        action=_("Type the passphrase"),
        view="certificates:list",
        query="kind=locked",
        spare="set-up#passphrase",
    ),
    Matter.NO_ACCOUNT: _Look(
        state="is-todo",
        icon="person",
        said=lambda n: ngettext(
            "%(n)d address has a certificate, but no mail account.",
            "%(n)d addresses have a certificate, but no mail account.",
            n,
        ),
        why=_("A certificate has an effect only with an account for its address."),
        action=_("Create the account"),
        view="accounts:list",
        spare="set-up#account",
    ),
    Matter.KEY_CHANGES: _Look(
        state="is-warn",
        icon="seal-q",
        said=lambda n: ngettext(
            "%(n)d partner has a new key.", "%(n)d partners have a new key.", n
        ),
        why=_("Call and ask whether it is theirs. It can also be a stranger."),
        action=_("Confirm or reject"),
        view="trust:questions",
        spare="administration#key-changes",
    ),
    Matter.UNKNOWN_ROOTS: _Look(
        state="is-warn",
        icon="anchor",
        said=lambda n: ngettext(
            "%(n)d authority is unknown here.", "%(n)d authorities are unknown here.", n
        ),
        why=_("Mail came that hangs on it. Compare its fingerprint, then decide."),
        action=_("Compare"),
        view="trust:inbox",
        spare="administration#unknown-roots",
    ),
    Matter.PENDING: _Look(
        state="is-warn",
        icon="cert",
        said=lambda n: ngettext(
            "%(n)d certificate of a partner waits.", "%(n)d certificates of partners wait.", n
        ),
        why=_("It came with mail and is not used yet. Many settle when an authority is confirmed."),
        action=_("Look at them"),
        view="trust:questions",
        spare="administration#pending",
    ),
    Matter.CHECKLISTS: _Look(
        state="is-warn",
        icon="assigned",
        said=lambda n: ngettext(
            "%(n)d step at an authority is due again.",
            "%(n)d steps at authorities are due again.",
            n,
        ),
        why=_("It has a certificate of ours that ends or was replaced."),
        action=_("See which"),
        view="checklists:list",
        spare="partner-page#checklists",
    ),
    Matter.NOTHING_YET: _Look(
        state="is-todo",
        icon="key",
        said=lambda n: str(_("There is no certificate of your own yet.")),
        why=_("Without one no mail is signed. Import the file that you got."),
        action=_("Import a certificate"),
        view="certificates:list",
        spare="get-a-certificate",
    ),
}


def lines(waiting: tuple[Waiting, ...]) -> tuple[Line, ...]:
    return tuple(_line(one) for one in waiting)


def of_checks(checks: Iterable[Checked], language: Language) -> tuple[Line, ...]:
    """Checks of the installation that are not good, in their own words."""
    return tuple(_of_check(checked, language) for checked in checks)


def address(view: str, query: str = "") -> str:
    """The page of another part; "" where it is not installed."""
    try:
        found = reverse(view)
    except NoReverseMatch:
        return ""
    return f"{found}?{query}" if query else found


def questions() -> tuple[Line, ...]:
    """What people ask most, with the pages that answer."""
    return tuple(line for line in _questions() if line.address)


def _of_check(checked: Checked, language: Language) -> Line:
    said = said_of_check(checked, language)
    return Line(
        title=f"{said.title}: {STATES[language][checked.state]}",
        why=said.sentence,
        state="is-bad" if checked.state is State.BAD else "is-warn",
        icon="warning",
        action=str(_("See what is wrong")),
        address=address("health:overview") or help_address("administration#health"),
    )


def _line(one: Waiting) -> Line:
    look = _LOOKS[one.matter]
    said = look.said(one.number)
    return Line(
        title=said % {"n": one.number} if "%(n)" in said else said,
        why=str(look.why),
        state=look.state,
        icon=look.icon,
        action=str(look.action),
        address=address(look.view, look.query) or help_address(look.spare),
    )


def help_address(place: str) -> str:
    slug, _sharp, anchor = place.partition("#")
    found = reverse("help:chapter", kwargs={"slug": slug})
    return f"{found}#{anchor}" if anchor else found


def _questions() -> Iterator[Line]:
    for view, icon, title, why in (
        (
            "rules:explain",
            "rules",
            _("What happens to a mail from X to Y?"),
            _("Ask before you send. Nothing is sent by it."),
        ),
        (
            "journal:why",
            "journal",
            _("Why was this not encrypted?"),
            _("Find a mail in the journal, with the reason for each person."),
        ),
        (
            "certificates:list",
            "cert",
            _("Hand out my certificate"),
            _("As a file for a portal, or by mail. Never the private key."),
        ),
        ("help:overview", "help", _("How does this work?"), _("The help, from the basics on.")),
    ):
        yield Line(
            title=str(title),
            why=str(why),
            state="",
            icon=icon,
            action="",
            address=address(view),
        )
