"""Every page there is, by the name of its URL: who looks at it, and with which arguments.

Pictures and accessibility checks are made from this list; a test demands that no address is left
out. ``pages()`` gets what the furnished office calls its things, so that arguments can name real
objects (``tests/browser/scenery.py``).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from django.urls import reverse

from siegel.policy.message_state import MessageState
from siegel.policy.roles import Role
from siegel.wording.guides.reading import PARTNER_GUIDES, STAFF_GUIDES


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """``role`` None: nobody is signed in. ``colleague``: somebody else of ``scenery.sessions``.
    ``query`` begins with "?". ``state``: what is peculiar about this picture, if there are several
    of one view."""

    view: str
    role: Role | None = Role.ADMINISTRATOR
    arguments: dict[str, object] = field(default_factory=dict)
    query: str = ""
    state: str = ""
    colleague: str = ""
    status: int = 200

    @property
    def who(self) -> str | None:
        """A name of ``scenery.sessions``."""
        return self.colleague or (self.role and self.role.value)

    @property
    def path(self) -> str:
        return reverse(self.view, kwargs=self.arguments) + self.query

    @property
    def name(self) -> str:
        """Of the picture's file."""
        who = "" if self.who == Role.ADMINISTRATOR else f"-{self.who or 'nobody'}"
        state = f"-{self.state}" if self.state else ""
        return self.view.replace(":", "-").replace("_", "-") + state + who


def pages(names: Mapping[str, str]) -> Iterator[Page]:
    yield Page(view="start")
    yield Page(view="start", role=Role.MEMBER)
    yield Page(view="menu")
    yield Page(view="preferences")
    yield Page(view="account_login", role=None)
    yield Page(view="account_inactive", role=None)
    yield Page(view="password_forgotten", role=None)
    yield Page(view="organisation_again")
    yield Page(view="socialaccount_login_error", role=None)
    yield Page(view="socialaccount_login_cancelled", role=None)
    yield Page(view="account_change_password")
    yield Page(view="account_logout")
    yield Page(view="account_reauthenticate")
    yield Page(view="usersessions_list")
    yield Page(view="mfa_index")
    yield Page(view="mfa_activate_totp")
    yield Page(view="mfa_list_webauthn")
    yield Page(view="mfa_add_webauthn")
    yield Page(view="mfa_authenticate", colleague="half")
    yield Page(view="mfa_index", state="set", colleague="careful")
    yield Page(view="mfa_reauthenticate", colleague="careful")
    yield Page(view="mfa_reauthenticate_webauthn", colleague="careful")
    yield Page(view="mfa_deactivate_totp", colleague="careful")
    yield Page(view="mfa_view_recovery_codes", colleague="careful")
    yield Page(view="mfa_generate_recovery_codes", colleague="careful")
    yield Page(view="mfa_list_webauthn", state="set", colleague="careful")
    yield Page(
        view="mfa_edit_webauthn", colleague="careful", arguments={"pk": int(names["passkey"])}
    )
    yield Page(
        view="mfa_remove_webauthn", colleague="careful", arguments={"pk": int(names["passkey"])}
    )
    yield Page(view="help:overview")
    yield Page(view="help:overview", role=None, query="?open=all", state="open")
    yield Page(view="help:overview", role=None)
    yield Page(view="help:chapter", arguments={"slug": "set-up"})
    yield Page(view="help:chapter", role=None, arguments={"slug": "trouble"})
    yield Page(view="help:search", query="?q=passphrase")
    yield Page(view="help:search", query="?q=xyzzy", state="nothing")
    yield Page(view="help:lists")
    yield Page(view="help:add", arguments={"kind": "link"})
    yield Page(view="help:change", arguments={"kind": "ca", "key": "harica"})
    yield from _certificates(names)
    yield from _contacts(names)
    yield from _keys(names)
    yield from _ends(names)
    yield from _trust(names)
    yield from _rules(names)
    yield from _accounts_and_people(names)
    yield from _journal_and_health(names)
    yield from _reading(names)
    yield from _outbox(names)
    yield from _authority(names)


