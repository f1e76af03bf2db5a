"""Messages by words: FTS5 of SQLite and tsvector of PostgreSQL behind the same two functions.

Words are folded before they are stored (``search_words``), so both databases only compare them.
Each entry also has the sign of its account, a word longer than any that a message can bring in:
whoever asks names the accounts he reads, and the index itself finds nothing of others.
"""

from collections.abc import Iterable, Sequence

from django.db import connection

from siegel.base.address import EmailAddress
from siegel.store.models import MailAccount, SearchEntry
from siegel.store.models.listing import WORD
from siegel.store.search_words import ASKED_AT_MOST, words_of

MOST_WORDS = 2000  # different words of one message; a long report has fewer
FOUND_AT_MOST = 500  # messages of one search; more want another word

_SQLITE = """SELECT rowid FROM store_searchindex WHERE store_searchindex MATCH %s
    ORDER BY rowid DESC LIMIT %s"""
_POSTGRESQL = """SELECT item_id FROM store_searchentry WHERE tokens @@ %s::tsquery
    ORDER BY item_id DESC LIMIT %s"""


def enter(item: int, account: EmailAddress, texts: Iterable[str]) -> None:
    """What the message is found by from now on. It goes when the message goes."""
    owner = MailAccount.objects.get(address=str(account))
    words = " ".join((_sign(owner.pk), *words_of(texts, most=MOST_WORDS)))
    SearchEntry.objects.update_or_create(item_id=item, defaults={"words": words})


def find(text: str, accounts: Iterable[EmailAddress]) -> tuple[list[int], bool]:
    """Items with words that begin with those of the text, those filed last first, and whether
    there are more of them."""
    asked = words_of([text], most=ASKED_AT_MOST)
    addresses = [str(each) for each in accounts]
    owners = list(MailAccount.objects.filter(address__in=addresses).values_list("pk", flat=True))
    if not asked or not owners:
        return [], False
    signs = [_sign(owner) for owner in owners]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_POSTGRESQL, [_tsquery(signs, asked), FOUND_AT_MOST + 1])
        else:
            cursor.execute(_SQLITE, [_match(signs, asked), FOUND_AT_MOST + 1])
        found = [int(row[0]) for row in cursor.fetchall()]
    return found[:FOUND_AT_MOST], len(found) > FOUND_AT_MOST


def _sign(account: int) -> str:
    """Longer than ``WORD`` characters, to which every other word is cut."""
    return f"{account:0{WORD + 1}d}"


def _match(signs: Sequence[str], words: Sequence[str]) -> str:
    of_accounts = " OR ".join(f'"{sign}"' for sign in signs)
    return " AND ".join((f"({of_accounts})", *(f'"{word}"*' for word in words)))


def _tsquery(signs: Sequence[str], words: Sequence[str]) -> str:
    of_accounts = " | ".join(f"'{sign}'" for sign in signs)
    return " & ".join((f"({of_accounts})", *(f"'{word}':*" for word in words)))
