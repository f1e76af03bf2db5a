"""Apache James: signed, stripped and encrypted test mails (``SMIMECheckSignature``)."""

from siegel.policy.inbound import CryptographicSummary
from tests.corpora.foreign_mail import Judged, day, judge, keyring_of_file
from tests.corpora.rows import Outcome, Row

DAY = "2024-08-18"  # the day of the rows with a date
ANCHOR = "smime-test-resource-set/rootCA.crt"


def judged(row: Row, at: str | None = None) -> Judged:
    decrypts = row.operation == "decrypt"
    return judge(
        row.raw,
        at=day(at or (DAY if row.date == "-" else row.date)),
        anchors=[row.folder / ANCHOR] if "anchor" in row.key else [],
        keyring=keyring_of_file(row.folder / "smime.p12", "secret") if decrypts else None,
    )


def verify(row: Row) -> Outcome:
    found = judged(row)
    if row.expected == "sig-valid":
        return found.outcome(found.holds and found.counts)
    unprotected = found.judgement.summary is CryptographicSummary.UNPROTECTED
    signed = bool(found.signers)
    return found.outcome(unprotected and signed is (row.expected == "sig-invalid"))


def decrypt(row: Row) -> Outcome:
    found = judged(row)
    if row.expected.startswith("error"):
        unchanged = found.payload == row.raw
        return found.outcome(unchanged and not found.is_decrypted and not found.counts)
    inside = "multipart/mixed" if "attachment" in row.expected else "text/plain"
    return found.outcome(found.is_decrypted and found.opened.payload.media == inside)


DRIVERS = {"verify": verify, "decrypt": decrypt}