def _authority(names: Mapping[str, str]) -> Iterator[Page]:
    root, issuing, waiting, untrusted, revoked = (
        {"number": int(names[f"authority_{each}"])}
        for each in ("root", "issuing", "waiting", "untrusted", "revoked")
    )
    issued: dict[str, object] = {"fingerprint": names["issued_certificate"]}
    yield Page(view="authority:list")
    yield Page(view="authority:list", role=Role.CERTIFICATE_MANAGER)
    yield Page(view="authority:create")
    yield Page(view="authority:below")
    yield Page(view="authority:show", arguments={**root}, state="root")
    yield Page(view="authority:show", arguments={**untrusted}, state="untrusted")
    yield Page(view="authority:show", arguments={**revoked}, state="revoked")
    yield Page(view="authority:show", arguments={**issuing})
    yield Page(view="authority:show", arguments={**waiting}, state="waits")
    yield Page(view="authority:show", arguments={**issuing}, query="?q=niemand", state="nothing")
    yield Page(view="authority:answer", arguments={**waiting})
    yield Page(view="authority:trust", arguments={**untrusted})
    yield Page(view="authority:renew", arguments={**issuing})
    yield Page(view="authority:revoke", arguments=issued)
    yield Page(view="certificates:one", arguments=issued, state="issued-here")


def _writing(names: Mapping[str, str]) -> Iterator[Page]:
    letter: dict[str, object] = {"item": int(names["letter"])}
    draft: dict[str, object] = {"number": int(names["draft"])}
    text: dict[str, object] = {"number": int(names["signature_text"])}
    yield Page(view="compose:new")
    yield Page(view="compose:new", query="?to=niemand@nirgends.example&ask=signed", state="asking")
    yield Page(view="compose:edit", arguments=draft)
    yield Page(view="compose:discard", arguments=draft)
    yield Page(view="compose:reply", arguments=letter)
    yield Page(view="compose:forward", arguments=letter)
    yield Page(view="compose:drafts")
    yield Page(view="compose:signatures")
    yield Page(view="compose:signature_new")
    yield Page(view="compose:signature", arguments=text)
    yield Page(view="compose:signature_remove", arguments=text)


def _rules(names: Mapping[str, str]) -> Iterator[Page]:
    asked = f"?sender={names['account']}&to=niemand@nirgends.example&wish=encrypt"
    yield Page(view="rules:overview")
    yield Page(view="rules:overview", role=Role.MEMBER)
    yield Page(view="rules:explain")
    yield Page(view="rules:explain", query=asked, state="refused")
    yield Page(view="rules:levels")
    yield Page(view="rules:new")
    exception: dict[str, object] = {"level": "domain", "name": names["exception"]}
    yield Page(view="rules:level", arguments=exception)


def _certificates(names: Mapping[str, str]) -> Iterator[Page]:
    own = {"fingerprint": names["own_certificate"]}
    waiting = {"number": int(names["locked_file"])}
    yield Page(view="certificates:list")
    yield Page(view="certificates:list", role=Role.MEMBER)
    yield Page(view="certificates:list", query="?kind=own&validity=expiring", state="expiring")
    yield Page(view="certificates:list", query="?q=niemand", state="nothing")
    for state in (
        "own_certificate",
        "expiring_certificate",
        "expired_certificate",
        "certificate_without_account",
        "partner_certificate",
        "root",
    ):
        arguments: dict[str, object] = {"fingerprint": names[state]}
        yield Page(view="certificates:one", arguments=arguments, state=state.replace("_", "-"))
    yield Page(view="certificates:one", role=Role.MEMBER, arguments={**own})
    yield Page(view="certificates:send", arguments={**own})
    yield Page(view="certificates:export_key", arguments={**own})
    yield Page(view="certificates:archive", arguments={**own})
    yield Page(view="certificates:locked", arguments={**waiting})
    yield Page(view="certificates:locked_remove", arguments={**waiting})


def _keys(names: Mapping[str, str]) -> Iterator[Page]:
    waiting: dict[str, object] = {"number": int(names["request"])}
    yield Page(view="keys:list")
    yield Page(view="keys:new")
    yield Page(view="keys:new", query=f"?account={names['account']}", state="chosen")
    yield Page(view="keys:request", arguments=waiting)
    yield Page(view="keys:withdraw", arguments=waiting)
    yield Page(view="keys:renew", arguments={"fingerprint": names["own_certificate"]})
    yield Page(view="keys:many")
    for state in ("new", "done"):
        job: dict[str, object] = {"number": int(names[f"enrolments_{state}"])}
        yield Page(view="keys:job", arguments=job, state=state)
    yield Page(view="keys:deliveries")
    yield Page(view="keys:deliver")
    yield Page(view="keys:mine", role=Role.MEMBER)
    yield Page(view="keys:mine", colleague="careful", state="empty")
    for state in ("ready", "fetched"):
        delivery: dict[str, object] = {"number": int(names[f"delivery_{state}"])}
        yield Page(view="keys:delivery", arguments=delivery, state=state)
        yield Page(view="keys:fetch", role=Role.MEMBER, arguments=delivery, state=state)
        yield Page(view="keys:passphrase", arguments=delivery, state=state)
    ready: dict[str, object] = {"number": int(names["delivery_ready"])}
    yield Page(view="keys:delivery_withdraw", arguments=ready)


