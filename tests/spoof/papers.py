"""The attacks that were published, and which of our cases try each of them.

"Johnny, you are fired!" (Müller, Brinkmann, Poddebniak, Böck, Schinzel, Somorovsky, Schwenk 2019),
"Re: What's Up Johnny?" (Müller, Brinkmann, Poddebniak, Schinzel, Schwenk 2019), Efail (Poddebniak
and others 2018), and attributes as content (Strenzke 2023). What needs a person of ours to write is
tried in ``test_outgoing``, what needs an administrator's word in ``tests/flows``.
"""

from dataclasses import dataclass
from enum import StrEnum

from tests.spoof.case import Case, Family
from tests.spoof.cases import CASES


class Paper(StrEnum):
    FIRED = "Johnny, you are fired!"
    REPLY = "Re: What's Up Johnny?"
    EFAIL = "Efail"
    STRENZKE = "Attributes as content"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attack:
    """``words`` are parts of the names of its cases in ``family``; ``tests`` are functions that try
    it elsewhere; ``left`` is what is not prevented, in a sentence."""

    paper: Paper
    name: str
    family: Family | None = None
    words: tuple[str, ...] = ()
    tests: tuple[str, ...] = ()
    left: str = ""

    @property
    def cases(self) -> tuple[Case, ...]:
        return tuple(
            case
            for case in CASES
            if case.family is self.family and any(word in case.name for word in self.words)
        )


CMS, MIME, ID, UI = Family.CMS, Family.MIME, Family.IDENTITY, Family.DISPLAY
ORACLE, MALLEABLE = Family.DECRYPTION, Family.MALLEABLE
_OUT = "tests/spoof/test_outgoing.py::"
_BINDING = "tests/flows/test_binding.py::"

