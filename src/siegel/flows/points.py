"""Where a transaction stands; the names by which tests stop it."""

from enum import StrEnum


class Point(StrEnum):
    """Moments in the life of one transaction, in order; tests end the process at each of them.
    Those of the outbox lie around those of the gateway that hand over: see ``OF_THE_OUTBOX``."""

    RECEIVED = "received"
    DECIDED = "decided"
    PROTECTED = "protected"
    SUBMITTED = "submitted"
    RECORDED = "recorded"
    FINISHED = "finished"
    TAKEN = "taken"
    SETTLED = "settled"
    FILED = "filed"
    BULK_TAKEN = "bulk_taken"
    BULK_SUBMITTED = "bulk_submitted"
    BULK_RECORDED = "bulk_recorded"
    REISSUE_TAKEN = "reissue_taken"
    REISSUE_ORDERED = "reissue_ordered"


OF_THE_GATEWAY = (
    Point.RECEIVED,
    Point.DECIDED,
    Point.PROTECTED,
    Point.SUBMITTED,
    Point.RECORDED,
    Point.FINISHED,
)
OF_THE_OUTBOX = (
    Point.TAKEN,
    Point.SUBMITTED,
    Point.RECORDED,
    Point.SETTLED,
    Point.FINISHED,
    Point.FILED,
)
OF_REISSUING = (Point.REISSUE_TAKEN, Point.REISSUE_ORDERED)
OF_BULK = (Point.BULK_TAKEN, Point.BULK_SUBMITTED, Point.BULK_RECORDED)


class SyncPoint(StrEnum):
    """Moments of keeping a mailbox in step with its server."""

    CHANGE_TRIED = "change_tried"
    CHANGED = "changed"
    FILED = "filed"
    READ = "read"