def _ends(names: Mapping[str, str]) -> Iterator[Page]:
    running: dict[str, object] = {"number": int(names["reissue"])}
    waiting: dict[str, object] = {"number": int(names["reissue_waiting"])}
    yield Page(view="expiry:overview")
    yield Page(view="expiry:calendar")
    yield Page(view="expiry:calendar", role=Role.MEMBER)
    yield Page(view="reissue:list")
    yield Page(view="reissue:new")
    yield Page(view="reissue:new", query="?issuer=", state="found")
    yield Page(view="reissue:one", arguments=running)
    yield Page(view="reissue:one", arguments=waiting, state="waiting")
    yield Page(view="reissue:partners", arguments=running)
    yield Page(view="reissue:revoke", arguments=running)


def _contacts(names: Mapping[str, str]) -> Iterator[Page]:
    contact = {"number": int(names["contact"])}
    yield Page(view="contacts:list")
    yield Page(view="contacts:list", query="?q=niemand", state="nothing")
    yield Page(view="contacts:new")
    for view in ("one", "edit", "remove"):
        yield Page(view=f"contacts:{view}", arguments={**contact})


def _trust(names: Mapping[str, str]) -> Iterator[Page]:
    yield Page(view="trust:overview")
    yield Page(view="trust:overview", role=Role.CERTIFICATE_MANAGER, query="?show=public&q=Sectigo")
    yield Page(view="trust:inbox")
    yield Page(view="trust:named", arguments={"mark": names["named_root"]})
    yield Page(view="trust:catalogue")
    yield Page(view="trust:decisions")
    yield Page(view="trust:import")
    for state in ("root", "waiting_root", "refused_root"):
        arguments: dict[str, object] = {"fingerprint": names[state]}
        yield Page(view="trust:root", arguments=arguments, state=state.replace("_", "-"))
    yield Page(view="trust:decide", arguments={"fingerprint": names["waiting_root"]})
    yield Page(view="trust:distrust", arguments={"fingerprint": names["waiting_root"]})
    yield Page(view="trust:withdraw", arguments={"fingerprint": names["root"]})
    yield Page(view="trust:questions")
    for kind in ("certificate", "change"):
        asked = {"kind": kind, "number": int(names[f"question_{kind}"])}
        yield Page(view="trust:question", arguments={**asked}, state=kind)


def _accounts_and_people(names: Mapping[str, str]) -> Iterator[Page]:
    account, person = {"account": names["shared_account"]}, {"email": names["person"]}
    yield Page(view="accounts:list")
    yield Page(view="accounts:list", role=Role.MEMBER)
    yield Page(view="accounts:list", query="?q=niemand", state="nothing")
    yield Page(view="accounts:create", query="?address=ruth@office.example")
    yield Page(view="accounts:detail", arguments={**account})
    yield Page(view="accounts:detail", role=Role.MEMBER, arguments={**account})
    yield Page(view="accounts:rename", arguments={**account})
    yield Page(view="accounts:admit", arguments={**account})
    on_it = f"?person={names['person']}"
    yield Page(view="accounts:dismiss", arguments={**account}, query=on_it)
    yield Page(view="accounts:grant", arguments={**account})
    yield Page(view="mailboxes:edit", arguments={"account": names["account"]})
    yield Page(view="mailboxes:edit", state="problem", arguments={**account})
    yield Page(view="mailboxes:remove", arguments={**account})
    yield Page(view="people:list")
    yield Page(view="people:list", query="?q=niemand", state="nothing")
    yield Page(view="people:detail", arguments={**person})
    yield Page(view="people:invite")
    yield Page(view="people:welcome", role=None, arguments={"token": names["invitation"]})
    yield Page(
        view="people:welcome", role=None, arguments={"token": "over"}, state="over", status=404
    )
    yield from _partner_site(names)
    yield from _joining(names)
    yield from _foreign_directories(names)


def _foreign_directories(names: Mapping[str, str]) -> Iterator[Page]:
    yield Page(view="lookups:list")
    yield Page(view="lookups:list", role=Role.CERTIFICATE_MANAGER)
    yield Page(view="lookups:ask", role=Role.MEMBER, query="?address=petra@partner.example")
    yield Page(view="lookups:new")
    yield Page(view="lookups:new", query="?preset=ba", state="preset")
    for state in ("good", "bad"):
        arguments: dict[str, object] = {"number": int(names[f"directory_{state}"])}
        yield Page(view="lookups:edit", arguments=arguments, state=state)
    yield Page(view="lookups:remove", arguments={"number": int(names["directory_good"])})
    store: dict[str, object] = {"number": int(names["store"])}
    yield Page(view="lookups:new_store")
    yield Page(view="lookups:edit_store", arguments=store)
    yield Page(view="lookups:remove_store", arguments=store)


