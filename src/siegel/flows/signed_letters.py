"""A letter with files in the name of one of our accounts: signed, or it does not leave.

Handed to the outbound flow like every other mail.
"""

from collections.abc import Sequence
from datetime import datetime
from email.utils import format_datetime

from siegel.base.address import EmailAddress
from siegel.base.buffers import Random, joined
from siegel.flows import outbound
from siegel.flows.exporting import Exported
from siegel.flows.site import Site
from siegel.mime import build
from siegel.mime.transfer import encode_base64, encode_quoted_printable
from siegel.transport.envelope import Envelope, Role
from siegel.transport.header_fields import to_value
from siegel.transport.replies import Reply
from siegel.wording.letters import Letter

_MUST = "X-Siegel-Protect"  # decision of the writer: signed, or the mail does not leave


def send_signed(
    sender: EmailAddress,
    to: EmailAddress,
    letter: Letter,
    files: Sequence[Exported],
    site: Site,
    *,
    at: datetime,
) -> Reply:
    """250 when the next hop has it."""
    message_id = f"<{site.rng(16).hex()}@{site.hostname}>"
    raw = written(
        sender, to, letter, files, message_id=message_id, boundary_from=site.rng, dated=at
    )
    envelope = Envelope(role=Role.OUTBOUND, sender=str(sender), recipients=(str(to),))
    return outbound.relay(envelope, raw, site, at=at)


def written(
    sender: EmailAddress,
    to: EmailAddress,
    letter: Letter,
    files: Sequence[Exported],
    *,
    message_id: str,
    boundary_from: Random,
    dated: datetime,
) -> bytes:
    """The mail as the outbound flow gets it, which has to sign it: the same octets for the same
    parameters."""
    text = "\r\n".join([*letter.text.splitlines(), ""]).encode("utf-8")
    header = b"".join(
        [
            build.field("From", to_value(str(sender))),
            build.field("To", to_value(str(to))),
            build.field("Subject", letter.subject),
            build.field("Date", format_datetime(dated)),
            build.field("Message-ID", message_id),
            build.field(_MUST, "sign"),
            build.field("MIME-Version", "1.0"),
        ]
    )
    words = [
        build.parameters("Content-Type", "text/plain", {"charset": "utf-8"}),
        build.field("Content-Transfer-Encoding", "quoted-printable"),
        b"\r\n",
        encode_quoted_printable(text),
    ]
    attached = [_attached(file) for file in files]
    boundary = build.boundary(boundary_from)
    return joined([header, *build.multipart("mixed", [words, *attached], boundary=boundary)])


def _attached(file: Exported) -> list[bytes]:
    return [
        build.parameters("Content-Type", file.media_type, {"name": file.name}),
        build.parameters("Content-Disposition", "attachment", {"filename": file.name}),
        build.field("Content-Transfer-Encoding", "base64"),
        b"\r\n",
        encode_base64(file.data),
    ]
