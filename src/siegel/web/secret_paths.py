"""Addresses that open something by themselves stand in no log: their token is left out.

Whatever is refused is logged with its path, and calendar programs and scanners of mail try methods
that are refused while the link is still good.
"""

import logging
import re

_TOKEN = re.compile(r"(/(?:calendar|control|invitation|welcome)/)[^/\s?]{16,}")


class WithoutTokens(logging.Filter):
    """For handlers; changes the record, keeps every one."""

    def filter(self, record: logging.LogRecord) -> bool:
        said = record.getMessage()
        if _TOKEN.search(said):
            record.msg, record.args = _TOKEN.sub(r"\1…", said), ()
        return True


def leave_out_of_logs() -> None:
    """In this process, whoever writes; the server of the pages has a handler of its own."""
    for handler in logging.getLogger().handlers:
        handler.addFilter(WithoutTokens())
    logging.getLogger("gunicorn.error").addFilter(WithoutTokens())
