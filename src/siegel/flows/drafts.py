"""What people are writing: sealed under the content key, one person's own, nothing overwritten.

A file that holds a private key never gets in („Versenden Sie niemals den privaten Schlüssel!“).
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum

from siegel.base.address import EmailAddress
from siegel.base.errors import Conflict, NotFound
from siegel.flows import mail_access
from siegel.flows.site import Site
from siegel.pki.keyguard import contains_private_key
from siegel.store.queries import accounts, drafts
from siegel.store.queries.drafts import DraftKind
from siegel.store.transaction import together
from siegel.store.writing_rows import DraftFileRow, DraftRow

PAGE = 25  # drafts of one page of the list
MOST_FILES = 100  # of one draft; each costs a look into its sealed name
LONGEST_NAME = 200  # characters of a file name
LONGEST_TEXT = 1_000_000  # characters of a message; a book has fewer
_IN_A_MESSAGE = 1.38  # base64 with its line ends (RFC 2045 §6.8), and some header


class Way(StrEnum):
    """How the writer wants it to go out. RULE: as the rules say. ENCRYPT: encrypted or not at all.
    WAIT: encrypted, and held until everybody is ready. READY: encrypted, to those who are ready.
    SIGN: signed only."""

    RULE = "rule"
    ENCRYPT = "encrypt"
    WAIT = "wait"
    READY = "ready"
    SIGN = "sign"


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """The fields of the form. Recipients as they were typed. ``closed``: the text quotes what came
    encrypted."""

    sender: str = ""
    to: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    bcc: tuple[str, ...] = ()
    subject: str = ""
    text: str = ""
    way: Way = Way.RULE
    closed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftFile:
    id: int
    name: str
    media_type: str
    size: int
    carried: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """``handed_over``: the message of the outbox it is now."""

    id: int
    version: int
    account: EmailAddress
    kind: DraftKind
    item: int | None
    written: Written
    files: tuple[DraftFile, ...]
    saved_at: datetime
    handed_over: int | None = None


class Attached(StrEnum):
    """What became of a file that somebody wanted to attach."""

    ATTACHED = "attached"
    PRIVATE_KEY = "private_key"
    TOO_LARGE = "too_large"
    TOO_MANY = "too_many"


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file to attach. ``carried``: passed on with a message."""

    name: str
    media_type: str
    octets: bytes = field(repr=False)
    carried: bool = False


def start(
    written: Written,
    person: EmailAddress,
    kind: DraftKind,
    item: int | None,
    site: Site,
    *,
    at: datetime,
) -> Draft:
    """A new draft. Raises ``NotFound`` for a sender the person may not write as, and for a message
    that is not theirs to answer."""
    account = account_for(written.sender, person, at=at)
    if item is not None:
        mail_access.item(item, person, at=at)
    with together():
        id_ = drafts.add(account, person, kind, item, at=at)
        drafts.save(id_, 0, account, _sealed(id_, written, site), at=at)
    return get(id_, person, site)


def get(id_: int, person: EmailAddress, site: Site) -> Draft:
    """Raises ``NotFound`` for what is not there or somebody else's."""
    return _opened(drafts.get(id_, person), site)


def save(
    id_: int, version: int, written: Written, person: EmailAddress, site: Site, *, at: datetime
) -> Draft:
    """Raises ``Conflict`` when another window has saved it since, or it is on its way out."""
    row = drafts.get(id_, person)
    if row.handed_over:
        raise Conflict(f"draft {id_} was handed over")
    account = account_for(written.sender, person, at=at)
    drafts.save(id_, version, account, _sealed(id_, written, site), at=at)
    return get(id_, person, site)


def listed(
    person: EmailAddress, site: Site, *, before: tuple[datetime, int] | None = None
) -> tuple[Draft, ...]:
    """A page and one more, the latest first; a fixed number of queries."""
    drafts.forget_sent()
    rows = drafts.of_user(person, limit=PAGE + 1, before=before)
    return tuple(_opened(row, site) for row in rows)


