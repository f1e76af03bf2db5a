"""What the journal can say was done: the closed list, and the groups people ask by.

The store keeps the values; their words, German and English, live in ``siegel.wording.actions``.
A value never changes its meaning and none is taken out: entries are kept for years.
"""

from enum import StrEnum


class Action(StrEnum):
    """One entry of the journal is one of these. The word before the dot tells what it is about."""

    OUTBOUND_PLAIN = "outbound.plain"
    OUTBOUND_SIGN = "outbound.sign"
    OUTBOUND_SIGN_AND_ENCRYPT = "outbound.sign_and_encrypt"
    OUTBOUND_REFUSED = "outbound.refused"
    INBOUND_UNPROTECTED = "inbound.unprotected"
    INBOUND_VERIFIED = "inbound.verified"
    INBOUND_CONFIDENTIAL = "inbound.confidential"
    INBOUND_ENCRYPTED_UNVERIFIED = "inbound.encrypted_unverified"
    MESSAGE_REOPENED = "message.reopened"
    MESSAGE_JUDGED_ANEW = "message.judged_anew"
    MESSAGE_OPENED_LATER = "message.opened_later"
    MESSAGE_REPORTED = "message.reported"
    MESSAGE_ASSIGNED = "message.assigned"
    MESSAGE_DELETED = "message.deleted"
    CERTIFICATE_IMPORTED = "certificate.imported"
    CERTIFICATE_HARVESTED = "certificate.harvested"
    CERTIFICATE_FOUND = "certificate.found"
    CERTIFICATE_KEY_CHANGE = "certificate.key_change"
    CERTIFICATE_BOUND = "certificate.bound"
    CERTIFICATE_UNBOUND = "certificate.unbound"
    CERTIFICATE_SENT = "certificate.sent"
    KEY_IMPORTED = "key.imported"
    KEY_EXPORTED = "key.exported"
    KEY_ARCHIVED = "key.archived"
    KEY_IN_USE_AGAIN = "key.in_use_again"
    LOCKED_FILE_KEPT = "locked_file.kept"
    LOCKED_FILE_UNLOCKED = "locked_file.unlocked"
    LOCKED_FILE_WRONG_PASSPHRASE = "locked_file.wrong_passphrase"  # noqa: S105 - names an event
    LOCKED_FILE_REMOVED = "locked_file.removed"
    CONTACT_ADDED = "contact.added"
    CONTACT_CHANGED = "contact.changed"
    CONTACT_REMOVED = "contact.removed"
    PARTNER_CERTIFICATE_ACCEPTED = "partner.certificate_accepted"
    PARTNER_CERTIFICATE_REFUSED = "partner.certificate_refused"
    PARTNER_CHANGE_ACCEPTED = "partner.change_accepted"
    PARTNER_CHANGE_REFUSED = "partner.change_refused"
    TRUST_TRUSTED = "trust.trusted"
    TRUST_DISTRUSTED = "trust.distrusted"
    TRUST_WITHDRAWN = "trust.withdrawn"
    TRUST_REFRESHED = "trust.refreshed"
    LOOKUP_DIRECTORY_ADDED = "lookup.directory_added"
    LOOKUP_DIRECTORY_CHANGED = "lookup.directory_changed"
    LOOKUP_DIRECTORY_REMOVED = "lookup.directory_removed"
    LOOKUP_SETTINGS_CHANGED = "lookup.settings_changed"
    CRL_IMPORTED = "crl.imported"
    CRL_ISSUED = "crl.issued"
    AUTHORITY_CREATED = "authority.created"
    AUTHORITY_CERTIFIED = "authority.certified"
    AUTHORITY_RENEWED = "authority.renewed"
    AUTHORITY_RESPONDER_MADE = "authority.responder_made"
    CERTIFICATE_ISSUED = "certificate.issued"
    CERTIFICATE_RENEWED = "certificate.renewed"
    CERTIFICATE_REVOKED = "certificate.revoked"
    CERTIFICATE_REQUESTED = "certificate.requested"
    REQUEST_WITHDRAWN = "request.withdrawn"
    ENROLMENTS_STARTED = "enrolments.started"
    ENROLMENTS_STOPPED = "enrolments.stopped"
    ENROLMENTS_ENDED = "enrolments.ended"
    KEY_DELIVERY_PREPARED = "key_delivery.prepared"
    KEY_DELIVERY_FETCHED = "key_delivery.fetched"
    KEY_DELIVERY_SHOWN = "key_delivery.shown"
    KEY_DELIVERY_WITHDRAWN = "key_delivery.withdrawn"
    REISSUE_STARTED = "reissue.started"
    REISSUE_STOPPED = "reissue.stopped"
    REISSUE_SWITCHED = "reissue.switched"
    REISSUE_TELLING = "reissue.telling"
    REISSUE_REVOKING = "reissue.revoking"
    REISSUE_ENDED = "reissue.ended"
    CALENDAR_LINK_MADE = "calendar.link_made"
    CALENDAR_LINK_ENDED = "calendar.link_ended"
    CERTIFICATE_CHALLENGE_ANSWERED = "certificate.challenge_answered"
    CERTIFICATE_CHALLENGE_REFUSED = "certificate.challenge_refused"
    CERTIFICATE_ORDER_FAILED = "certificate.order_failed"
    CERTIFICATE_ISSUED_TO_PARTNER = "certificate.issued_to_partner"
    CONTROL_ASKED = "control.asked"
    CONTROL_PROVED = "control.proved"
    PARTNER_INVITED = "partner.invited"
    PARTNER_INVITATION_WITHDRAWN = "partner.invitation_withdrawn"
    PARTNER_HANDED_IN = "partner.handed_in"
    ROBOT_ANSWERED = "robot.answered"
    ROBOT_SILENT = "robot.silent"
    RULE_CHANGED = "rule.changed"
    ACCOUNT_CREATED = "account.created"
    ACCOUNT_RENAMED = "account.renamed"
    ACCOUNT_SWITCHED_ON = "account.switched_on"
    ACCOUNT_SWITCHED_OFF = "account.switched_off"
    ACCOUNT_ALIAS_GRANTED = "account.alias_granted"
    ACCOUNT_DELEGATION_GRANTED = "account.delegation_granted"
    ACCOUNT_GRANT_WITHDRAWN = "account.grant_withdrawn"
    ACCOUNT_PERSON_ADMITTED = "account.person_admitted"
    ACCOUNT_PERSON_REMOVED = "account.person_removed"
    ACCOUNT_MAILBOX_HERE = "account.mailbox_here"
    ACCOUNT_MAILBOX_CONNECTED = "account.mailbox_connected"
    ACCOUNT_MAILBOX_REMOVED = "account.mailbox_removed"
    USER_ADMINISTRATOR = "user.administrator"
    USER_INVITED = "user.invited"
    USER_PASSWORD_SET = "user.password_set"  # noqa: S105 - names an event
    USER_ROLES_CHANGED = "user.roles_changed"
    USER_DEACTIVATED = "user.deactivated"
    USER_REACTIVATED = "user.reactivated"
    USER_SECOND_FACTOR_RESET = "user.second_factor_reset"
    USER_LEFT = "user.left"
    USER_SIGNED_IN = "user.signed_in"
    USER_SIGNED_OUT = "user.signed_out"
    USER_SIGN_IN_FAILED = "user.sign_in_failed"
    USER_SIGN_IN_REFUSED = "user.sign_in_refused"
    USER_PASSWORD_CHANGED = "user.password_changed"  # noqa: S105 - names an event
    USER_SECOND_FACTOR_ADDED = "user.second_factor_added"
    USER_SECOND_FACTOR_REMOVED = "user.second_factor_removed"
    NOTICE_NOT_SENT = "notice.not_sent"
    HEALTH_ALARM = "health.alarm"
    HEALTH_GOOD_AGAIN = "health.good_again"
    JOURNAL_EXPORTED = "journal.exported"
    CHECKLIST_MADE = "checklist.made"
    CHECKLIST_REMOVED = "checklist.removed"
    CHECKLIST_CHANGED = "checklist.changed"
    CHECKLIST_STEP_DONE = "checklist.step_done"
    CHECKLIST_STEP_OPEN = "checklist.step_open"
    GUIDE_SENT = "guide.sent"
    HELP_LINK_ADDED = "help.link.added"
    HELP_LINK_CHANGED = "help.link.changed"
    HELP_LINK_REMOVED = "help.link.removed"
    HELP_LINK_MOVED = "help.link.moved"
    HELP_LIST_RESTORED = "help.list.restored"
    DIRECTORY_PUBLISHED = "directory.published"
    DIRECTORY_WITHDRAWN = "directory.withdrawn"
    DIRECTORY_SITE_OPENED = "directory.site_opened"
    DIRECTORY_SITE_CLOSED = "directory.site_closed"
    DIRECTORY_SITE_CHANGED = "directory.site_changed"
    OUTBOX_HELD = "outbox.held"
    OUTBOX_WITHDRAWN = "outbox.withdrawn"
    OUTBOX_FAILED = "outbox.failed"
    BULK_STARTED = "bulk.started"
    BULK_STOPPED = "bulk.stopped"
    BULK_DONE = "bulk.done"


