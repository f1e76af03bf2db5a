"""RFC 9216: certificates of two authorities that certified each other, and .p12 files."""

import re

from siegel.pki.verdict import PathFinding, PathStatus, Purpose
from tests.corpora.drivers import paths, pkcs12
from tests.corpora.foreign_mail import anchor_set, certificates, day
from tests.corpora.rows import Outcome, Row

# What the collection calls invalid, in our words: the missing link may turn up, the date will not.
OURS = {
    "transvalid: intermediate missing": (PathStatus.INDETERMINATE, PathFinding.ISSUER_UNKNOWN),
    "before notBefore 2019-11-20": (PathStatus.INVALID, PathFinding.NOT_YET_VALID),
    "after notAfter 2052-09-27": (PathStatus.INVALID, PathFinding.EXPIRED),
}


def path(row: Row) -> Outcome:
    given = dict(re.findall(r"(\w+)=(\S+)", row.key))
    names = [] if given["intermediates"] == "-" else given["intermediates"].split(",")
    found = paths.verdict(
        certificates(row.path)[0],
        anchor_set(row.folder / given["anchor"]),
        day(row.date),
        sent=[one for name in names for one in certificates(row.folder / name)],
        purpose=Purpose.ENCRYPT if ".encrypt" in row.file else Purpose.SIGN,
    )
    if row.expected == "valid":
        right = found.status is PathStatus.VALID and set(found.findings) <= {
            PathFinding.REVOCATION_UNKNOWN
        }
    else:
        right = (found.status, found.reasons[0].finding) == OURS[row.why]
    return Outcome(right=right, says=paths.told(found))


DRIVERS = {"path": path, "pkcs12-open": pkcs12.opened}