def discard(id_: int, person: EmailAddress) -> None:
    drafts.get(id_, person)
    drafts.remove(id_)


def attach(id_: int, upload: Upload, person: EmailAddress, site: Site) -> Attached:
    row = drafts.get(id_, person)
    if len(row.files) >= MOST_FILES:
        return Attached.TOO_MANY
    if contains_private_key(upload.octets):
        return Attached.PRIVATE_KEY
    label = json.dumps(
        {
            "name": upload.name[:LONGEST_NAME],
            "type": upload.media_type[:200],
            "carried": upload.carried,
        }
    )
    added = drafts.add_file(
        id_,
        site.vault.seal_content(label.encode(), _label_of(id_)),
        site.vault.seal_content(upload.octets, _files_of(id_)),
        len(upload.octets),
        most=room(site),
    )
    return Attached.TOO_LARGE if added is None else Attached.ATTACHED


def detach(id_: int, file: int, person: EmailAddress) -> None:
    drafts.get(id_, person)
    drafts.remove_file(id_, file)


def drop_carried(draft: Draft, person: EmailAddress) -> None:
    """What was passed on with a message."""
    for file in draft.files:
        if file.carried:
            detach(draft.id, file.id, person)


def octets(draft: Draft, file: DraftFile, site: Site) -> bytes:
    return site.vault.unseal_content(drafts.file_octets(draft.id, file.id), _files_of(draft.id))


def room(site: Site) -> int:
    """Octets that files of one message may have together, so that it can be sent."""
    return int(site.limits.message_size / _IN_A_MESSAGE) - LONGEST_TEXT


def senders(
    person: EmailAddress, *, at: datetime
) -> Mapping[EmailAddress, tuple[EmailAddress, str]]:
    """Addresses the person may write as: the account behind each, and its name. In the order of
    accounts; each account's own address first."""
    mine = set(mail_access.writable(person, at=at))
    found: dict[EmailAddress, tuple[EmailAddress, str]] = {}
    for row in accounts.list_all():
        if row.address in mine and row.active:
            for address in (row.address, *row.aliases, *row.delegations):
                found.setdefault(address, (row.address, row.display_name))
    return found


def account_for(sender: str, person: EmailAddress, *, at: datetime) -> EmailAddress:
    """Raises ``NotFound`` for an address the person may not write as."""
    for address, (account, _) in senders(person, at=at).items():
        if str(address) == sender:
            return account
    raise NotFound(f"no sender {sender}")


def _opened(row: DraftRow, site: Site) -> Draft:
    return Draft(
        id=row.id,
        version=row.version,
        account=row.account,
        kind=DraftKind(row.kind),
        item=row.item,
        written=_unsealed(row, site),
        files=tuple(_file(each, site) for each in row.files),
        saved_at=row.updated_at,
        handed_over=row.outbox if row.handed_over else None,
    )


def _file(row: DraftFileRow, site: Site) -> DraftFile:
    found = json.loads(site.vault.unseal_content(row.label, _label_of(row.draft)))
    return DraftFile(
        id=row.id,
        name=found["name"],
        media_type=found["type"],
        size=row.size,
        carried=found["carried"],
    )


def _sealed(id_: int, written: Written, site: Site) -> bytes:
    return site.vault.seal_content(json.dumps(asdict(written)).encode(), _text_of(id_))


def _unsealed(row: DraftRow, site: Site) -> Written:
    found = json.loads(site.vault.unseal_content(row.sealed, _text_of(row.id)))
    lists = {name: tuple(found.pop(name)) for name in ("to", "cc", "bcc")}
    return Written(**{**found, **lists, "way": Way(found["way"])})


def _text_of(id_: int) -> str:
    return f"draft {id_}"


def _label_of(id_: int) -> str:
    return f"name of a file of draft {id_}"


def _files_of(id_: int) -> str:
    return f"file of draft {id_}"
