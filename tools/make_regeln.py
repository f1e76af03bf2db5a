"""Write docs/regeln.md: every rule of the organisation in its own words, and where it is code.

The sentences come from the docstrings of the functions named below; a rule whose function does not
quote its sentence, or whose test does not exist, is an error. Run it after a change of a rule:

    python -m tools.make_regeln
"""

import importlib
import inspect
import pkgutil
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import siegel.policy

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "regeln.md"

_QUOTE = re.compile(r"„([^“]+)“")


@dataclass(frozen=True, slots=True)
class Rule:
    """A sentence, the function that is its rule, and the test that shows it."""

    sentence: str
    function: str
    test: str

    @property
    def docstring(self) -> str:
        return " ".join((inspect.getdoc(self.target()) or "").split())

    @property
    def test_file(self) -> Path:
        return ROOT / self.test.split("::")[0]

    @property
    def test_name(self) -> str:
        return self.test.split("::")[1]

    def target(self) -> object:
        module, _, name = self.function.rpartition(".")
        return getattr(importlib.import_module(module), name)


_OUTBOUND = "tests/unit/policy/test_outbound.py::"
_USABLE = "tests/unit/policy/test_usability.py::"
_INBOUND = "tests/unit/policy/test_inbound.py::"
_HARVEST = "tests/unit/policy/test_harvest.py::"

CHAPTERS: dict[str, tuple[Rule, ...]] = {
    "Senden": (
        Rule(
            "Wird in einer Konversation eine Absenderadresse verwendet, für welche ein passendes "
            "Zertifikat importiert wurde, wird an die E-Mail automatisch eine digitale Signatur "
            "angehangen.",
            "siegel.policy.outbound.fitting_certificate",
            _OUTBOUND + "test_signs_whenever_a_certificate_fits_the_sender",
        ),
        Rule(
            "Ein Einsatz ohne S/MIME-Signatur ist zwar technisch möglich, wird aber von "
            "cmxOrganize nicht erlaubt.",
            "siegel.policy.outbound.SignAndEncrypt",
            _OUTBOUND + "test_there_is_no_plan_that_encrypts_without_signing",
        ),
        Rule(
            "Zudem muss für jeden Adressat ein Zertifkat für dessen genaue E-Mailadresse vorliegen",
            "siegel.policy.outbound.recipients_without_certificate",
            _OUTBOUND + "test_one_recipient_without_certificate_means_signed_only",
        ),
        Rule(
            "Wenn alle Voraussetzungen erfüllt ist, wird Ihnen die Verschlüsselung beim Schreiben "
            "der Mail angeboten oder automatisch aktiviert",
            "siegel.policy.outbound.offer",
            _OUTBOUND + "test_offers_encryption_exactly_when_decide_would_encrypt",
        ),
        Rule(
            "E-Mailverschlüsselung ist nicht für den Massenmailversand (Kommunikation, "
            "Mailversand über Report/Sammelabrechnung) verfügbar.",
            "siegel.policy.outbound.goes_out_in_bulk",
            _OUTBOUND + "test_bulk_mail_is_never_encrypted",
        ),
        Rule(
            "ACHTUNG: Versenden Sie niemals den privaten Schlüssel!",
            "siegel.policy.outbound.carries_a_private_key",
            _OUTBOUND + "test_a_private_key_does_not_leave_by_mail",
        ),
        Rule(
            "Der Absender aktiviert die Verschlüsselung über die Zustelloptionen.",
            "siegel.policy.wish.wish_of_the_writer",
            "tests/unit/policy/test_wish.py::test_header_fields_carry_the_wish_and_are_taken_out",
        ),
    ),
    "Zertifikate": (
        Rule(
            "Damit ein Zertifikat verwendet werden kann, muss dem Zertifikat vertraut werden. "
            "dessen Gültigkeitsbeginn erreicht und das Gültigkeitsende noch nicht abgelaufen sein. "
            "die E-Mailadresse mit der Absenderadresse genau übereinstimmen (abgesehen von Groß- "
            "und Kleinschreibung).",
            "siegel.policy.usability.obstacles",
            _USABLE + "test_every_corner_of_what_can_stand_in_the_way",
        ),
        Rule(
            "Damit das Zertifikat verwendet werden kann, muss zusätzlich das E-Mailkonto für die "
            "E-Mailadresse angelegt werden, das im Zertifikat angegeben ist.",
            "siegel.policy.usability.has_no_account",
            _USABLE + "test_an_own_certificate_without_an_account_signs_nothing",
        ),
        Rule(
            "Um ausgehende Mails zu signieren und eingehende verschlüsselte Mails entschlüsseln "
            "zu können, muss die importierte Zertifikatsdatei den privaten Schlüssel enthalten.",
            "siegel.policy.usability.lacks_private_key",
            _USABLE
            + "test_signing_needs_the_private_key_and_says_when_only_the_passphrase_is_missing",
        ),
        Rule(
            'Die "Klasse" des Zertifikats ist nicht relevant, man kann auch gut das günstigste '
            "Zertifikat verwenden",
            "siegel.policy.usability.usable",
            _USABLE + "test_validation_class_changes_nothing",
        ),
    ),
    "Empfangen": (
        Rule(
            "Eingehende signierte E-Mails werden immer überprüft",
            "siegel.policy.signers.judge_signers",
            _INBOUND + "test_every_signature_of_every_layer_is_judged",
        ),
        Rule(
            "Verschlüsselte und signierte E-Mails werden beim Empfangen automatisch entschlüsselt "
            "und die Signaturen überprüft.",
            "siegel.policy.inbound.judge",
            _INBOUND + "test_every_shape_has_its_summary",
        ),
        Rule(
            "Die E-Mail stammt vom Besitzer des Absenderzertifikates, und die Absenderadresse ist "
            "korrekt.",
            "siegel.policy.signers.is_bound_to_from",
            _INBOUND + "test_only_the_one_address_in_from_makes_a_signature_count",
        ),
        Rule(
            "Die E-Mail wurde auf dem Versandweg nicht durch Dritte verändert",
            "siegel.policy.signers.is_broken",
            _INBOUND + "test_a_failed_signature_is_no_signature_plus_its_reason",
        ),
        Rule(
            "worauf auch das Vertrauen in mit S/MIME abgesicherten E-Mails basiert.",
            "siegel.policy.signers.signer_is_not_trusted",
            _INBOUND + "test_a_certificate_without_a_path_verdict_is_not_trusted",
        ),
        Rule(
            "Damit eine verschlüsselte Mail entschlüsselt werden kann, muss der private Schlüssel "
            "des Zertifikats, mit dem die Mail verschlüsselt wurde, bereits importiert sein.",
            "siegel.policy.inbound.is_opened",
            _INBOUND + "test_confidential_needs_strong_encryption_that_was_opened",
        ),
        Rule(
            "Ist dies dem System noch unbekannt, wird es automatisch importiert und mit der "
            "E-Mailadresse des Absenders verknüpft.",
            "siegel.policy.harvest.certificates_to_import",
            _HARVEST + "test_unknown_certificates_are_imported_and_linked_to_the_sender",
        ),
        Rule(
            "Der Schlüssel wird automatisch durch das Beantworten einer signierten Mail in das "
            "Adressbuch integriert.",
            "siegel.policy.harvest.certificates_to_import",
            _HARVEST + "test_answering_a_signed_mail_teaches_the_certificate",
        ),
    ),
    "Vertrauen": (
        Rule(
            "Zertifikaten von öffentlich vertrauten Zertifikatsanbietern wird standardmäßig "
            "vertraut. Bei anderen Zertifikatsanbietern müssen Sie deren Root-Zertifikat "
            "importieren und diesem manuell vertrauen, indem Sie es auf verifiziert stellen.",
            "siegel.policy.trust.anchors_in_force",
            "tests/unit/policy/test_trust.py"
            "::test_public_roots_are_trusted_by_default_and_no_others",
        ),
    ),
}
RULES = tuple(rule for chapter in CHAPTERS.values() for rule in chapter)