ATTACKS: tuple[Attack, ...] = (
    Attack(
        paper=Paper.FIRED, name="CMS: eContent confusion", family=CMS,
        words=("eContent", "SignedData as the content", "another type", "digest reused"),
    ),
    Attack(paper=Paper.FIRED, name="CMS: multiple signers", family=CMS, words=("two signers",)),
    Attack(
        paper=Paper.FIRED, name="CMS: no signer", family=CMS,
        words=("no signer", "certificates only"),
    ),
    Attack(
        paper=Paper.FIRED, name="CMS: missing or other digest", family=CMS,
        words=("taken out", "no digest", "MD5", "twice"),
    ),
    Attack(
        paper=Paper.FIRED, name="CMS: trust chain (self-signed, unknown, not an authority)",
        family=ID, words=("self-signed", "unknown authority", "issued by a person", "expired",
        "only for web servers"),
    ),
    Attack(
        paper=Paper.FIRED, name="CMS: signer confused with a certificate that came along",
        family=CMS, words=("identifier names", "along with", "same subject", "no certificate"),
    ),
    Attack(
        paper=Paper.FIRED, name="GPG: injection into the status of GnuPG",
        left="Siegel calls no GnuPG: there is no such channel.",
    ),
    Attack(
        paper=Paper.FIRED, name="MIME: forger's text in front", family=MIME,
        words=("in front", "the text first", "between"),
    ),
    Attack(
        paper=Paper.FIRED, name="MIME: forger's text behind", family=MIME,
        words=("behind", "the text last", "footer", "epilogue", "appointment"),
        left="Words in preamble and epilogue stay; no program shows them.",
    ),
    Attack(
        paper=Paper.FIRED, name="MIME: signed part wrapped and hidden", family=MIME,
        words=("CSS", "comment around", "<plaintext>", "alternative", "deep inside", "digest",
        "bounce", "attached"),
    ),
    Attack(
        paper=Paper.FIRED, name="MIME: related parts and cid: references", family=MIME,
        words=("cid:", "related", "external-body"),
    ),
    Attack(
        paper=Paper.FIRED, name="MIME: signed part as an attachment", family=MIME,
        words=("as an attachment", "as an attached message", "signature file"),
    ),
    Attack(
        paper=Paper.FIRED, name="MIME: signature lost or taken off", family=MIME,
        words=("without its signature", "empty signature", "for its signature", "another type",
        "parameters of", "calls itself"),
    ),
    Attack(
        paper=Paper.FIRED, name="ID: sender is not compared with the signer", family=ID,
        words=("signed by the attacker", "protected From", "domain", "local part", "Cyrillic",
        "bang path", "percent route"),
    ),
    Attack(
        paper=Paper.FIRED, name="ID: display name shown as the signer", family=ID,
        words=("display name", "as the name"),
        left="A person's name is checked by nobody; the address that signed stands in our marks.",
    ),
    Attack(
        paper=Paper.FIRED, name="ID: From and Sender, Reply-To and others", family=ID,
        words=("Sender:", "Reply-To:", "Resent-From:", "X-Original-From:", "Return-Path:"),
    ),
    Attack(
        paper=Paper.FIRED, name="ID: several From fields or addresses", family=ID,
        words=("two From", "second From", "two addresses", "empty From"),
    ),
    Attack(
        paper=Paper.FIRED, name="ID: comments, groups, routes, encoded words, NUL", family=ID,
        words=("group", "comment", "brackets", "route", "encoded", "NUL", "quote"),
    ),
    Attack(
        paper=Paper.FIRED, name="ID: odd names in certificates", family=ID,
        words=("SAN", "common name", "without an address"),
    ),
    Attack(
        paper=Paper.FIRED, name="ID: an organisation's certificate passed off as a person's",
        tests=(
            _BINDING + "test_without_a_binding_it_is_another_s_signature",
            _BINDING + "test_what_it_signed_counts_and_is_labelled_everywhere",
            _BINDING + "test_it_stands_for_nobody_outside_of_the_domain",
        ),
    ),
    Attack(
        paper=Paper.FIRED, name="UI: marks imitated in the header", family=UI,
        words=("our summary", "our result", "field of ours"),
    ),
    Attack(
        paper=Paper.FIRED, name="UI: marks imitated in the subject", family=UI,
        words=("our tag", "padlock"),
    ),
    Attack(
        paper=Paper.FIRED, name="UI: marks imitated in text, HTML and attachments", family=UI,
        words=("seal", "our words", "mail program", "passphrase"),
        left="The text itself stays as it came; what a program draws around it is its own matter.",
    ),
    Attack(
        paper=Paper.REPLY, name="Decryption: ciphertext hidden in a mail to be answered",
        family=ORACLE, words=("beside", "in front", "only part", "hidden", "attachment", "bounce",
        "several", "deep", "cid:", "alternative", "replies", "attached"),
    ),
    Attack(
        paper=Paper.REPLY, name="Decryption: ciphertext inside what the forger protected",
        family=ORACLE, words=("forger signed", "encrypted mail of the forger", "authenticated one",
        "somebody else", "more layers"),
    ),
    Attack(
        paper=Paper.REPLY, name="Decryption: the answer carries it home",
        tests=(
            _OUT + "test_ciphertext_in_an_answer_leaves_as_it_came",
            _OUT + "test_the_report_about_an_opened_mail_that_bounced_holds_nothing_of_it",
            _OUT + "test_no_mail_of_ours_answers_a_report_or_a_robot",
        ),
    ),
    Attack(
        paper=Paper.REPLY, name="Decryption: gateway asked with another recipient or sender",
        family=ORACLE, words=("sent on to", "forger's From", "receipt"),
        tests=(
            _OUT + "test_a_refused_mail_is_answered_in_the_same_words_whether_it_could_be_opened",
        ),
    ),
    Attack(
        paper=Paper.REPLY, name="Signature: a signed answer quotes what CSS hides",
        tests=(
            _OUT + "test_what_a_draft_hides_with_css_is_signed_as_it_stands",
            _OUT + "test_somebody_s_signed_part_inside_a_draft_never_becomes_the_writer_s_word",
        ),
        left="The gateway signs a draft as the writer's program made it; quoting is its matter.",
    ),
    Attack(
        paper=Paper.REPLY, name="Signature: somebody else's mail signed by ours",
        tests=(
            _OUT + "test_a_draft_that_is_somebody_s_protected_mail_gets_no_signature_of_ours",
            _OUT + "test_nothing_is_signed_for_somebody_else",
            _OUT + "test_mail_from_outside_that_claims_to_be_ours_is_not_signed_on_its_way_in",
        ),
    ),
    Attack(
        paper=Paper.EFAIL, name="Direct exfiltration", family=ORACLE,
        words=("between halves", "quotation", "preamble"),
    ),
    Attack(
        paper=Paper.EFAIL, name="Malleability gadgets and downgrade of ciphers", family=MALLEABLE,
        words=("unsigned HTML", "HTML signed", "HTML under", "block", "padding", "AES-GCM",
        "content key"),
    ),
    Attack(
        paper=Paper.STRENZKE, name="Signed attributes shown as the text", family=CMS,
        words=("signed attributes shown",),
    ),
)  # fmt: skip


def verdicts(cases: tuple[Case, ...]) -> dict[str, int]:
    """How many cases end in which summary, the worst for us last."""
    counted: dict[str, int] = {}
    for case in sorted(cases, key=lambda one: (one.good, one.summary)):
        counted[case.summary.value] = counted.get(case.summary.value, 0) + 1
    return counted
