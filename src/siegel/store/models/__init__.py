"""The tables. Nothing above ``store.queries`` sees a model; rows leave as frozen dataclasses."""

from siegel.store.models.account import AccountAddress, MailAccount
from siegel.store.models.certificate import Certificate, CertificateAddress
from siegel.store.models.contact import Contact, ContactAddress, ContactWord
from siegel.store.models.delivery import Delivery
from siegel.store.models.evidence import Crl, OcspResponse
from siegel.store.models.journal import JournalAddress, JournalEntry
from siegel.store.models.judgement import Judgement
from siegel.store.models.key import (
    KeyBinding,
    KeyCheck,
    LockedFile,
    PrivateKey,
    UnlockAttempt,
)
from siegel.store.models.listing import EntryWord, ListEntry
from siegel.store.models.message import MessageRecipient, StoredMessage
from siegel.store.models.organisation import Domain, Organisation
from siegel.store.models.partner import Capability, KeyChangeAlert, PendingCertificate
from siegel.store.models.reminder import Reminder, ReminderMail
from siegel.store.models.roots import PublicRoot, PublicRootList
from siegel.store.models.trust import TrustDecision
from siegel.store.models.user import Membership, User

__all__ = [
    "AccountAddress",
    "Capability",
    "Certificate",
    "CertificateAddress",
    "Contact",
    "ContactAddress",
    "ContactWord",
    "Crl",
    "Delivery",
    "Domain",
    "EntryWord",
    "JournalAddress",
    "JournalEntry",
    "Judgement",
    "KeyBinding",
    "KeyChangeAlert",
    "KeyCheck",
    "ListEntry",
    "LockedFile",
    "MailAccount",
    "Membership",
    "MessageRecipient",
    "OcspResponse",
    "Organisation",
    "PendingCertificate",
    "PrivateKey",
    "PublicRoot",
    "PublicRootList",
    "Reminder",
    "ReminderMail",
    "StoredMessage",
    "TrustDecision",
    "UnlockAttempt",
    "User",
]
