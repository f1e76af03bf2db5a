"""One encrypted copy in a sentence: "AES-256-GCM, because every recipient's program reads it".

Unlike the words of ``words`` these sentences are for people who look after the mail system: they
name ciphers and addresses.
"""

from collections.abc import Iterable

from siegel.policy.algorithms import EncryptedCopy, Why
from siegel.policy.reasons import Reason
from siegel.wording.words import Language

_BECAUSE = {
    Language.DE: {
        Reason.CIPHER_BY_RULE: "weil eine Regel der Organisation es so festlegt",
        Reason.CIPHER_READ_BY_ALL: "weil alle Empfänger es lesen können",
        Reason.CIPHER_FOR_UNKNOWN_PROGRAM: "weil nicht bekannt ist, was das Programm von {who}"
        " liest",
        Reason.CIPHER_LIMITED_BY_PROGRAM: "weil das Programm von {who} nichts Stärkeres liest",
        Reason.CIPHER_IN_COMMON: "weil die Programme von {who} nichts Stärkeres gemeinsam haben",
        Reason.SEPARATE_BY_KEY: "eigene Kopie für diese Art von Schlüssel",
        Reason.SEPARATE_BY_CIPHER: "eigene Kopie, weil nicht alle das Gleiche lesen",
        Reason.POST_QUANTUM: "nur mit Schlüsseln, die Quantenrechnern standhalten",
        Reason.POST_QUANTUM_IN_PART: "nicht alle Schlüssel der Mail halten Quantenrechnern stand",
        Reason.ORGANISATION_CERTIFICATE: "an das Zertifikat der Organisation von {who}, durch"
        " Verwaltung zugeordnet",
        Reason.OWN_COPY_LEFT_OUT: "ohne den Schlüssel des Absenders, dessen Art ein Programm stören"
        " könnte",
    },
    Language.EN: {
        Reason.CIPHER_BY_RULE: "because a rule of the organisation says so",
        Reason.CIPHER_READ_BY_ALL: "because every recipient's program reads it",
        Reason.CIPHER_FOR_UNKNOWN_PROGRAM: "because it is not known what the program of {who}"
        " reads",
        Reason.CIPHER_LIMITED_BY_PROGRAM: "because the program of {who} reads nothing stronger",
        Reason.CIPHER_IN_COMMON: "because the programs of {who} have nothing stronger in common",
        Reason.SEPARATE_BY_KEY: "a copy of its own for this kind of key",
        Reason.SEPARATE_BY_CIPHER: "a copy of its own, because not all read the same",
        Reason.POST_QUANTUM: "only with keys that withstand quantum computers",
        Reason.POST_QUANTUM_IN_PART: "not all keys of the mail withstand quantum computers",
        Reason.ORGANISATION_CERTIFICATE: "to the certificate of the organisation of {who}, bound"
        " by administration",
        Reason.OWN_COPY_LEFT_OUT: "without the sender's key, whose kind a program might stumble"
        " over",
    },
}
_COPY_FOR = {Language.DE: "Kopie für {who}: {how}", Language.EN: "copy for {who}: {how}"}


def said_of(copy: EncryptedCopy, language: Language) -> str:
    """For whom, in which way, and why."""
    reasons = [_because(why, language) for why in copy.why]
    how = ", ".join((name_of(copy.cipher), *reasons))
    return _COPY_FOR[language].format(who=_listed(copy.recipients), how=how)


def name_of(cipher: str) -> str:
    """As the standards write it: AES-256-GCM."""
    return _OTHER_NAMES.get(cipher) or cipher.upper().replace("AES", "AES-")


_OTHER_NAMES = {"chacha20-poly1305": "ChaCha20-Poly1305"}


def _because(why: Why, language: Language) -> str:
    return _BECAUSE[language][why.reason].format(who=_listed(why.addresses))


def _listed(addresses: Iterable[object]) -> str:
    return ", ".join(map(str, addresses))
