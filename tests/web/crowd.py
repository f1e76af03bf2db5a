"""Very many rows behind every list at once, for counting queries and for measuring pages."""

import hashlib
from datetime import timedelta

from siegel.base.address import EmailAddress
from siegel.store import models
from siegel.store.queries import mail_search
from tests.flows.mails import Post
from tests.store import many
from tests.store.given import NOW, certificate_of

LISTS = {
    "certificates": "/certificates/",
    "certificates of our own": "/certificates/?kind=own",
    "certificates that end soon": "/certificates/?validity=expiring",
    "certificates, searched": "/certificates/?q=clara",
    "certificates of one address": "/certificates/?q=p77@viele0.example",
    "contacts": "/contacts/",
    "contacts, searched": "/contacts/?q=clara",
    "journal": "/journal/",
    "journal of one address": "/journal/?q=a7@viele.example",
    "mail accounts": "/accounts/",
    "mail accounts, searched": "/accounts/?q=k99",
    "people": "/people/",
    "people, searched": "/people/?q=m99",
    "trust": "/trust/",
    "questions of partners’ mail": "/trust/questions/",
    "decisions": "/trust/decisions/",
    "exceptions of rules": "/rules/exceptions/",
    "inbox": "/mail/",
    "inbox, unread": "/mail/?only=unread",
    "inbox, with attachments": "/mail/?only=files",
    "mail, searched": "/mail/?q=clara",
    "mail, two words searched": "/mail/?q=clara 77",
}
"""Every list of the pages, and each with a search where there is one."""

_AT_ONCE = 5000
_FIRST = ("anna", "bert", "clara", "dora", "emil", "fritz", "greta", "hanna", "ida", "jakob")


def fill(first: int, last: int) -> None:
    """Rows number ``first`` to ``last - 1`` of everything that lists show."""
    many.fill(last - first, domain=f"viele{first}.example")
    for start in range(first, last, _AT_ONCE):
        numbers = range(start, min(last, start + _AT_ONCE))
        _mail(numbers)
        _contacts(numbers)
        _journal(numbers)
        _accounts_and_people(numbers)
        _questions(numbers)


def _contacts(numbers: range) -> None:
    made = models.Contact.objects.bulk_create(
        models.Contact(
            name=f"{_FIRST[n % 10]} {n}", sort_name=f"{_FIRST[n % 10]} {n}", added_at=NOW,
            added_by="test", changed_at=NOW, changed_by="test",
        )
        for n in numbers
    )  # fmt: skip
    models.ContactAddress.objects.bulk_create(
        models.ContactAddress(contact=contact, address=f"c{n}@viele.example")
        for n, contact in zip(numbers, made, strict=True)
    )
    models.ContactWord.objects.bulk_create(
        models.ContactWord(contact=contact, word=word)
        for n, contact in zip(numbers, made, strict=True)
        for word in (_FIRST[n % 10], f"{n}", f"c{n}")
    )


def _journal(numbers: range) -> None:
    made = models.JournalEntry.objects.bulk_create(
        models.JournalEntry(
            at=NOW - timedelta(minutes=1_000_000 - n), actor="gateway", action="outbound.sign",
            about=f"a{n % 500}@viele.example", message_id=f"<{n}@viele.example>",
            reasons=["recipient_without_certificate"],
            detail={"recipients": {f"c{n}@viele.example": ["no_certificate"]}, "copies": []},
        )
        for n in numbers
    )  # fmt: skip
    models.JournalAddress.objects.bulk_create(
        models.JournalAddress(entry=entry, address=f"c{n}@viele.example")
        for n, entry in zip(numbers, made, strict=True)
    )


def _accounts_and_people(numbers: range) -> None:
    models.MailAccount.objects.bulk_create(
        models.MailAccount(address=f"k{n}@office.example", display_name=f"Konto {n}", added_at=NOW)
        for n in numbers
    )
    models.User.objects.bulk_create(
        models.User(email=f"m{n}@office.example", display_name=f"Mensch {n}", created_at=NOW)
        for n in numbers
    )


def _mail(numbers: range) -> None:
    """In one account, with which everybody works who is there before the first row."""
    account = EmailAddress.parse("post@office.example")
    post = Post(NOW)
    _, new = models.MailAccount.objects.get_or_create(address=str(account), added_at=NOW)
    if new:
        for email in models.User.objects.values_list("email", flat=True):
            post.person(EmailAddress.parse(email), account)
    items = post.fill(account, post.folder(account), len(numbers), attachments=1)
    sign = mail_search.sign(models.MailAccount.objects.get(address=str(account)).pk)
    models.SearchEntry.objects.bulk_create(
        models.SearchEntry(item_id=item, words=f"{sign} {_FIRST[n % 10]} {n} kursabrechnung")
        for n, item in zip(numbers, items, strict=True)
    )


def _questions(numbers: range) -> None:
    real = certificate_of("ursula")
    models.PendingCertificate.objects.bulk_create(
        models.PendingCertificate(
            address=f"w{n}@viele.example", fingerprint=hashlib.sha256(b"%d" % n).hexdigest(),
            der=real.der, reasons=["signer_not_trusted"], seen_at=NOW - timedelta(seconds=n),
        )
        for n in numbers
    )  # fmt: skip
