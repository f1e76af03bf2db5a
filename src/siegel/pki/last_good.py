"""When was a certificate last known as not revoked? What is out of date says so about its time.

Whoever accepts "good last week" (rule ``allow_cached_7d``) needs that moment. It is not written
down anywhere: the newest list and the newest answer are kept, and each tells how long it was good.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import islice

from siegel.pki.crl import ListMemory, read_lists
from siegel.pki.evidence import Evidence
from siegel.pki.ocsp import read_responses
from siegel.pki.verdict import PathVerdict, RevocationStatus

MAX_MOMENTS = 4  # ends of lists and answers at which is judged again; a path has two or three


def last_known_good(
    judge: Callable[[datetime], PathVerdict], evidence: Evidence, at: datetime
) -> datetime | None:
    """The latest end of a list or answer before ``at`` at which nothing was revoked."""
    moments = sorted({one for one in _ends(evidence) if one < at}, reverse=True)
    for moment in islice(moments, MAX_MOMENTS):
        if judge(moment).revocation is RevocationStatus.GOOD:
            return moment
    return None


def _ends(evidence: Evidence) -> Iterator[datetime]:
    for one in read_lists(evidence.crls, ListMemory()):
        yield one.next_update
    for response in read_responses(evidence.ocsp_responses):
        for single in response.singles:
            if single.next_update_utc is not None:
                yield single.next_update_utc
