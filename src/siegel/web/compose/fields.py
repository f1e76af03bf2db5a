"""What the browser sent, as fields of a draft; everything is cut where nobody writes more."""

from collections.abc import Iterable

from django.http import HttpRequest

from siegel.base.address import EmailAddress
from siegel.flows.drafts import LONGEST_TEXT, Way, Written
from siegel.flows.replying import typed
from siegel.mime.mailboxes import parse_mailboxes

KINDS = ("to", "cc", "bcc")
MOST_RECIPIENTS = 120  # of one line; more is a mail to many, for which there is a page of its own
LONGEST_SUBJECT = 500
LONGEST_RECIPIENT = 500


def written_from(request: HttpRequest, sender: str, *, closed: bool) -> Written:
    """``closed`` is known here and never taken from the browser."""
    post = request.POST
    people = {kind: _people(request, kind) for kind in KINDS}
    return Written(
        sender=sender,
        to=people["to"],
        cc=people["cc"],
        bcc=people["bcc"],
        subject=" ".join(post.get("subject", "").split())[:LONGEST_SUBJECT],
        text=post.get("text", "").replace("\r\n", "\n")[:LONGEST_TEXT],
        way=_way(post.get("way", ""), post.get("suggested", "")),
        closed=closed,
    )


def split(text: str) -> tuple[str, ...]:
    """What somebody typed or pasted into a line for recipients, one by one."""
    commas = text if '"' in text else text.replace(";", ",")
    spoken = " ".join(commas.replace("\n", ",").split())
    found = []
    for mailbox in parse_mailboxes(spoken):
        raw = typed(mailbox) if mailbox.address is not None else mailbox.raw
        found.append(raw.strip()[:LONGEST_RECIPIENT])
    return tuple(each for each in found if each)


def _people(request: HttpRequest, kind: str) -> tuple[str, ...]:
    kept = [each[:LONGEST_RECIPIENT] for each in request.POST.getlist(kind)]
    removed = request.POST.get("remove", "")
    named, _, place = removed.partition(":")
    if named == kind and place.isdigit() and int(place) < len(kept):
        del kept[int(place)]
    added = split(request.POST.get(f"{kind}_more", ""))
    return tuple(_once((*kept, *added)))[:MOST_RECIPIENTS]


def _once(texts: Iterable[str]) -> Iterable[str]:
    """The same address twice in one line is one recipient."""
    seen: set[EmailAddress | str] = set()
    for text in texts:
        mailboxes = parse_mailboxes(text)
        key = mailboxes[0].address if mailboxes and mailboxes[0].address else text
        if text.strip() and key not in seen:
            seen.add(key)
            yield text


def _way(text: str, suggested: str) -> Way:
    """What was only suggested is no choice: with other recipients another one is suggested."""
    return Way(text) if text in list(Way) and text != suggested else Way.RULE
