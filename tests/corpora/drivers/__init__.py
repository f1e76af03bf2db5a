"""What is done with a row, by collection and operation. A row without driver is a failure."""

from collections.abc import Mapping

from tests.corpora.drivers import (
    james,
    kde,
    mimekit,
    openssl,
    pkcs12,
    pqc,
    rfc4134,
    rfc9216,
    rfc9788,
)
from tests.corpora.rows import Driver, Outcome, Row

DRIVERS: Mapping[str, Mapping[str, Driver]] = {
    "rfc4134": rfc4134.DRIVERS,
    "rfc9216": rfc9216.DRIVERS,
    "rfc9788": rfc9788.DRIVERS,
    "james": james.DRIVERS,
    "kde-mimetreeparser": kde.DRIVERS,
    "mimekit": mimekit.DRIVERS,
    "openssl": openssl.DRIVERS,
    "pkcs12": pkcs12.DRIVERS,
    "pqc": pqc.DRIVERS,
}


def outcome(row: Row) -> Outcome:
    return DRIVERS[row.corpus][row.operation](row)