_HEAD = """\
# Regeln

Jede Regel in den Worten, in denen sie der Organisation gegeben ist, mit der Funktion, die sie
ausführt, und dem Test, der sie zeigt. Diese Seite ist aus den Funktionen erzeugt
(`python -m tools.make_regeln`) und wird nicht von Hand geändert.
"""


def faults() -> list[str]:
    """What is wrong between sentences, functions and tests."""
    return [*_without_function(), *_without_test(), *_without_row()]


def page() -> str:
    """The whole page."""
    chapters = (
        f"\n## {title}\n" + "".join(_entry(rule) for rule in rules)
        for title, rules in CHAPTERS.items()
    )
    return _HEAD + "".join(chapters)


def _entry(rule: Rule) -> str:
    source = rule.function.rpartition(".")[0].replace(".", "/")
    quoted = next(q for q in _QUOTE.findall(rule.docstring) if rule.sentence in q)
    return (
        f"\n> „{quoted}“\n\n"
        f"- Funktion: [`{rule.function.removeprefix('siegel.')}`](../src/{source}.py)\n"
        f"- Test: [`{rule.test_name}`](../{rule.test_file.relative_to(ROOT)})\n"
    )


def _without_function() -> Iterator[str]:
    for rule in RULES:
        quotes = _QUOTE.findall(rule.docstring)
        if not any(rule.sentence in quote for quote in quotes):
            yield f"{rule.function} does not quote: {rule.sentence}"


def _without_test() -> Iterator[str]:
    for rule in RULES:
        if f"\ndef {rule.test_name}(" not in rule.test_file.read_text(encoding="utf-8"):
            yield f"{rule.function} has no test {rule.test}"


def _without_row() -> Iterator[str]:
    """Functions of the policy floor that quote a sentence, but are not on the page."""
    named = {rule.function for rule in RULES}
    for module in pkgutil.iter_modules(siegel.policy.__path__, "siegel.policy."):
        for name, member in vars(importlib.import_module(module.name)).items():
            at_home = getattr(member, "__module__", None) == module.name
            if at_home and _QUOTE.match(getattr(member, "__doc__", None) or ""):
                full = f"{module.name}.{name}"
                if full not in named:
                    yield f"{full} quotes a sentence that is not on the page"


if __name__ == "__main__":
    found = faults()
    if found:
        sys.exit("\n".join(found))
    PAGE.write_text(page(), encoding="utf-8")
    print(f"{PAGE.relative_to(ROOT)}: {len(RULES)} rules")