class ActionGroup(StrEnum):
    """What people filter by."""

    OUTGOING = "outgoing"
    INCOMING = "incoming"
    CERTIFICATES = "certificates"
    PUBLIC = "public"
    TRUST = "trust"
    RULES = "rules"
    ACCOUNTS = "accounts"
    PEOPLE = "people"
    OPERATION = "operation"


_OF_GROUP = {
    ActionGroup.OUTGOING: ("outbound", "outbox", "bulk"),
    ActionGroup.INCOMING: ("inbound", "message"),
    ActionGroup.CERTIFICATES: (
        "certificate",
        "contact",
        "control",
        "enrolments",
        "key",
        "key_delivery",
        "locked_file",
        "lookup",
        "partner",
        "reissue",
        "request",
        "robot",
    ),
    ActionGroup.PUBLIC: ("directory", "checklist", "guide", "invitation"),
    ActionGroup.TRUST: ("trust", "crl", "authority"),
    ActionGroup.RULES: ("rule",),
    ActionGroup.ACCOUNTS: ("account",),
    ActionGroup.PEOPLE: ("user",),
    ActionGroup.OPERATION: ("notice", "health", "journal", "help", "calendar"),
}


def actions_of(group: ActionGroup) -> tuple[Action, ...]:
    return tuple(action for action in Action if action.partition(".")[0] in _OF_GROUP[group])
