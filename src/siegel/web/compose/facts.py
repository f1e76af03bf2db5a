"""What the page says: a line beside each recipient, the two sums of the seal bar, the choices."""

from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from siegel.base.address import EmailAddress
from siegel.flows.drafts import Way, Written
from siegel.flows.looking_up import Found
from siegel.flows.recipient_standing import RecipientStanding, Standings
from siegel.mime.mailboxes import parse_mailboxes
from siegel.policy.lookups import CERTAIN, Answer
from siegel.policy.next_steps import Step
from siegel.policy.outbound import EncryptionOffer
from siegel.policy.reasons import Obstacle, Reason
from siegel.web.compose.fields import KINDS
from siegel.web.person import Person
from siegel.web.templatetags.siegel import day, plain
from siegel.wording.lookup import words
from siegel.wording.lookups import answer_words
from siegel.wording.words import Language, Words

_LOOKS = {
    Obstacle.NO_CERTIFICATE: ("is-todo", "mail"),
    Obstacle.REVOKED: ("is-bad", "seal-broken"),
    Obstacle.NOT_TRUSTED: ("is-warn", "anchor"),
    Obstacle.NOT_YET_VALID: ("is-warn", "calendar"),
    Obstacle.PENDING: ("is-todo", "person-check"),
    Obstacle.CHANGE_UNCONFIRMED: ("is-warn", "key"),
}
_ELSE = ("is-warn", "clock")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fix:
    """A step that this person can take, or words about who can."""

    label: str
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """A chip: ``text`` is what the form keeps, ``place`` names it for removal."""

    kind: str
    place: str
    text: str
    name: str
    address: str
    state: str
    icon: str
    why: str
    fix: Fix | None = None
    invite: str = ""

    @property
    def title(self) -> str:
        return self.name or self.address


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    state: str
    icon: str
    title: str
    about: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    value: str
    label: str
    hint: str
    chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """``question``: what stands above the choices; "" when there is nothing to choose.
    ``suggested``: the choice that is ticked although nobody ticked it."""

    to: tuple[Recipient, ...]
    cc: tuple[Recipient, ...]
    bcc: tuple[Recipient, ...]
    seal: Sum
    lock: Sum
    question: str
    choices: tuple[Choice, ...]
    suggested: str
    may_drop_quote: bool
    unreadable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LookedUp:
    """What came of looking for one recipient's certificate. ``source``: the directory."""

    address: str
    state: str
    icon: str
    words: Words
    source: str


def looked_up(found: Found, language: Language) -> LookedUp:
    certain = found.answer in CERTAIN
    nothing = found.answer is Answer.NOT_FOUND
    return LookedUp(
        address=str(found.address),
        state="is-good" if certain else "is-open" if nothing else "is-todo",
        icon="check" if certain else "search",
        words=answer_words(found.answer, language),
        source="" if nothing else found.source,
    )


def shown(
    written: Written, found: Standings, person: Person, language: Language, at: datetime
) -> Shown:
    by_address = {each.address: each for each in found.recipients}
    chips = {
        kind: tuple(
            _recipient(kind, number, text, by_address, found, person, language, at)
            for number, text in enumerate(getattr(written, kind))
        )
        for kind in KINDS
    }
    choices = _choices(written, found)
    ticked = [each.value for each in choices if each.chosen] if written.way is Way.RULE else []
    if choices and found.ready < len(found.recipients):
        written = replace(written, way=settled(written, found))
    return Shown(
        to=chips["to"],
        cc=chips["cc"],
        bcc=chips["bcc"],
        seal=seal_of(found, language),
        lock=lock_of(written, found, language),
        question=_question(found) if choices else "",
        choices=choices,
        suggested="".join(ticked),
        may_drop_quote=written.closed and not found.encrypted,
        unreadable=any(not each.address for each in (*chips["to"], *chips["cc"], *chips["bcc"])),
    )


def _recipient(
    kind: str,
    number: int,
    text: str,
    by_address: dict[EmailAddress, RecipientStanding],
    found: Standings,
    person: Person,
    language: Language,
    at: datetime,
) -> Recipient:
    mailboxes = parse_mailboxes(text)
    address = mailboxes[0].address if mailboxes else None
    standing = by_address.get(address) if address is not None else None
    place = f"{kind}:{number}"
    if standing is None:
        return Recipient(
            kind=kind,
            place=place,
            text=text,
            name=plain(text),
            address="",
            state="is-bad",
            icon="warning",
            why=_("This is no e-mail address. It looks like name@office.example."),
        )
    state, icon = ("is-good", "lock") if standing.ready else _look(standing.obstacle)
    return Recipient(
        kind=kind,
        place=place,
        text=text,
        name=plain(mailboxes[0].display),
        address=str(standing.address),
        state=state,
        icon=icon,
        why=reason_of(standing, language),
        fix=_fix(standing, found, person, language),
        invite=_inviting(standing, found),
    )


