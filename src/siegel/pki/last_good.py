"""When was a certificate last known as not revoked? What is out of date says so about its time.

Whoever accepts "good last week" (rule ``allow_cached_7d``) needs that moment. It is not written
down anywhere: the newest list and the newest answer are kept, and each tells how long it was good.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import islice

from siegel.pki.certificate import Certificate
from siegel.pki.crl import ListMemory, believed, read_lists
from siegel.pki.evidence import Evidence
from siegel.pki.link import link
from siegel.pki.ocsp import read_responses
from siegel.pki.verdict import PathVerdict, RevocationStatus

MAX_MOMENTS = 4  # ends of lists and answers at which is judged again; a path has two or three

Judge = Callable[[Evidence, datetime], PathVerdict]


def last_known_good(
    judge: Judge, evidence: Evidence, authorities: Sequence[Certificate], at: datetime
) -> datetime | None:
    """The latest end of a list or answer before ``at`` at which nothing was revoked.

    Only lists that the ``authorities`` of the path signed are looked at: a mail may bring a heap
    of others, and going through it again for every moment would be dear.
    """
    memory = ListMemory()
    signers = [link(one) for one in authorities]
    lists = tuple(believed(read_lists(evidence.crls, memory), signers, memory))
    signed = replace(evidence, crls=tuple(one.der for one in lists))
    ends = {one.next_update for one in lists} | set(_ends_of_answers(evidence))
    for moment in islice(sorted((one for one in ends if one < at), reverse=True), MAX_MOMENTS):
        if judge(signed, moment).revocation is RevocationStatus.GOOD:
            return moment
    return None


def _ends_of_answers(evidence: Evidence) -> Iterator[datetime]:
    for response in read_responses(evidence.ocsp_responses):
        for single in response.singles:
            if single.next_update_utc is not None:
                yield single.next_update_utc