def _partner_site(names: Mapping[str, str]) -> Iterator[Page]:
    for view in ("home", "chain", "everybody"):
        yield Page(view=f"directory:{view}", role=None)
    mark: dict[str, object] = {"mark": names["published"]}
    yield Page(view="directory:one", role=None, arguments=mark)
    nobody = "?address=niemand@office.example"
    yield Page(view="directory:search", role=None, query=nobody, state="nothing", status=404)
    yield Page(view="publishing:overview")
    yield Page(view="publishing:overview", query="?q=niemand", state="nothing")
    yield Page(view="publishing:site")
    yield Page(view="publishing:record", arguments={"address": names["account"]})
    yield from _guides_and_checklists(names)


def _guides_and_checklists(names: Mapping[str, str]) -> Iterator[Page]:
    yield Page(view="guides:list", role=None)
    mine = f"?address={names['account']}"
    for slug in PARTNER_GUIDES:
        yield Page(
            view="guides:program", role=None, arguments={"slug": slug}, query=mine, state=slug
        )
    yield Page(view="office_guides:list", role=Role.MEMBER)
    for slug in STAFF_GUIDES:
        yield Page(view="office_guides:one", arguments={"slug": slug}, state=slug)
    yield Page(view="office_guides:send", query="?to=frau.huber@school.example")
    yield Page(view="checklists:list")
    yield Page(view="checklists:new")
    for state in ("", "_due", "_empty"):
        of_list: dict[str, object] = {"number": int(names[f"checklist{state}"])}
        yield Page(view="checklists:one", arguments=of_list, state=state.strip("_"))
    yield Page(view="checklists:remove", arguments={"number": int(names["checklist"])})


def _joining(names: Mapping[str, str]) -> Iterator[Page]:
    yield Page(view="joining:robot", role=None)
    yield Page(view="joining:own_key", role=None)
    yield Page(view="joining:control", role=None, arguments={"token": names["control"]})
    over: dict[str, object] = {"token": "over"}
    yield Page(view="joining:control", role=None, arguments=over, state="over", status=404)
    yield Page(view="joining:invitation", role=None, arguments={"token": names["invited"]})
    yield Page(view="invitations:list", role=Role.MEMBER)
    yield Page(view="invitations:new", role=Role.MEMBER)


def _journal_and_health(names: Mapping[str, str]) -> Iterator[Page]:
    yield Page(view="journal:list")
    yield Page(view="journal:list", role=Role.MEMBER)
    yield Page(view="journal:list", query="?group=trust&since=2020-01-01", state="filtered")
    yield Page(view="journal:list", query="?q=niemand", state="nothing")
    for state in ("unencrypted_entry", "person_entry"):
        arguments: dict[str, object] = {"number": int(names[state])}
        yield Page(view="journal:detail", arguments=arguments, state=state.replace("_", "-"))
    yield Page(view="journal:why")
    yield Page(view="journal:why", query="?recipient=niemand@nirgends.example", state="told")
    yield Page(view="health:overview")


def _outbox(names: Mapping[str, str]) -> Iterator[Page]:
    yield Page(view="outbox:list")
    yield Page(view="outbox:list", colleague="careful", state="empty")
    for state in ("waiting", "held", "sent", "failed"):
        arguments: dict[str, object] = {"number": int(names[f"outbox_{state}"])}
        yield Page(view="outbox:show", arguments=arguments, state=state)
    yield Page(view="outbox:withdraw", arguments={"number": int(names["outbox_held"])})
    yield Page(view="bulk:list")
    yield Page(view="bulk:new")
    for state in ("new", "running", "done"):
        arguments = {"number": int(names[f"bulk_{state}"])}
        yield Page(view="bulk:show", arguments=arguments, state=state)


