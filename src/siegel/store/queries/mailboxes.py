"""Where the mail of accounts lies: settings, sealed credentials, and how fetching goes."""

from datetime import datetime

from django.db.models import Case, Count, F, Min, Value, When

from siegel.base.address import EmailAddress
from siegel.base.errors import NotFound
from siegel.store.mailbox_rows import (
    Authentication,
    MailboxKind,
    MailboxRow,
    Security,
    ServerRow,
    Settings,
)
from siegel.store.models import MailAccount, Mailbox
from siegel.store.text import clean


def get(account: EmailAddress) -> MailboxRow | None:
    found = Mailbox.objects.select_related("account").filter(account__address=str(account)).first()
    return None if found is None else _row(found)


def sealed(account: EmailAddress) -> bytes:
    """Empty: there are none."""
    found = Mailbox.objects.filter(account__address=str(account)).values_list("sealed", flat=True)
    return bytes(next(iter(found), b""))


def put(
    account: EmailAddress, settings: Settings | None, sealed: bytes, *, by: str, at: datetime
) -> None:
    """``settings`` None: delivered by the gateway. What was wrong before counts no more, and the
    mailbox is looked at next."""
    account_id = MailAccount.objects.filter(address=str(account)).values_list("pk", flat=True)
    if not account_id:
        raise NotFound(f"no account {account}")
    kind = MailboxKind.GATEWAY if settings is None else MailboxKind.IMAP
    Mailbox.objects.update_or_create(
        account_id=account_id[0],
        defaults={
            "kind": kind,
            **_columns(settings),
            "sealed": sealed,
            "problem": "",
            "problem_since": None,
            "attempts": 0,
            "due_at": None if settings is None else at,
            "changed_by": clean(by, 400),
            "changed_at": at,
        },
    )


def reseal(account: EmailAddress, sealed: bytes) -> None:
    """The same credentials with a renewed token."""
    Mailbox.objects.filter(account__address=str(account)).update(sealed=sealed)


def remove(account: EmailAddress) -> bool:
    """Settings and credentials go; folders and mail stay."""
    return Mailbox.objects.filter(account__address=str(account)).delete()[0] > 0


def note_problem(account: EmailAddress, problem: str, *, at: datetime) -> None:
    """``problem_since`` is when this very problem began."""
    Mailbox.objects.filter(account__address=str(account)).update(
        problem_since=Case(When(problem=problem, then=F("problem_since")), default=Value(at)),
        problem=clean(problem, 64),
        attempts=F("attempts") + 1,
    )


def note_synced(account: EmailAddress, problem: str = "", *, at: datetime) -> None:
    """``problem``: what is wrong although the server was read."""
    began = Case(When(problem=problem, then=F("problem_since")), default=Value(at))
    Mailbox.objects.filter(account__address=str(account)).update(
        problem_since=began if problem else None,
        problem=clean(problem, 64),
        synced_at=at,
        attempts=0,
    )


def failing(*, before: datetime) -> tuple[int, datetime | None]:
    """How many active accounts have a problem that began before this moment, and since when the
    first has; one query."""
    found = Mailbox.objects.filter(account__active=True, problem_since__lte=before).exclude(
        problem=""
    )
    figures = found.aggregate(number=Count("pk"), since=Min("problem_since"))
    return figures["number"], figures["since"]


def _columns(settings: Settings | None) -> dict[str, object]:
    if settings is None:
        return {
            "imap_host": "", "imap_user": "", "smtp_host": "", "smtp_user": "",
            "authentication": Authentication.PASSWORD, "oauth": {}, "hosts_approved": False,
        }  # fmt: skip
    imap, smtp = settings.imap, settings.smtp
    return {
        "imap_host": imap.host,
        "imap_port": imap.port,
        "imap_security": imap.security,
        "imap_user": clean(imap.user, 400),
        "smtp_host": smtp.host,
        "smtp_port": smtp.port,
        "smtp_security": smtp.security,
        "smtp_user": clean(smtp.user, 400),
        "authentication": settings.authentication,
        "oauth": {"provider": settings.provider} if settings.provider else {},
        "hosts_approved": settings.hosts_approved,
    }


def _row(found: Mailbox) -> MailboxRow:
    return MailboxRow(
        account=EmailAddress.parse(found.account.address),
        kind=MailboxKind(found.kind),
        settings=_settings(found) if found.kind == MailboxKind.IMAP else None,
        has_credentials=bool(found.sealed),
        problem=found.problem,
        problem_since=found.problem_since,
        synced_at=found.synced_at,
        changed_by=found.changed_by,
        changed_at=found.changed_at,
    )


def _settings(found: Mailbox) -> Settings:
    return Settings(
        imap=ServerRow(
            host=found.imap_host,
            port=found.imap_port,
            security=Security(found.imap_security),
            user=found.imap_user,
        ),
        smtp=ServerRow(
            host=found.smtp_host,
            port=found.smtp_port,
            security=Security(found.smtp_security),
            user=found.smtp_user,
        ),
        authentication=Authentication(found.authentication),
        provider=str(found.oauth.get("provider", "")),
        hosts_approved=found.hosts_approved,
    )
