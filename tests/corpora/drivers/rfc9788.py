"""RFC 9788: protected header fields of the example messages, read by both of their readers."""

import re

from tests.corpora.foreign_mail import day, judge, keyring
from tests.corpora.rows import Outcome, Row

READERS = ("bob", "alice")


def verify(row: Row) -> Outcome:
    keys = row.folder.parent / "rfc9216"
    wanted = re.findall(r"([\w-]+)='([^']*)':signed", row.expected)
    both = [
        judge(
            row.raw,
            at=day(row.date),
            anchors=[keys / "ca.rsa.crt"],
            keyring=keyring(keys / f"{reader}.encrypt.key", keys / f"{reader}.encrypt.crt"),
        )
        for reader in READERS
    ]
    right = all(list(one.opened.protected_fields) == wanted and one.counts for one in both)
    return both[0].outcome(right and len(wanted) >= 6 and both[0].told == both[1].told)


DRIVERS = {"decrypt+verify+header-protection": verify}