def _reading(names: Mapping[str, str]) -> Iterator[Page]:
    talk: dict[str, object] = {"number": int(names["conversation"])}
    yield Page(view="inbox:home")
    yield Page(view="inbox:home", query="?q=kurs", state="search")
    yield Page(view="inbox:home", query="?only=flagged", state="nothing")
    yield Page(view="inbox:folder", arguments={"number": int(names["inbox"])})
    yield Page(view="inbox:assigned")
    yield Page(view="inbox:sent")
    yield Page(view="conversation:show", arguments=talk)
    for state in (*MessageState, "thread", "html", "files", "invitation"):
        of_state: dict[str, object] = {"number": int(names[f"conversation_{state}"])}
        yield Page(view="conversation:show", arguments=of_state, state=state.replace("_", "-"))
    yield Page(view="conversation:source", arguments={"item": int(names["letter"])})
    yield from _writing(names)


WITHOUT_PICTURE = {
    "guides:pdf": "a file",
    "office_guides:pdf": "a file",
    "checklists:add": "answers a form",
    "checklists:done": "answers a form",
    "checklists:reopen": "answers a form",
    "checklists:remove_step": "answers a form",
    "authority:request": "a file",
    "authority:issue_list": "only by POST",
    "pki:list": "a file for programs",
    "pki:certificate": "a file for programs",
    "pki:ocsp": "an answer for programs",
    "pki:ocsp_get": "an answer for programs",
    "lookups:test": "only by POST",
    "lookups:dns": "only by POST",
    "landing": "leads to the inbox or to the overview",
    "inbox:act": "only by POST",
    "inbox:undo": "only by POST",
    "conversation:frame": "a frame of its own inside the page of a conversation",
    "compose:file": "a file",
    "compose:standing": "a part of the page of a message that is being written",
    "compose:suggest": "names for the script",
    "conversation:part": "a file",
    "conversation:attached": "as a message of the conversation, alone",
    "conversation:consent": "answers a form",
    "conversation:report": "answers a form",
    "conversation:take": "answers a form",
    "conversation:handle": "answers a form",
    "conversation:act": "answers a form",
    "conversation:state": "for the script of the conversation",
    "conversation:original": "a file",
    "outbox:undo": "answers a form",
    "outbox:now": "answers a form",
    "outbox:original": "a file",
    "joining:certificate": "answers a form",
    "joining:invited_own_key": "answers a form",
    "invitations:withdraw": "answers a form",
    "directory:chain_file": "a file",
    "directory:certificate": "a file",
    "directory:authority_file": "a file",
    "directory:http_store": "for programs",
    "directory:colours": "for the pages of the partner site",
    "directory:logo": "a picture",
    "http_store:any": "for programs",
    "http_store:certificates": "for programs",
    "http_store:lists": "for programs",
    "http_store:robots": "for programs",
    "publishing:change": "answers a form",
    "publishing:switch": "answers a form",
    "publishing:logo": "answers a form",
    "expiry:subscribe": "answers a form with the address, once",
    "expiry:unsubscribe": "answers a form",
    "expiry:download": "a file",
    "expiry:fetch": "for calendar programs",
    "reissue:start": "answers a form",
    "reissue:stop": "answers a form",
    "reissue:discard": "answers a form",
    "reissue:again": "answers a form",
    "reissue:switch": "answers a form",
    "reissue:end": "answers a form",
    "keys:answer": "answers a form",
    "keys:start": "answers a form",
    "keys:stop": "answers a form",
    "keys:discard": "answers a form",
    "keys:report": "a file",
    "keys:download": "a file",
    "bulk:start": "answers a form",
    "bulk:stop": "answers a form",
    "bulk:discard": "answers a form",
    "bulk:report": "a file",
    "undo_seconds": "answers a form",
    "rules:save": "answers a form",
    "language": "answers a form",
    "theme": "answers a form",
    "healthz": "for programs",
    "metrics": "for programs",
    "accounts:withdraw": "answers a form",
    "accounts:switch": "answers a form",
    "mailboxes:test": "answers a form",
    "mailboxes:consent": "comes back from a provider and goes on",
    "people:roles": "answers a form",
    "people:link": "answers a form with the link, once",
    "people:active": "answers a form",
    "people:second_factor": "answers a form",
    "journal:export": "a file",
    "certificates:upload": "answers a form",
    "certificates:export": "a file",
    "contacts:take_cards": "answers a form",
    "contacts:vcard": "a file",
    "mfa_login_webauthn": "for the script of the sign-in page",
    "mfa_download_recovery_codes": "a file",
    "account_signup": "leads to the sign-in page",
    "account_set_password": "leads to the change of the password",
    "organisation_enter": "leads to the identity provider",
    "openid_connect_callback": "comes from the identity provider",
    "help:move": "answers a form",
    "help:remove": "answers a form",
    "help:restore": "answers a form",
    "tour:go": "answers a form",
    "tour:file": "a file",
}
"""Addresses that show nothing, each with the reason."""
