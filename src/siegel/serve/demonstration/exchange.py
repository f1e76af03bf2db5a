"""Six messages between an office and a partner, and what became of each of them.

Every line that is printed was read back: from the gateway's answer, from the journal, from the
delivered file, or from what the partner's program made of it. The first thing that is otherwise
than it has to be ends the demo.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime

from siegel.base.address import EmailAddress
from siegel.base.errors import SiegelError
from siegel.config.schema import Settings
from siegel.config.values import Listen
from siegel.mime.fields import decode_words
from siegel.pki.certificate import Certificate
from siegel.policy.inbound import CryptographicSummary
from siegel.policy.reasons import Obstacle, Reason
from siegel.serve.demonstration import post
from siegel.serve.demonstration.cast import ANNA, HUBER, UNKNOWN, Files
from siegel.serve.demonstration.office import Administrator, short, shown_command
from siegel.serve.demonstration.partner import Letter, MailProgram, UnreadableError
from siegel.serve.demonstration.places import Places
from siegel.serve.demonstration.post import Answer, Delivered, Draft
from siegel.serve.demonstration.telling import DeviationError, copyable, expect, headline, line
from siegel.store.queries import journal, pending
from siegel.store.rows import JournalRow
from siegel.wording.lookup import words
from siegel.wording.words import Language

CHANNEL = "telephone (imagined by the demo)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """One message, for the record beside the mail folders."""

    step: int
    message_id: str
    answer: tuple[str, ...]
    action: str
    reasons: tuple[str, ...]
    files: tuple[str, ...]


@dataclass(slots=True, kw_only=True)
class Exchange:
    """The six steps. ``anna`` is the certificate the partner learnt from Anna's signature."""

    places: Places
    settings: Settings
    administrator: Administrator
    partner: Files
    program: MailProgram
    noted: list[Noted] = field(default_factory=list)
    anna: Certificate | None = None

    def run(self) -> list[dict[str, object]]:
        """All steps in order; the record of them. Raises ``DeviationError``."""
        steps: tuple[Callable[[], None], ...] = (
            self.first_contact,
            self.huber_signs,
            self.anna_encrypts,
            self.huber_encrypts,
            self.two_recipients,
            self.wish_that_cannot_be_fulfilled,
        )
        try:
            for step in steps:
                step()
        except (OSError, SiegelError, UnreadableError) as error:
            raise DeviationError(f"{type(error).__name__}: {error}") from error
        return [asdict(noted) for noted in self.noted]

    def first_contact(self) -> None:
        headline(1, "Anna writes to Frau Huber, whose certificate nobody here knows yet.")
        draft = post.write(
            ANNA, [HUBER], "Elternabend am Donnerstag", "Passt Ihnen 18 Uhr?\n\nAnna Adler", _now()
        )
        (copy,) = self._goes_out(1, draft, "outbound.sign")
        expect(_media(copy) == "multipart/signed", "the mail arrives as multipart/signed")
        letter = self._read_by_partner(copy, draft)
        self.anna = letter.signer

    def huber_signs(self) -> None:
        headline(2, "Frau Huber answers, signed. Her authority is not trusted here yet.")
        text = "Ja, 18 Uhr passt gut.\n\nPetra Huber"
        reasons = self._comes_in(
            2, "Re: Elternabend am Donnerstag", text, CryptographicSummary.UNPROTECTED
        )
        expect(Reason.SIGNER_NOT_TRUSTED in reasons, "the signer is not trusted at first")
        waiting = pending.pending_for(EmailAddress.parse(HUBER))
        expect(len(waiting) == 1, "her certificate waits and is not used")
        line("pending", f"{waiting[0].address}, sha256 {waiting[0].fingerprint[:16]}…, not used")
        for command in self.administrator.trust(self.partner.root, CHANNEL):
            copyable("typed", shown_command(self.places, command))
        anew = journal.read(action="message.judged_anew", address=HUBER)
        expect(len(anew) == 1, "her first mail is judged anew, her certificate is used")
        line("journal", f"{anew[0].id}: {anew[0].action}, {anew[0].detail['summary']}")
        text = "Noch etwas: Bitte bringen Sie die Liste mit.\n\nPetra Huber"
        line("", "She writes again, signed.")
        self._comes_in(2, "Die Liste", text, CryptographicSummary.VERIFIED)
        learnt = journal.read(action="certificate.harvested", address=HUBER)
        expect(len(learnt) == 1, "her certificate is taken over from the signature")
        left = pending.pending_for(EmailAddress.parse(HUBER))
        expect(not left, "nothing waits for a decision any more")
        line("journal", f"{learnt[0].id}: {learnt[0].action}, {learnt[0].about}")

    def anna_encrypts(self) -> None:
        headline(3, "Anna writes back. Nobody chooses anything: the mail is signed and encrypted.")
        text = "Die Liste ist dabei: Ada, Bruno, Cem, Dora.\n\nAnna Adler"
        draft = post.write(ANNA, [HUBER], "Re: Die Liste", text, _now())
        (copy,) = self._goes_out(3, draft, "outbound.sign_and_encrypt")
        expect(_media(copy) == "application/pkcs7-mime", "the mail arrives encrypted")
        expect(b"Die Liste ist" not in copy.octets, "nothing of the text can be read on the way")
        letter = self._read_by_partner(copy, draft)
        expect(letter.encrypted, "the partner had to decrypt the mail")

    def huber_encrypts(self) -> None:
        headline(4, "Frau Huber answers, signed and encrypted to Anna.")
        expect(self.anna is not None, "the partner learnt Anna's certificate from her signature")
        text = "Danke! Das bleibt unter uns.\n\nPetra Huber"
        expected = CryptographicSummary.CONFIDENTIAL
        self._comes_in(4, "Re: Die Liste", text, expected, reader=self.anna)
        (copy,) = post.delivered(self.places.inside, ANNA, self.noted[-1].message_id)
        tag = f"[{words(expected, Language(self.settings.organisation.language)).title}]"
        expect(_subject(copy).startswith(tag), f"the subject begins with {tag}")
        expect(text in _text(copy), "Anna reads the text without doing anything")
        line("subject", _subject(copy))
        line("text", " ".join(_text(copy).split()))

    def two_recipients(self) -> None:
        headline(5, "Anna writes to Frau Huber and to Herr Neu, whose certificate nobody knows.")
        text = "Der Raum ist gebucht.\n\nAnna Adler"
        draft = post.write(ANNA, [HUBER, UNKNOWN], "Raum 3", text, _now())
        copies = self._goes_out(5, draft, "outbound.sign")
        expect(all(_media(copy) == "multipart/signed" for copy in copies), "both get a signed mail")
        self._read_by_partner(copies[0], draft)
        obstacles = self._obstacles(draft)
        expect(not obstacles[HUBER], "nothing stands against Frau Huber")
        expect(obstacles[UNKNOWN] == [Obstacle.NO_CERTIFICATE], "Herr Neu has no certificate")

    def wish_that_cannot_be_fulfilled(self) -> None:
        headline(6, "Anna asks for encryption to Herr Neu (X-Siegel-Protect: encrypt).")
        text = "Nur für Sie.\n\nAnna Adler"
        draft = post.write(ANNA, [UNKNOWN], "Vertraulich", text, _now(), wish="encrypt")
        answer = self._hand_in(draft, draft.octets, self.settings.gateway.outbound.listen)
        for said in answer.lines:
            line("answer", said)
        entry = self._entry(draft.message_id, "outbound.refused")
        copies = post.delivered(self.places.outside, UNKNOWN, draft.message_id)
        self._note(6, draft, answer, entry, ())
        expect(answer.code == 550, "the gateway refuses with 550")
        expect(Reason.WISH_OF_THE_WRITER in entry.reasons, "the wish is among the reasons")
        expect(not copies, "nothing was sent, least of all in clear")
        line("arrived", "nothing")

    def _goes_out(self, step: int, draft: Draft, action: str) -> tuple[Delivered, ...]:
        """Hand it in at the outbound port; the copies that arrived, one for each recipient."""
        answer = self._hand_in(draft, draft.octets, self.settings.gateway.outbound.listen)
        line("answer", answer.lines[0])
        expect(answer.code == 250, "the gateway takes the mail")
        entry = self._entry(draft.message_id, action)
        line("journal", _in_words(entry))
        for address, obstacles in self._obstacles(draft).items():
            line("", f"{address}: {_listed(obstacles)}")
        found = {
            r: post.delivered(self.places.outside, r, draft.message_id) for r in draft.recipients
        }
        self._note(
            step, draft, answer, entry, tuple(c for copies in found.values() for c in copies)
        )
        expect(all(len(copies) == 1 for copies in found.values()), "everybody gets one copy")
        copies = tuple(copies[0] for copies in found.values())
        for copy in copies:
            copyable("arrived", f"{_media(copy)}: {short(copy.file)}")
        return copies

    def _read_by_partner(self, copy: Delivered, draft: Draft) -> Letter:
        letter = self.program.read(copy.octets, _now())
        signers = ", ".join(str(address) for address in letter.signer.addresses)
        how = "decrypted, " if letter.encrypted else ""
        line("reads", f"{self.program.name}: {how}signature of {signers} verified")
        expect(signers == draft.sender, "the signature is the sender's")
        expect(letter.text == draft.text, "the text is what was written")
        return letter

    def _comes_in(
        self,
        step: int,
        subject: str,
        text: str,
        expected: CryptographicSummary,
        *,
        reader: Certificate | None = None,
    ) -> tuple[str, ...]:
        """The partner's program protects it, the inbound port takes it, Anna's mailbox has it."""
        draft = post.write(HUBER, [ANNA], subject, text, _now())
        octets = self.program.protect(draft.octets, [reader] if reader else [], _now())
        answer = self._hand_in(draft, octets, self.settings.gateway.inbound.listen)
        line("answer", answer.lines[0])
        expect(answer.code == 250, "the gateway takes the mail")
        entry = self._entry(draft.message_id, f"inbound.{expected.value}")
        line("journal", _in_words(entry))
        copies = post.delivered(self.places.inside, ANNA, draft.message_id)
        self._note(step, draft, answer, entry, copies)
        expect(len(copies) == 1, "Anna's mailbox has the mail once")
        for name in ("X-Siegel-Summary", "Authentication-Results"):
            line("marked", f"{name}: {copies[0].value(name).partition(' body.smime-serial')[0]}")
        expect(copies[0].value("X-Siegel-Summary") == expected, f"it is marked {expected.value}")
        counts = expected is not CryptographicSummary.UNPROTECTED
        passed = "smime=pass" in copies[0].value("Authentication-Results")
        expect(passed is counts, "the mark for programs says the same")
        return entry.reasons

    def _hand_in(self, draft: Draft, octets: bytes, listen: Listen) -> Answer:
        return post.hand_in(draft, octets, listen.host, listen.port)

    def _entry(self, message_id: str, action: str) -> JournalRow:
        entries = journal.read(message_id=message_id)
        expect(len(entries) == 1, "the journal has one entry about the mail")
        (entry,) = entries
        expect(entry.action == action, f"the journal says {action}, not {entry.action}")
        return entry

    def _obstacles(self, draft: Draft) -> Mapping[str, list[str]]:
        (entry,) = journal.read(message_id=draft.message_id)
        found = entry.detail["recipients"]
        expect(isinstance(found, dict), "the journal names the recipients")
        return dict(found)

    def _note(
        self,
        step: int,
        draft: Draft,
        answer: Answer,
        entry: JournalRow,
        copies: tuple[Delivered, ...],
    ) -> None:
        files = tuple(str(copy.file.relative_to(self.places.folder)) for copy in copies)
        self.noted.append(
            Noted(
                step=step,
                message_id=draft.message_id,
                answer=answer.lines,
                action=entry.action,
                reasons=entry.reasons,
                files=files,
            )
        )


def _now() -> datetime:
    return datetime.now(UTC)


def _in_words(entry: JournalRow) -> str:
    reasons = "; ".join(words(Reason(code), Language.EN).title for code in entry.reasons)
    return f"{entry.id}: {entry.action} ({reasons})"


def _listed(obstacles: list[str]) -> str:
    titles = (words(Obstacle(code), Language.EN).title for code in obstacles)
    return ", ".join(titles) or "nothing stands against encryption"


def _media(copy: Delivered) -> str:
    return copy.message.root.content_type.media


def _subject(copy: Delivered) -> str:
    return decode_words(copy.value("Subject"))


def _text(copy: Delivered) -> str:
    return copy.message.root.decoded().decode("utf-8", "replace").replace("\r\n", "\n").strip()