def _look(obstacle: Obstacle | None) -> tuple[str, str]:
    return _LOOKS.get(obstacle, _ELSE) if obstacle is not None else _ELSE


def reason_of(standing: RecipientStanding, language: Language) -> str:
    """Ready, or what explains most; the date where there is one."""
    when = {"date": day(standing.at)}
    match standing.obstacle:
        case None:
            return _("Ready: certificate valid until %(date)s") % when
        case Obstacle.NO_CERTIFICATE:
            return _("Has never sent a signed message")
        case Obstacle.EXPIRED if standing.at is not None:
            return _("Certificate expired on %(date)s") % when
        case Obstacle.NOT_YET_VALID if standing.at is not None:
            return _("Certificate becomes valid on %(date)s") % when
        case Obstacle.NOT_TRUSTED if standing.root is not None:
            return _("Issuer not confirmed yet")
        case Obstacle.REVOKED:
            return _("Certificate revoked")
        case _ as obstacle:
            return words(obstacle, language).sentence


def _fix(
    standing: RecipientStanding, found: Standings, person: Person, language: Language
) -> Fix | None:
    match standing.step:
        case Step.ASK_SIGNED:
            return Fix(label=_("Ask for one"), address=_asking(standing, found, "signed"))
        case Step.ASK_NEW:
            return Fix(label=_("Ask for a new one"), address=_asking(standing, found, "new"))
        case Step.COMPARE if person.is_certificate_manager:
            known = standing.root
            address = reverse("trust:named", args=[known]) if known else reverse("trust:inbox")
            return Fix(label=_("Compare the fingerprint"), address=address)
        case Step.CONFIRM if person.is_certificate_manager:
            return Fix(label=_("Look at the question"), address=reverse("trust:questions"))
        case Step.COMPARE | Step.CONFIRM:
            return Fix(label=_("Your certificate management can settle this."))
        case None:
            return None
        case _:
            obstacle = standing.obstacle
            return Fix(label=words(obstacle, language).next_step) if obstacle else None


def _inviting(standing: RecipientStanding, found: Standings) -> str:
    """A partner without a usable certificate may hand one in by a link."""
    if standing.step not in (Step.ASK_SIGNED, Step.ASK_NEW):
        return ""
    query = {"to": str(standing.address), "account": str(found.sender)}
    return f"{reverse('invitations:new')}?{urlencode(query)}"


def _asking(standing: RecipientStanding, found: Standings, ask: str) -> str:
    query = {"to": str(standing.address), "account": str(found.sender), "ask": ask}
    return f"{reverse('compose:new')}?{urlencode(query)}"


def seal_of(found: Standings, language: Language) -> Sum:
    """Signed as whom, or exactly why not."""
    if found.may_sign and (found.signed or found.held):
        about = _("as %(address)s") % {"address": found.sender}
        return Sum(state="is-good", icon="seal", title=_("Will be signed"), about=about)
    against = found.decision.sender[:1] or found.decision.reasons[:1]
    about = words(against[0], language).sentence if against else ""
    return Sum(state="is-open", icon="postcard", title=_("Not signed"), about=about)


def lock_of(written: Written, found: Standings, language: Language) -> Sum:
    """On, offered, so many of so many ready, or held; never on while the seal is off."""
    total, ready = len(found.recipients), found.ready
    if holds_a_key(found):
        about = words(Reason.PRIVATE_KEY_ATTACHED, language).sentence
        return _open(_("Will not leave"), about, held=True)
    if found.encrypted:
        return Sum(
            state="is-full",
            icon="seal-lock",
            title=_("Will be encrypted"),
            about=_why_encrypted(written, found),
        )
    if not found.may_sign:
        about = _("Only what is signed can be encrypted.")
        return _open(_("Not encrypted"), about, held=found.held)
    if not total:
        return _open(_("Not encrypted yet"), _("Nobody is named yet."))
    counted = ngettext(
        "%(ready)s of %(total)s people is ready", "%(ready)s of %(total)s people are ready", ready
    ) % {"ready": ready, "total": total}
    if ready < total:
        return _not_for_all(written, found, counted)
    if found.encryption is EncryptionOffer.OFFERED:
        reason = words(found.decision.reasons[0], language).sentence
        return Sum(state="is-todo", icon="lock-open", title=_("Can be encrypted"), about=reason)
    reason = words(found.decision.reasons[0], language).sentence
    return _open(_("Not encrypted"), reason, held=found.held)


