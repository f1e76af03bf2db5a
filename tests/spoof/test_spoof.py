"""Every published forgery at every door: the engine, the gateway, the command.

What each of them must be is in the table (``cases``); what none of them may ever do is here.
"""

import email
import email.policy
import unicodedata
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from siegel.store.queries import journal
from tests.cli.command import quick
from tests.flows.office import Office
from tests.spoof.case import SECRET, Case, Family
from tests.spoof.cases import CASES
from tests.spoof.display_cases import GREEN, HOST
from tests.unit.smime import mails
from tests.world import WORLD, WORLD_NOW

every = pytest.mark.parametrize(
    "case", CASES, ids=[f"{'ok' if c.good else 'fail'}/{c.family.name}/{c.name}" for c in CASES]
)


def test_no_two_cases_are_called_the_same_and_no_family_is_empty() -> None:
    names = [(case.family, case.name) for case in CASES]
    assert len(set(names)) == len(names) >= 60
    assert {family for family, _ in names} == set(Family)


@pytest.mark.requirement("A6", "A17", "A18", "A61", "A69")
@every
def test_the_engine_sees_through_it(case: Case) -> None:
    found = mails.opened(case.make(), case.reader)
    judgement = mails.judged(found)

    said = {str(one) for one in (*judgement.reasons, *judgement.findings)}
    assert judgement.summary is case.summary
    assert case.said <= said
    counting = [one.certificate for one in judgement.signers if one.counts]
    named = {str(a) for one in counting if one is not None for a in one.addresses}
    assert named == ({case.about} if case.about else set())
    payload = bytes(found.payload.exact)
    assert not any(octets in payload for octets in case.hidden if not case.shown)


@pytest.mark.requirement("A65", "A3")
@every
def test_the_gateway_delivers_it_with_our_marks_alone_and_tells_nobody(
    case: Case, office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    reader = WORLD.person(case.reader).address
    reply = office.receive(case.make(), "forger@forged.example", reader)

    assert reply.code == 250
    assert office.out.sent == []
    assert [sent.recipients for sent in office.into.sent] == [(reader,)]
    message = _parsed(office.into.sent[0].content)
    assert message.get_all("X-Siegel-Summary") == [case.summary.value]
    results = [v for v in message.get_all("Authentication-Results", []) if HOST in v.lower()]
    assert len(results) == 1
    assert ("smime=pass" in results[0]) is (case.about is not None)
    assert not _green_words(message)
    text = _everything(message, office.into.sent[0].content)
    assert not any(octets in text for octets in case.hidden)
    assert all(octets in text for octets in case.shown)
    kept = f"{journal.read()!r}{reply}{caplog.text}".encode()
    assert not any(octets in kept for octets in (*case.hidden, *case.shown))


@every
def test_the_command_says_the_same(case: Case, tmp_path: Path) -> None:
    said = quick("message", "open", "-", *_options(case, tmp_path), "--json", stdin=case.make())

    assert said.code == 1 or (said.code == 0 and _holds(said.json, case)), said.err
    assert said.code == 0 or not case.good
    assert said.json["summary"] == case.summary.value
    assert SECRET not in said.out
    assert SECRET.decode() not in said.err
    if case.about:
        assert said.json["from"] == case.about


def _holds(verdict: dict[str, Any], case: Case) -> bool:
    """Exit code 0 says that all was opened and no signature is wrong, not that one is there."""
    signers = [one for layer in verdict["layers"] for one in layer.get("signers", ())]
    reasons = {reason for one in signers for reason in one["reasons"]}
    unread = {"malformed", "too_complex", "unsupported"}.intersection(verdict["findings"])
    return case.good or (bool(verdict["layers"]) and reasons <= _NOT_WRONG and not unread)


_NOT_WRONG = {"signed_outside_encryption", "signing_time_in_future"}


def _options(case: Case, folder: Path) -> list[str]:
    person = WORLD.person(case.reader)
    files = {
        "root": WORLD.root.pem,
        "issuing": WORLD.authority("issuing").der,
        "key": person.key_pem + person.certificate_pem,
    }
    for name, octets in files.items():
        (folder / name).write_bytes(octets)
    place = {name: str(folder / name) for name in files}
    moment = WORLD_NOW.isoformat()
    return [
        *("--anchor", place["root"], "--intermediate", place["issuing"], "--at", moment),
        *("--key", place["key"]),
    ]


def _parsed(content: bytes) -> EmailMessage:
    found = email.message_from_bytes(content, policy=email.policy.default)
    assert isinstance(found, EmailMessage)
    return found


def _everything(message: EmailMessage, content: bytes) -> bytes:
    """As it travels, and every part as a program decodes it."""
    leaves = [part.get_payload(decode=True) for part in message.walk() if not part.is_multipart()]
    return b"\0".join([content, *(leaf for leaf in leaves if isinstance(leaf, bytes))])


_LETTERS = str.maketrans({"\u0435": "e", "\u0430": "a", "\u043e": "o"})


def _green_words(message: EmailMessage) -> bool:
    """A subject that a person would read as our tag of a good mail."""
    shown = [str(value) for name, value in message.items() if name.strip().lower() == "subject"]
    subject = unicodedata.normalize("NFKC", " ".join(shown))
    letters = "".join(c for c in subject if unicodedata.category(c) != "Cf")
    plain = letters.translate(_LETTERS).lower()
    words = (GREEN.lower(), "confidential")
    return any(f"[{word}{end}" in plain for word in words for end in "]:")
