"""Every rule in plain words: its name, what it does, and its values as people choose them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from siegel.policy.rule_levels import Level


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleWords:
    """``choices``: value → (name, what it means); empty for numbers, words and lists."""

    title: Promise
    sentence: Promise
    choices: Mapping[str, tuple[Promise | str, Promise | str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """Rules that belong together. ``expert``: folded away, because few people need them."""

    title: Promise
    rules: tuple[str, ...]
    expert: bool = False


SHELVES = (
    Shelf(
        title=_("Encryption"),
        rules=("mode", "must_encrypt_domains", "must_encrypt_partners", "calendar", "subject_word"),
    ),
    Shelf(title=_("Bulk mail"), rules=("bulk_recipient_limit", "bulk_senders")),
    Shelf(
        title=_("Partners"),
        rules=(
            "key_change",
            "unknown_revocation",
            "organisation_certificates",
            "look_up",
            "subject_tag",
        ),
    ),
    Shelf(
        title=_("For specialists"),
        rules=(
            "cipher",
            "unknown_recipient_profile",
            "split_on_mismatch",
            "key_transport",
            "rsa_signature",
            "min_rsa_bits",
            "post_quantum",
            "post_quantum_signature",
            "private_key_senders",
        ),
        expert=True,
    ),
)

_YES_NO = {"true": (_("Yes"), ""), "false": (_("No"), "")}

RULES: Mapping[str, RuleWords] = {
    "mode": RuleWords(
        title=_("When is encrypted?"),
        sentence=_("If there is a valid certificate for every recipient."),
        choices={
            "automatic": (
                _("Automatically"),
                _("Who writes need not do anything."),
            ),
            "offered": (
                _("Only on wish"),
                _("Who writes asks for it in the single mail."),
            ),
        },
    ),
    "must_encrypt_domains": RuleWords(
        title=_("Only encrypted: domains"),
        sentence=_(
            "Mail to these domains, and to what lies below them, leaves encrypted or not at all."
        ),
    ),
    "must_encrypt_partners": RuleWords(
        title=_("Only encrypted: addresses"),
        sentence=_("Mail to these addresses leaves encrypted or not at all."),
    ),
    "calendar": RuleWords(
        title=_("Invitations"),
        sentence=_("Many calendars cannot read encrypted invitations."),
        choices={
            "sign": (_("Sign only"), _("Unless encryption is demanded.")),
            "protect": (_("Like other mail"), _("Encrypted whenever other mail would be.")),
        },
    ),
    "look_up": RuleWords(
        title=_("Look for certificates"),
        sentence=_("A recipient has no certificate. Directories outside may have one."),
        choices={
            "true": (
                _("Look by itself"),
                _("The mail does not wait; the next one can be encrypted."),
            ),
            "false": (_("Only on request"), _("Somebody presses “Search in directories”.")),
        },
    ),
    "subject_word": RuleWords(
        title=_("A word that demands encryption"),
        sentence=_(
            "If it stands in the subject, the mail leaves encrypted or not at all. It is taken out."
        ),
    ),
    "bulk_recipient_limit": RuleWords(
        title=_("Bulk mail begins"),
        sentence=_("Mail to more recipients than this is signed, but never encrypted."),
    ),
    "bulk_senders": RuleWords(
        title=_("Senders of bulk mail"),
        sentence=_("What these addresses send is always bulk mail."),
    ),
    "key_change": RuleWords(
        title=_("A partner has a new key"),
        sentence=_("It came with a signature that counts, but the key is another than before."),
        choices={
            "alert": (_("Use it, and tell"), _("It stands in the trust centre afterwards.")),
            "hold": (_("Wait for a person"), _("Until then the old key is used.")),
        },
    ),
    "unknown_revocation": RuleWords(
        title=_("Revocation cannot be checked"),
        sentence=_("Nobody can say at the moment whether a certificate is revoked."),
        choices={
            "allow": (_("Use it"), _("Missing news are no bad news.")),
            "allow_cached_7d": (
                _("Balanced"),
                _("The last good news count for seven days."),
            ),
            "refuse": (
                _("Strict"),
                _("Without news nothing is encrypted, and no signature counts."),
            ),
        },
    ),
    "organisation_certificates": RuleWords(
        title=_("Certificates of whole organisations"),
        sentence=_("They receive mail for people who have no certificate of their own."),
        choices=_YES_NO,
    ),
    "subject_tag": RuleWords(
        title=_("Mark in the subject"),
        sentence=_("Opened mail gets a mark, so that people see that it came encrypted."),
        choices=_YES_NO,
    ),
    "cipher": RuleWords(
        title=_("Cipher"),
        sentence=_("How the content is encrypted. A fixed one counts for everybody, read or not."),
        choices={
            "auto": (_("The strongest that all read"), ""),
            "aes128-cbc": (_("AES-128-CBC"), ""),
            "aes192-cbc": (_("AES-192-CBC"), ""),
            "aes256-cbc": (_("AES-256-CBC"), ""),
            "aes128-gcm": (_("AES-128-GCM"), ""),
            "aes256-gcm": (_("AES-256-GCM"), ""),
            "chacha20-poly1305": (_("ChaCha20-Poly1305"), ""),
        },
    ),
    "unknown_recipient_profile": RuleWords(
        title=_("Programs that announced nothing"),
        sentence=_("What they are taken to read."),
        choices={
            "compat": (_("AES-CBC, as all do"), ""),
            "modern": (_("AES-GCM"), _("Outlook and others do not read it.")),
        },
    ),
    "split_on_mismatch": RuleWords(
        title=_("Recipients who read no cipher in common"),
        sentence=_("Yes: several copies, each as strong as its readers allow. No: not sent."),
        choices=_YES_NO,
    ),
    "key_transport": RuleWords(
        title=_("How RSA keys receive"),
        sentence=_("The way the key of a mail is wrapped."),
        choices={
            "auto": (_("OAEP where it is announced"), ""),
            "pkcs1": (_("PKCS #1 v1.5"), _("Read everywhere.")),
            "oaep": (_("OAEP"), _("The newer way.")),
        },
    ),
    "rsa_signature": RuleWords(
        title=_("How RSA keys sign"),
        sentence=_("The way of signatures."),
        choices={
            "pkcs1": (_("PKCS #1 v1.5"), _("Read everywhere.")),
            "pss": (_("PSS"), _("The newer way.")),
        },
    ),
    "min_rsa_bits": RuleWords(
        title=_("Shortest RSA key"),
        sentence=_("Keys with fewer bits are not used."),
    ),
    "post_quantum": RuleWords(
        title=_("Post-quantum keys for encryption (ML-KEM)"),
        sentence=_("Few programs know them today."),
        choices={
            "off": (_("Not used"), ""),
            "prefer": (_("Used before others"), ""),
        },
    ),
    "post_quantum_signature": RuleWords(
        title=_("Post-quantum signatures (ML-DSA)"),
        sentence=_("Few programs can check them today."),
        choices={
            "off": (_("Not used"), ""),
            "prefer": (_("Used before others"), ""),
        },
    ),
    "private_key_senders": RuleWords(
        title=_("Who may send private keys"),
        sentence=_("From all others a mail with a private key is refused."),
    ),
}

LEVELS: Mapping[Level, tuple[Promise | str, Promise | str]] = {
    Level.DOMAIN: (_("Domain of a partner"), _("and everything below it")),
    Level.PARTNER: (_("One partner"), _("a single address we write to")),
    Level.ACCOUNT: (_("One of our accounts"), _("what it sends")),
}
