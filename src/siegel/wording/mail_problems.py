"""Why a mail server does not work together with us: what it is, what it means, what to do.

And the stages of a connection, as a test shows them. Words name no server or person: those stand
beside.
"""

from collections.abc import Mapping

from siegel.policy.mail_problems import MailProblem, Stage
from siegel.wording.words import Language, Words

_GERMAN: Mapping[MailProblem, Words] = {
    MailProblem.NAME_NOT_FOUND: Words(
        "Server nicht gefunden",
        "Einen Server mit diesem Namen gibt es nicht.",
        "Prüfen Sie, ob der Name richtig geschrieben ist.",
    ),
    MailProblem.HOST_NOT_ALLOWED: Words(
        "Server nicht erlaubt",
        "Der Server steht im eigenen Netz, oder der Port ist dafür nicht üblich.",
        "Die Verwaltung darf ihn hier eintragen. Läuft er auf dem Rechner von Siegel, muss er "
        "in der Konfiguration stehen.",
    ),
    MailProblem.NOT_REACHED: Words(
        "Server nicht erreicht",
        "Unter diesem Namen und Port meldet sich niemand.",
        "Prüfen Sie den Port. Stimmt er, dann versuchen Sie es später noch einmal.",
    ),
    MailProblem.TIMED_OUT: Words(
        "Keine Antwort",
        "Der Server hat zu lange nicht geantwortet.",
        "Prüfen Sie Port und Art der Verbindung, oder versuchen Sie es später noch einmal.",
    ),
    MailProblem.TLS_NOT_OFFERED: Words(
        "Keine sichere Verbindung",
        "Der Server bietet auf diesem Port die gewählte Verschlüsselung nicht an.",
        "Wählen Sie eine andere Art der Verbindung oder einen anderen Port.",
    ),
    MailProblem.UNENCRYPTED: Words(
        "Ohne Schutz nicht erlaubt",
        "Ohne Verschlüsselung ginge das Passwort offen durch das Netz.",
        "Wählen Sie TLS oder STARTTLS.",
    ),
    MailProblem.CERTIFICATE_NOT_TRUSTED: Words(
        "Zertifikat nicht anerkannt",
        "Wer das Zertifikat des Servers gemacht hat, ist hier nicht bekannt.",
        "Fragen Sie den Betreiber des Servers. Ihr Passwort wurde nicht gesendet.",
    ),
    MailProblem.CERTIFICATE_EXPIRED: Words(
        "Zertifikat abgelaufen",
        "Das Zertifikat des Servers gilt heute nicht.",
        "Der Betreiber des Servers muss es erneuern. Ihr Passwort wurde nicht gesendet.",
    ),
    MailProblem.CERTIFICATE_OTHER_NAME: Words(
        "Zertifikat für anderen Namen",
        "Das Zertifikat gehört zu einem Server mit anderem Namen.",
        "Fragen Sie nach dem richtigen Namen des Servers. Ihr Passwort wurde nicht gesendet.",
    ),
    MailProblem.LOGIN_REFUSED: Words(
        "Anmeldung abgelehnt",
        "Der Server nimmt diesen Namen mit diesem Passwort nicht an.",
        "Prüfen Sie beides. Oft ist der Name die ganze E-Mail-Adresse.",
    ),
    MailProblem.LOGIN_NOT_OFFERED: Words(
        "Anmeldung nicht möglich",
        "Der Server lässt auf diesem Port keine Anmeldung mit Passwort zu.",
        "Nehmen Sie zum Senden Port 465 oder 587 und zum Holen Port 993.",
    ),
    MailProblem.NEEDS_APP_PASSWORD: Words(
        "App-Passwort nötig",
        "Der Anbieter will hier ein eigenes Passwort, ein App-Passwort.",
        "Erstellen Sie es in Ihrem Konto beim Anbieter, und geben Sie es hier ein.",
    ),
    MailProblem.NEEDS_OAUTH: Words(
        "Anmeldung beim Anbieter nötig",
        "Der Server nimmt keine Passwörter an. Sie müssen beim Anbieter zustimmen.",
        "Wählen Sie die Anmeldung beim Anbieter. Fehlt sie, fragen Sie Ihre Verwaltung.",
    ),
    MailProblem.CONSENT_EXPIRED: Words(
        "Zustimmung fehlt",
        "Der Anbieter lässt Siegel nicht mehr in das Postfach.",
        "Melden Sie sich noch einmal beim Anbieter an, und stimmen Sie zu.",
    ),
    MailProblem.TOO_MANY_CONNECTIONS: Words(
        "Zu viele Verbindungen",
        "Der Server nimmt von diesem Konto gerade keine Verbindung mehr an.",
        "Siegel versucht es später wieder. Hält es an, schließen Sie andere Mailprogramme.",
    ),
    MailProblem.SERVER_SAID_NO: Words(
        "Der Server lehnt ab",
        "Der Server nimmt die Verbindung gerade nicht an.",
        "Siegel versucht es später wieder. Hält es an, fragen Sie den Betreiber des Servers.",
    ),
    MailProblem.KEEPING_REFUSED: Words(
        "Der Server nimmt eine Nachricht nicht an",
        "Mail wird geholt, aber eine Nachricht liegt nur hier, nicht auf dem Server.",
        "Oft ist das Postfach voll: Schaffen Sie dort Platz. Siegel versucht es weiter.",
    ),
    MailProblem.OTHER_PROTOCOL: Words(
        "Das ist kein Mailserver",
        "Was dort antwortet, versteht Siegel nicht.",
        "Prüfen Sie Name und Port. Zum Holen dient IMAP, nicht POP3.",
    ),
    MailProblem.CREDENTIALS_MISSING: Words(
        "Passwort fehlt",
        "Für diesen Server liegt hier kein Passwort.",
        "Geben Sie das Passwort noch einmal ein.",
    ),
}
_ENGLISH: Mapping[MailProblem, Words] = {
    MailProblem.NAME_NOT_FOUND: Words(
        "Server not found",
        "There is no server of this name.",
        "Check that the name is spelled right.",
    ),
    MailProblem.HOST_NOT_ALLOWED: Words(
        "Server not allowed",
        "The server is in the own network, or the port is not a usual one.",
        "The administration may enter it here. If it runs on Siegel’s own machine, it has to "
        "stand in the configuration.",
    ),
    MailProblem.NOT_REACHED: Words(
        "Server not reached",
        "Nobody answers under this name and port.",
        "Check the port. If it is right, try again later.",
    ),
    MailProblem.TIMED_OUT: Words(
        "No answer",
        "The server did not answer for too long.",
        "Check the port and the kind of connection, or try again later.",
    ),
    MailProblem.TLS_NOT_OFFERED: Words(
        "No secure connection",
        "On this port the server does not offer the chosen encryption.",
        "Choose another kind of connection or another port.",
    ),
    MailProblem.UNENCRYPTED: Words(
        "Not allowed without protection",
        "Without encryption the password would cross the network in the clear.",
        "Choose TLS or STARTTLS.",
    ),
    MailProblem.CERTIFICATE_NOT_TRUSTED: Words(
        "Certificate not trusted",
        "Whoever made the server’s certificate is not known here.",
        "Ask whoever runs the server. Your password was not sent.",
    ),
    MailProblem.CERTIFICATE_EXPIRED: Words(
        "Certificate expired",
        "The server’s certificate is not valid today.",
        "Whoever runs the server must renew it. Your password was not sent.",
    ),
    MailProblem.CERTIFICATE_OTHER_NAME: Words(
        "Certificate for another name",
        "The certificate belongs to a server with another name.",
        "Ask for the right name of the server. Your password was not sent.",
    ),
    MailProblem.LOGIN_REFUSED: Words(
        "Login refused",
        "The server does not take this name with this password.",
        "Check both. The name is often the whole e-mail address.",
    ),
    MailProblem.LOGIN_NOT_OFFERED: Words(
        "Login not possible",
        "On this port the server offers no login with a password.",
        "Take port 465 or 587 for sending and port 993 for fetching.",
    ),
    MailProblem.NEEDS_APP_PASSWORD: Words(
        "App password needed",
        "Here the provider wants a password of its own, an app password.",
        "Make one in your account at the provider and enter it here.",
    ),
    MailProblem.NEEDS_OAUTH: Words(
        "Sign-in at the provider needed",
        "The server takes no passwords. You have to consent at the provider.",
        "Choose the sign-in at the provider. If it is missing, ask your administration.",
    ),
    MailProblem.CONSENT_EXPIRED: Words(
        "Consent is missing",
        "The provider does not let Siegel into the mailbox any more.",
        "Sign in at the provider again and consent.",
    ),
    MailProblem.TOO_MANY_CONNECTIONS: Words(
        "Too many connections",
        "The server takes no more connections of this account just now.",
        "Siegel tries again later. If it goes on, close other mail programs.",
    ),
    MailProblem.SERVER_SAID_NO: Words(
        "The server refuses",
        "The server does not take the connection just now.",
        "Siegel tries again later. If it goes on, ask whoever runs the server.",
    ),
    MailProblem.KEEPING_REFUSED: Words(
        "The server does not take a message",
        "Mail is fetched, but one message lies only here and not on the server.",
        "Often the mailbox is full: make room there. Siegel keeps trying.",
    ),
    MailProblem.OTHER_PROTOCOL: Words(
        "That is no mail server",
        "Siegel does not understand what answers there.",
        "Check name and port. Mail is fetched by IMAP, not by POP3.",
    ),
    MailProblem.CREDENTIALS_MISSING: Words(
        "Password missing",
        "There is no password for this server here.",
        "Enter the password again.",
    ),
}
_PROBLEMS = {Language.DE: _GERMAN, Language.EN: _ENGLISH}
_STAGES: Mapping[Language, Mapping[Stage, str]] = {
    Language.DE: {
        Stage.NAME: "Server gefunden",
        Stage.REACHED: "Server erreicht",
        Stage.ENCRYPTED: "Verbindung verschlüsselt",
        Stage.CERTIFICATE: "Zertifikat des Servers in Ordnung",
        Stage.LOGIN: "Angemeldet",
        Stage.FOLDERS: "Ordner gelesen",
    },
    Language.EN: {
        Stage.NAME: "Server found",
        Stage.REACHED: "Server reached",
        Stage.ENCRYPTED: "Connection encrypted",
        Stage.CERTIFICATE: "Certificate of the server in order",
        Stage.LOGIN: "Logged in",
        Stage.FOLDERS: "Folders read",
    },
}


def problem_words(problem: MailProblem, language: Language) -> Words:
    return _PROBLEMS[language][problem]


def stage_name(stage: Stage, language: Language) -> str:
    """What is so once the stage is passed."""
    return _STAGES[language][stage]
