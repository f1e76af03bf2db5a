"""The tables. Nothing above ``store.queries`` sees a model; rows leave as frozen dataclasses."""

from siegel.store.models.account import AccountAddress, AccountPerson, MailAccount
from siegel.store.models.certificate import Certificate, CertificateAddress
from siegel.store.models.delivery import Delivery
from siegel.store.models.evidence import Crl, OcspResponse
from siegel.store.models.journal import JournalAddress, JournalEntry
from siegel.store.models.judgement import Judgement
from siegel.store.models.key import KeyBinding, KeyCheck, LockedFile, PrivateKey
from siegel.store.models.message import MessageRecipient, StoredMessage
from siegel.store.models.operation import Alarm, Pulse, Tally
from siegel.store.models.organisation import Domain, Organisation
from siegel.store.models.partner import Capability, KeyChangeAlert, PendingCertificate
from siegel.store.models.roots import PublicRoot, PublicRootList
from siegel.store.models.trust import TrustDecision
from siegel.store.models.user import Invitation, Membership, User

__all__ = [
    "AccountAddress",
    "AccountPerson",
    "Alarm",
    "Capability",
    "Certificate",
    "CertificateAddress",
    "Crl",
    "Delivery",
    "Domain",
    "Invitation",
    "JournalAddress",
    "JournalEntry",
    "Judgement",
    "KeyBinding",
    "KeyChangeAlert",
    "KeyCheck",
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
    "Pulse",
    "StoredMessage",
    "Tally",
    "TrustDecision",
    "User",
]
