"""Where a transaction stands; the names by which tests stop it."""

from enum import StrEnum


class Point(StrEnum):
    """Moments in the life of one transaction, in order; tests end the process at each of them."""

    RECEIVED = "received"
    DECIDED = "decided"
    PROTECTED = "protected"
    SUBMITTED = "submitted"
    RECORDED = "recorded"
    FINISHED = "finished"


class SyncPoint(StrEnum):
    """Moments of keeping a mailbox in step with its server."""

    CHANGE_TRIED = "change_tried"
    CHANGED = "changed"
    FILED = "filed"
    READ = "read"
