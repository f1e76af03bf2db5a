"""The tables. Nothing above ``store.queries`` sees a model; rows leave as frozen dataclasses."""

from siegel.store.models.account import AccountAddress, AccountPerson, MailAccount
from siegel.store.models.acme import AcmeAccount, AcmeMail, AcmeOrder
from siegel.store.models.authority import (
    Authority,
    CertificationRequest,
    CrlIssue,
    Enrolment,
    OcspSigner,
    Revocation,
    SerialNumber,
)
from siegel.store.models.binding import AddressBinding
from siegel.store.models.calendar_link import CalendarLink
from siegel.store.models.certificate import Certificate, CertificateAddress
from siegel.store.models.checklist import AuthorityChecklist, ChecklistStep
from siegel.store.models.contact import Contact, ContactAddress, ContactWord
from siegel.store.models.delivery import Delivery
from siegel.store.models.directory import DirectorySite, Publication
from siegel.store.models.enrolment_job import EnrolmentJob, EnrolmentLine
from siegel.store.models.evidence import Crl, OcspResponse
from siegel.store.models.help import HelpLink, HelpList, Tour
from siegel.store.models.journal import JournalAddress, JournalEntry
from siegel.store.models.judgement import Judgement
from siegel.store.models.key import (
    KeyBinding,
    KeyCheck,
    LockedFile,
    PrivateKey,
    UnlockAttempt,
)
from siegel.store.models.key_delivery import KeyDelivery
from siegel.store.models.listing import EntryWord, ListEntry
from siegel.store.models.lookup import (
    HttpStore,
    LdapDirectory,
    Lookup,
    LookupSettings,
    WantedLookup,
)
from siegel.store.models.mail import (
    Conversation,
    Folder,
    FolderChange,
    FolderConversation,
    FolderMessage,
    MailItem,
    SenderConsent,
    ThreadKey,
)
from siegel.store.models.mailbox import ContentKey, Mailbox
from siegel.store.models.message import MessageRecipient, StoredMessage
from siegel.store.models.operation import Alarm, Pulse, Tally
from siegel.store.models.organisation import Domain, LevelRules, Organisation
from siegel.store.models.partner import Capability, KeyChangeAlert, PendingCertificate
from siegel.store.models.partner_entry import ControlProof, PartnerInvitation, RobotReply
from siegel.store.models.reissue import (
    KeptSigning,
    ReissueCampaign,
    ReissueItem,
    ReissueNotice,
)
from siegel.store.models.rejudgement import MessageSigner, Rejudgement
from siegel.store.models.reminder import Reminder, ReminderMail
from siegel.store.models.roots import PublicRoot, PublicRootList
from siegel.store.models.search import SearchEntry
from siegel.store.models.sync import UnfiledMessage
from siegel.store.models.trust import TrustDecision
from siegel.store.models.unknown import UnknownIntermediate, UnknownRoot, UnknownRootSender
from siegel.store.models.user import Invitation, Membership, User
from siegel.store.models.writing import (
    BulkItem,
    BulkJob,
    Draft,
    DraftAttachment,
    OutboxItem,
    OutboxRecipient,
    SignatureText,
)

__all__ = [
    "AccountAddress",
    "AccountPerson",
    "AcmeAccount",
    "AcmeMail",
    "AcmeOrder",
    "AddressBinding",
    "Alarm",
    "Authority",
    "AuthorityChecklist",
    "BulkItem",
    "BulkJob",
    "CalendarLink",
    "Capability",
    "Certificate",
    "CertificateAddress",
    "CertificationRequest",
    "ChecklistStep",
    "Contact",
    "ContactAddress",
    "ContactWord",
    "ContentKey",
    "ControlProof",
    "Conversation",
    "Crl",
    "CrlIssue",
    "Delivery",
    "DirectorySite",
    "Domain",
    "Draft",
    "DraftAttachment",
    "Enrolment",
    "EnrolmentJob",
    "EnrolmentLine",
    "EntryWord",
    "Folder",
    "FolderChange",
    "FolderConversation",
    "FolderMessage",
    "HelpLink",
    "HelpList",
    "HttpStore",
    "Invitation",
    "JournalAddress",
    "JournalEntry",
    "Judgement",
    "KeptSigning",
    "KeyBinding",
    "KeyChangeAlert",
    "KeyCheck",
    "KeyDelivery",
    "LdapDirectory",
    "LevelRules",
    "ListEntry",
    "LockedFile",
    "Lookup",
    "LookupSettings",
    "MailAccount",
    "MailItem",
    "Mailbox",
    "Membership",
    "MessageRecipient",
    "MessageSigner",
    "OcspResponse",
    "OcspSigner",
    "Organisation",
    "OutboxItem",
    "OutboxRecipient",
    "PartnerInvitation",
    "PendingCertificate",
    "PrivateKey",
    "PublicRoot",
    "PublicRootList",
    "Publication",
    "Pulse",
    "ReissueCampaign",
    "ReissueItem",
    "ReissueNotice",
    "Rejudgement",
    "Reminder",
    "ReminderMail",
    "Revocation",
    "RobotReply",
    "SearchEntry",
    "SenderConsent",
    "SerialNumber",
    "SignatureText",
    "StoredMessage",
    "Tally",
    "ThreadKey",
    "Tour",
    "TrustDecision",
    "UnfiledMessage",
    "UnknownIntermediate",
    "UnknownRoot",
    "UnknownRootSender",
    "UnlockAttempt",
    "User",
    "WantedLookup",
]