def holds_a_key(found: Standings) -> bool:
    return Reason.PRIVATE_KEY_ATTACHED in found.decision.reasons


def _not_for_all(written: Written, found: Standings, counted: str) -> Sum:
    if written.way is Way.READY and found.ready:
        return Sum(state="is-full", icon="seal-lock", title=_("Will be encrypted"), about=counted)
    if written.way is Way.WAIT:
        about = _("%(counted)s; it leaves when all are") % {"counted": counted}
        return Sum(state="is-todo", icon="clock", title=_("Will wait"), about=about)
    if found.demanded:
        about = _("%(counted)s; a rule demands it") % {"counted": counted}
        return _open(_("Not encrypted yet"), about, held=True)
    return _open(_("Not encrypted yet"), counted, held=found.held or bool(found.ready))


def _why_encrypted(written: Written, found: Standings) -> str:
    if found.demanded:
        return _("Your rules demand it.")
    if written.closed:
        return _("The message quotes what came encrypted.")
    if written.way in (Way.ENCRYPT, Way.WAIT, Way.READY):
        return _("As you chose; everybody is ready.")
    return _("By itself, because everybody is ready.")


def _open(title: str, about: str, *, held: bool = False) -> Sum:
    state = "is-warn" if held else "is-open"
    return Sum(state=state, icon="lock-open", title=title, about=about)


def _question(found: Standings) -> str:
    if found.ready == len(found.recipients):
        return _("This message can be encrypted. How should it go out?")
    return _("This message cannot be encrypted to everybody. How should it go out?")


def _choices(written: Written, found: Standings) -> tuple[Choice, ...]:
    """Only what is possible; nothing where the rules have settled it."""
    total, ready = len(found.recipients), found.ready
    if not total or not found.may_sign:
        return ()
    if ready == total:
        return _offered(written, found)
    way = settled(written, found)
    waiting = total - ready
    found_choices = [
        Choice(
            value=Way.WAIT,
            label=_("Wait until everybody is ready"),
            hint=_(
                "It stays in the outbox and leaves by itself as soon as all certificates are here."
            ),
            chosen=way is Way.WAIT,
        )
    ]
    if ready:
        hint = ngettext(
            "%(number)s other person is taken out of this message.",
            "%(number)s other people are taken out of this message.",
            waiting,
        ) % {"number": waiting}
        label = ngettext(
            "Only to the one who is ready, encrypted",
            "Only to the %(number)s who are ready, encrypted",
            ready,
        ) % {"number": ready}
        found_choices.append(
            Choice(value=Way.READY, label=label, hint=hint, chosen=way is Way.READY)
        )
    if not written.closed and not found.demanded:
        found_choices.append(
            Choice(
                value=Way.SIGN,
                label=_("To everybody, signed only"),
                hint=_("On its way the content can be read like a postcard."),
                chosen=way is Way.SIGN,
            )
        )
    return tuple(found_choices)


def _offered(written: Written, found: Standings) -> tuple[Choice, ...]:
    if written.closed or found.encryption is not EncryptionOffer.OFFERED:
        return ()
    encrypt = written.way in (Way.ENCRYPT, Way.WAIT, Way.READY)
    return (
        Choice(
            value=Way.ENCRYPT,
            label=_("Encrypted and signed"),
            hint=_("Only those it is addressed to can read it."),
            chosen=encrypt,
        ),
        Choice(
            value=Way.SIGN,
            label=_("Signed only"),
            hint=_("On its way the content can be read like a postcard."),
            chosen=not encrypt,
        ),
    )


def settled(written: Written, found: Standings) -> Way:
    """The way that is taken unless the writer takes another: nothing that could be protected for
    some leaves readable without a word."""
    if written.way in (Way.WAIT, Way.READY) and (found.ready or written.way is Way.WAIT):
        return written.way
    must = written.closed or found.demanded
    if written.way is Way.SIGN and not must:
        return Way.SIGN
    return Way.WAIT if must or found.ready or written.way is Way.ENCRYPT else Way.SIGN
