"""What foreign directories answered, and why one cannot be asked: in words, German and English.

Words name no server or person: those stand beside.
"""

from collections.abc import Mapping

from siegel.policy.lookups import Answer, DirectoryProblem, DirectoryStage
from siegel.wording.words import Language, Words

_ANSWERS_DE: Mapping[Answer, Words] = {
    Answer.FOUND: Words("Gefunden", "Das Zertifikat ist da und wird ab jetzt benutzt."),
    Answer.KNOWN: Words("Schon bekannt", "Das Zertifikat war hier schon bekannt."),
    Answer.WAITS: Words(
        "Gefunden, noch nicht bestätigt",
        "Das Zertifikat ist da. Wer es gemacht hat, ist hier aber noch nicht bestätigt.",
        "Lassen Sie das die Zertifikatsverwaltung klären.",
    ),
    Answer.REFUSED: Words(
        "Hier abgelehnt", "Jemand hier hat gesagt: Das ist nicht sein Zertifikat."
    ),
    Answer.UNFIT: Words(
        "Nicht brauchbar",
        "Es gibt ein Zertifikat, aber es ist abgelaufen oder gesperrt, oder nicht zum "
        "Verschlüsseln da.",
        "Bitten Sie um ein neues Zertifikat.",
    ),
    Answer.OTHER_ADDRESS: Words(
        "Andere Adresse",
        "Das Zertifikat dort nennt eine andere Adresse. Es wird nicht benutzt.",
        "Prüfen Sie, ob die Adresse richtig ist.",
    ),
    Answer.DOMAIN_ASSERTS: Words(
        "Nur im DNS bestätigt",
        "Für das Zertifikat steht nur die Domain selbst ein. Das ist hier nicht erlaubt.",
        "Die Verwaltung kann es unter „Verzeichnisse“ erlauben.",
    ),
    Answer.ONLY_A_DIGEST: Words(
        "Kein ganzes Zertifikat",
        "Im DNS steht nur der Fingerabdruck. Damit kann man nicht verschlüsseln.",
        "Bitten Sie um eine signierte Mail.",
    ),
    Answer.NOT_SECURED: Words(
        "Nicht gesichert",
        "Die Antwort im DNS ist nicht gesichert. Jeder hätte sie schreiben können.",
        "Bitten Sie um eine signierte Mail.",
    ),
    Answer.FORGED: Words(
        "Nicht echt",
        "Die Antwort im DNS ist nicht so, wie die Domain sie unterschrieben hat.",
        "Bitten Sie um eine signierte Mail.",
    ),
    Answer.NOT_A_CERTIFICATE: Words(
        "Keine brauchbare Antwort", "Was dort kam, ist kein Zertifikat."
    ),
    Answer.NOT_REACHED: Words(
        "Nicht erreicht",
        "Das Verzeichnis hat nicht geantwortet.",
        "Versuchen Sie es später noch einmal.",
    ),
    Answer.NO_TIME: Words(
        "Nicht fertig geworden",
        "Die Suche hat zu lange gedauert, oder es wurde schon sehr oft gefragt.",
        "Versuchen Sie es später noch einmal.",
    ),
    Answer.NOT_FOUND: Words(
        "Nichts gefunden",
        "Kein Verzeichnis hat ein Zertifikat für diese Adresse.",
        "Bitten Sie um eine signierte Mail.",
    ),
}
_ANSWERS_EN: Mapping[Answer, Words] = {
    Answer.FOUND: Words("Found", "The certificate is here and is used from now on."),
    Answer.KNOWN: Words("Known already", "The certificate was here already."),
    Answer.WAITS: Words(
        "Found, not confirmed yet",
        "The certificate is here, but whoever issued it is not confirmed here yet.",
        "Let the certificate management settle this.",
    ),
    Answer.REFUSED: Words("Refused here", "This certificate was refused here for the address."),
    Answer.UNFIT: Words(
        "Of no use",
        "There is a certificate, but it has ended or is revoked, or is not made for encryption.",
        "Ask for a new certificate.",
    ),
    Answer.OTHER_ADDRESS: Words(
        "Another address",
        "The certificate there names another address. It is not used.",
        "Check that the address is right.",
    ),
    Answer.DOMAIN_ASSERTS: Words(
        "Confirmed in DNS only",
        "Nobody but the domain itself vouches for the certificate. That is not allowed here.",
        "The administration can allow it under “Directories”.",
    ),
    Answer.ONLY_A_DIGEST: Words(
        "No whole certificate",
        "DNS has the fingerprint only. Nothing can be encrypted with that.",
        "Ask for a signed mail.",
    ),
    Answer.NOT_SECURED: Words(
        "Not secured",
        "The answer in DNS is not secured. Anybody could have written it.",
        "Ask for a signed mail.",
    ),
    Answer.FORGED: Words(
        "Not genuine",
        "The answer in DNS is not as the domain signed it.",
        "Ask for a signed mail.",
    ),
    Answer.NOT_A_CERTIFICATE: Words("No usable answer", "What came is no certificate."),
    Answer.NOT_REACHED: Words("Not reached", "The directory did not answer.", "Try again later."),
    Answer.NO_TIME: Words(
        "Not finished",
        "The search took too long, or was made very often already.",
        "Try again later.",
    ),
    Answer.NOT_FOUND: Words(
        "Nothing found",
        "No directory has a certificate for this address.",
        "Ask for a signed mail.",
    ),
}
_PROBLEMS_DE: Mapping[DirectoryProblem, Words] = {
    DirectoryProblem.NAME_NOT_FOUND: Words(
        "Server nicht gefunden",
        "Einen Server mit diesem Namen gibt es nicht.",
        "Prüfen Sie, ob der Name richtig geschrieben ist.",
    ),
    DirectoryProblem.HOST_NOT_ALLOWED: Words(
        "Server nicht erlaubt",
        "Der Server steht auf dem Rechner von Siegel selbst.",
        "Er muss dafür in der Konfiguration stehen, unter „lookups“.",
    ),
    DirectoryProblem.NOT_REACHED: Words(
        "Server nicht erreicht",
        "Unter diesem Namen und Port meldet sich niemand.",
        "Prüfen Sie den Port. Stimmt er, dann versuchen Sie es später noch einmal.",
    ),
    DirectoryProblem.TIMED_OUT: Words(
        "Keine Antwort",
        "Der Server hat zu lange nicht geantwortet.",
        "Prüfen Sie Port und Art der Verbindung, oder versuchen Sie es später noch einmal.",
    ),
    DirectoryProblem.TLS_NOT_OFFERED: Words(
        "Keine sichere Verbindung",
        "Der Server bietet auf diesem Port die gewählte Verschlüsselung nicht an.",
        "Nehmen Sie Port 636 mit TLS oder Port 389 mit STARTTLS.",
    ),
    DirectoryProblem.UNENCRYPTED: Words(
        "Ohne Schutz nicht erlaubt",
        "Ohne Verschlüsselung könnte jeder mitlesen, nach wem Sie suchen.",
        "Wählen Sie TLS oder STARTTLS.",
    ),
    DirectoryProblem.CERTIFICATE_NOT_TRUSTED: Words(
        "Zertifikat nicht anerkannt",
        "Wer das Zertifikat des Servers gemacht hat, ist hier nicht bekannt.",
        "Fragen Sie den Betreiber des Verzeichnisses.",
    ),
    DirectoryProblem.CERTIFICATE_EXPIRED: Words(
        "Zertifikat abgelaufen",
        "Das Zertifikat des Servers gilt heute nicht.",
        "Der Betreiber des Verzeichnisses muss es erneuern.",
    ),
    DirectoryProblem.CERTIFICATE_OTHER_NAME: Words(
        "Zertifikat für anderen Namen",
        "Das Zertifikat gehört zu einem Server mit anderem Namen.",
        "Fragen Sie nach dem richtigen Namen des Servers.",
    ),
    DirectoryProblem.CREDENTIALS_MISSING: Words(
        "Passwort fehlt",
        "Für diesen Server liegt hier kein Passwort.",
        "Geben Sie das Passwort noch einmal ein.",
    ),
    DirectoryProblem.LOGIN_REFUSED: Words(
        "Anmeldung abgelehnt",
        "Der Server nimmt diesen Namen mit diesem Passwort nicht an.",
        "Prüfen Sie beides. Der Name ist oft lang, etwa cn=…, ou=…, o=….",
    ),
    DirectoryProblem.LOGIN_NEEDED: Words(
        "Anmeldung nötig",
        "Der Server gibt ohne Anmeldung keine Auskunft.",
        "Fragen Sie den Betreiber nach Name und Passwort.",
    ),
    DirectoryProblem.NO_SUCH_BASE: Words(
        "Suchbasis nicht gefunden",
        "Den Zweig, in dem gesucht werden soll, gibt es dort nicht.",
        "Prüfen Sie die Suchbasis. Sie steht in den Angaben des Betreibers.",
    ),
    DirectoryProblem.NOT_UNDERSTOOD: Words(
        "Frage nicht verstanden",
        "Der Server versteht den Suchfilter nicht.",
        "Prüfen Sie den Filter. Meist genügt (mail={address}).",
    ),
    DirectoryProblem.SAID_NO: Words(
        "Der Server lehnt ab",
        "Der Server gibt gerade keine Auskunft.",
        "Versuchen Sie es später. Hält es an, fragen Sie den Betreiber.",
    ),
    DirectoryProblem.TOO_MUCH: Words(
        "Zu große Antwort",
        "Der Server schickt mehr, als eine Antwort haben kann.",
        "Prüfen Sie, ob der Filter nach genau einer Adresse fragt.",
    ),
    DirectoryProblem.OTHER_PROTOCOL: Words(
        "Das ist kein Verzeichnis",
        "Was dort antwortet, versteht Siegel nicht.",
        "Prüfen Sie Name und Port. LDAP hat meist Port 636 oder 389.",
    ),
}
_PROBLEMS_EN: Mapping[DirectoryProblem, Words] = {
    DirectoryProblem.NAME_NOT_FOUND: Words(
        "Server not found",
        "There is no server of this name.",
        "Check that the name is spelled right.",
    ),
    DirectoryProblem.HOST_NOT_ALLOWED: Words(
        "Server not allowed",
        "The server is on Siegel’s own machine.",
        "For that it has to stand in the configuration, under “lookups”.",
    ),
    DirectoryProblem.NOT_REACHED: Words(
        "Server not reached",
        "Nobody answers under this name and port.",
        "Check the port. If it is right, try again later.",
    ),
    DirectoryProblem.TIMED_OUT: Words(
        "No answer",
        "The server did not answer for too long.",
        "Check the port and the kind of connection, or try again later.",
    ),
    DirectoryProblem.TLS_NOT_OFFERED: Words(
        "No secure connection",
        "On this port the server does not offer the chosen encryption.",
        "Take port 636 with TLS or port 389 with STARTTLS.",
    ),
    DirectoryProblem.UNENCRYPTED: Words(
        "Not allowed without protection",
        "Without encryption anybody could read whom you look for.",
        "Choose TLS or STARTTLS.",
    ),
    DirectoryProblem.CERTIFICATE_NOT_TRUSTED: Words(
        "Certificate not trusted",
        "Whoever made the server’s certificate is not known here.",
        "Ask whoever runs the directory.",
    ),
    DirectoryProblem.CERTIFICATE_EXPIRED: Words(
        "Certificate expired",
        "The server’s certificate is not valid today.",
        "Whoever runs the directory must renew it.",
    ),
    DirectoryProblem.CERTIFICATE_OTHER_NAME: Words(
        "Certificate for another name",
        "The certificate belongs to a server with another name.",
        "Ask for the right name of the server.",
    ),
    DirectoryProblem.CREDENTIALS_MISSING: Words(
        "Password missing",
        "There is no password for this server here.",
        "Enter the password again.",
    ),
    DirectoryProblem.LOGIN_REFUSED: Words(
        "Login refused",
        "The server does not take this name with this password.",
        "Check both. The name is often long, as cn=…, ou=…, o=….",
    ),
    DirectoryProblem.LOGIN_NEEDED: Words(
        "Login needed",
        "The server tells nothing without a login.",
        "Ask whoever runs it for a name and a password.",
    ),
    DirectoryProblem.NO_SUCH_BASE: Words(
        "Search base not found",
        "There is no such branch to search in.",
        "Check the search base. It stands in what the directory’s owner told you.",
    ),
    DirectoryProblem.NOT_UNDERSTOOD: Words(
        "Question not understood",
        "The server does not understand the filter.",
        "Check the filter. Mostly (mail={address}) will do.",
    ),
    DirectoryProblem.SAID_NO: Words(
        "The server refuses",
        "The server gives no information just now.",
        "Try later. If it goes on, ask whoever runs the directory.",
    ),
    DirectoryProblem.TOO_MUCH: Words(
        "Answer too large",
        "The server sends more than an answer can have.",
        "Check that the filter asks for exactly one address.",
    ),
    DirectoryProblem.OTHER_PROTOCOL: Words(
        "That is no directory",
        "Siegel does not understand what answers there.",
        "Check name and port. LDAP mostly has port 636 or 389.",
    ),
}
_STAGES: Mapping[Language, Mapping[DirectoryStage, str]] = {
    Language.DE: {
        DirectoryStage.NAME: "Server gefunden",
        DirectoryStage.REACHED: "Server erreicht",
        DirectoryStage.ENCRYPTED: "Verbindung verschlüsselt",
        DirectoryStage.CERTIFICATE: "Zertifikat des Servers in Ordnung",
        DirectoryStage.LOGIN: "Angemeldet",
        DirectoryStage.SEARCH: "Auskunft bekommen",
    },
    Language.EN: {
        DirectoryStage.NAME: "Server found",
        DirectoryStage.REACHED: "Server reached",
        DirectoryStage.ENCRYPTED: "Connection encrypted",
        DirectoryStage.CERTIFICATE: "Certificate of the server in order",
        DirectoryStage.LOGIN: "Logged in",
        DirectoryStage.SEARCH: "Search answered",
    },
}
_ANSWERS = {Language.DE: _ANSWERS_DE, Language.EN: _ANSWERS_EN}
_PROBLEMS = {Language.DE: _PROBLEMS_DE, Language.EN: _PROBLEMS_EN}


def answer_words(answer: Answer, language: Language) -> Words:
    return _ANSWERS[language][answer]


def problem_words(problem: DirectoryProblem, language: Language) -> Words:
    return _PROBLEMS[language][problem]


def stage_name(stage: DirectoryStage, language: Language) -> str:
    """What is so once the stage is passed."""
    return _STAGES[language][stage]
