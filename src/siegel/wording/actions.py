"""Entries of the journal in words: a title for the list, a sentence that says what happened.

Like all words they name nobody: who, whom and when stand beside them.
"""

from collections.abc import Mapping

from siegel.policy.actions import Action, ActionGroup
from siegel.wording.words import Language, Words

_GERMAN: Mapping[Action, Words] = {
    Action.OUTBOUND_PLAIN: Words(
        "Ungeschützt gesendet", "Die Mail ging ohne Schutz hinaus. Der Grund steht dabei."
    ),
    Action.OUTBOUND_SIGN: Words(
        "Signiert gesendet", "Die Mail ging mit Signatur hinaus. Lesen konnte sie unterwegs jeder."
    ),
    Action.OUTBOUND_SIGN_AND_ENCRYPT: Words(
        "Verschlüsselt gesendet", "Die Mail ging mit Signatur und verschlüsselt hinaus."
    ),
    Action.OUTBOUND_REFUSED: Words(
        "Nicht gesendet", "Die Mail blieb hier. Wer sie schrieb, bekam die Gründe."
    ),
    Action.INBOUND_UNPROTECTED: Words(
        "Ungeschützt empfangen", "Die Mail kam ohne Schutz, der zählt."
    ),
    Action.INBOUND_VERIFIED: Words(
        "Signatur geprüft", "Die Mail kam mit einer Signatur, die zum Absender passt."
    ),
    Action.INBOUND_CONFIDENTIAL: Words(
        "Vertraulich empfangen", "Die Mail kam verschlüsselt, und die Signatur passt zum Absender."
    ),
    Action.INBOUND_ENCRYPTED_UNVERIFIED: Words(
        "Verschlüsselt, Absender ungeprüft",
        "Die Mail kam verschlüsselt. Wer sie schrieb, ist nicht sicher.",
    ),
    Action.MESSAGE_REOPENED: Words(
        "Nachträglich geöffnet", "Der Schlüssel kam später. Die Mail ging offen noch einmal zu."
    ),
    Action.MESSAGE_JUDGED_ANEW: Words(
        "Neu beurteilt", "Eine Entscheidung hat geändert, was diese Mail wert ist."
    ),
    Action.MESSAGE_OPENED_LATER: Words(
        "Von selbst geöffnet", "Der Schlüssel kam später. Nun ist die Mail im Konto zu lesen."
    ),
    Action.MESSAGE_REPORTED: Words(
        "Nachricht gemeldet", "Jemand traut dieser Mail nicht und hat es gemeldet."
    ),
    Action.MESSAGE_ASSIGNED: Words(
        "Mail zugewiesen", "Wer sich um diese Mails kümmert, ist jetzt neu bestimmt."
    ),
    Action.MESSAGE_DELETED: Words(
        "Mail endgültig gelöscht", "Jemand hat Mails endgültig aus einem Konto gelöscht."
    ),
    Action.CERTIFICATE_IMPORTED: Words(
        "Zertifikat eingespielt", "Jemand hat Zertifikate aus einer Datei eingespielt."
    ),
    Action.CERTIFICATE_FOUND: Words(
        "Zertifikat gefunden",
        "Ein Verzeichnis hatte das Zertifikat eines Partners. Es wird für ihn benutzt.",
    ),
    Action.CERTIFICATE_HARVESTED: Words(
        "Zertifikat gelernt", "Das Zertifikat kam mit einer signierten Mail."
    ),
    Action.CERTIFICATE_KEY_CHANGE: Words(
        "Neuer Schlüssel", "Der Absender hat nun einen anderen Schlüssel als vorher."
    ),
    Action.CERTIFICATE_BOUND: Words(
        "Zertifikat zugeordnet",
        "Ein Zertifikat gilt nun auch für Adressen, die nicht darin stehen.",
    ),
    Action.CERTIFICATE_UNBOUND: Words(
        "Zuordnung gelöst", "Ein Zertifikat gilt nur noch für Adressen, die darin stehen."
    ),
    Action.KEY_IMPORTED: Words(
        "Schlüssel eingespielt", "Jemand hat ein Zertifikat mit seinem Schlüssel eingespielt."
    ),
    Action.LOCKED_FILE_KEPT: Words(
        "Datei wartet", "Die Datei liegt hier, bis jemand ihre Passphrase eingibt."
    ),
    Action.LOCKED_FILE_UNLOCKED: Words(
        "Datei aufgesperrt", "Die Passphrase hat gepasst. Der Inhalt ist nun eingespielt."
    ),
    Action.LOCKED_FILE_WRONG_PASSPHRASE: Words(
        "Passphrase falsch", "Die Passphrase hat nicht gepasst. Die Datei wartet weiter."
    ),
    Action.LOCKED_FILE_REMOVED: Words(
        "Datei entfernt", "Jemand hat die Datei verworfen, ohne sie zu öffnen."
    ),
    Action.KEY_EXPORTED: Words(
        "Schlüssel ausgegeben",
        "Jemand hat das Zertifikat mit seinem Schlüssel als Datei geholt.",
    ),
    Action.KEY_ARCHIVED: Words(
        "Schlüssel abgelegt", "Der Schlüssel öffnet nur noch alte Post. Er signiert nicht mehr."
    ),
    Action.KEY_IN_USE_AGAIN: Words(
        "Schlüssel wieder im Einsatz", "Der Schlüssel darf wieder signieren."
    ),
    Action.CERTIFICATE_SENT: Words(
        "Zertifikat verschickt", "Das Zertifikat ging mit einer signierten Mail hinaus."
    ),
    Action.CONTACT_ADDED: Words("Kontakt angelegt", "Jemand steht neu im Adressbuch."),
    Action.CONTACT_CHANGED: Words("Kontakt geändert", "Ein Kontakt wurde neu beschrieben."),
    Action.CONTACT_REMOVED: Words(
        "Kontakt entfernt", "Der Kontakt ist weg. Seine Zertifikate bleiben."
    ),
    Action.PARTNER_CERTIFICATE_ACCEPTED: Words(
        "Zertifikat bestätigt", "Jemand hat das Zertifikat von außen geprüft. Es wird nun genutzt."
    ),
    Action.PARTNER_CERTIFICATE_REFUSED: Words(
        "Zertifikat abgelehnt",
        "Jemand hat das Zertifikat von außen geprüft. Es wird nicht genutzt.",
    ),
    Action.PARTNER_CHANGE_ACCEPTED: Words(
        "Neuer Schlüssel bestätigt", "Jemand hat nachgefragt: Der neue Schlüssel ist echt."
    ),
    Action.PARTNER_CHANGE_REFUSED: Words(
        "Neuer Schlüssel abgelehnt",
        "Jemand hat den neuen Schlüssel abgelehnt. Der alte gilt weiter.",
    ),
    Action.TRUST_TRUSTED: Words(
        "Vertrauen gegeben", "Jemand hat den Fingerabdruck verglichen und vertraut der Stelle nun."
    ),
    Action.TRUST_DISTRUSTED: Words(
        "Vertrauen verweigert", "Dieser Stelle wird hier nicht mehr geglaubt."
    ),
    Action.TRUST_WITHDRAWN: Words(
        "Entscheidung zurückgenommen", "Es gilt wieder, was ohne die Entscheidung galt."
    ),
    Action.TRUST_REFRESHED: Words(
        "Liste erneuert", "Die Liste der Stellen, denen alle vertrauen, ist nun neuer."
    ),
    Action.LOOKUP_DIRECTORY_ADDED: Words(
        "Verzeichnis angelegt", "Dort wird nach Zertifikaten von Partnern gesucht."
    ),
    Action.LOOKUP_DIRECTORY_CHANGED: Words(
        "Verzeichnis geändert",
        "Hier wird nun anders nach Zertifikaten gesucht.",
    ),
    Action.LOOKUP_DIRECTORY_REMOVED: Words(
        "Verzeichnis entfernt", "Dort wird nicht mehr nach Zertifikaten gesucht."
    ),
    Action.LOOKUP_SETTINGS_CHANGED: Words(
        "Suche im DNS geändert", "Ob im DNS nach Zertifikaten gesucht wird, wurde geändert."
    ),
    Action.CRL_IMPORTED: Words(
        "Sperrliste eingespielt",
        "Jemand hat eine Liste hier abgelegt. Auf ihr steht, was gesperrt ist.",
    ),
    Action.CRL_ISSUED: Words(
        "Sperrliste ausgestellt", "Das Haus hat seine Liste gesperrter Zertifikate neu gemacht."
    ),
    Action.AUTHORITY_CREATED: Words(
        "Zertifizierungsstelle angelegt", "Das Haus kann nun selbst Zertifikate ausstellen."
    ),
    Action.AUTHORITY_CERTIFIED: Words(
        "Stelle bestätigt", "Die Antwort von außen ist da. Die Stelle kann nun arbeiten."
    ),
    Action.AUTHORITY_RENEWED: Words(
        "Stelle erneuert", "Die Stelle des Hauses hat ein neues Zertifikat."
    ),
    Action.AUTHORITY_RESPONDER_MADE: Words(
        "Auskunft erneuert", "Die Auskunft über Sperrungen hat einen neuen Schlüssel."
    ),
    Action.CERTIFICATE_ISSUED: Words(
        "Zertifikat ausgestellt", "Das Haus hat für dieses Konto ein Zertifikat gemacht."
    ),
    Action.CERTIFICATE_RENEWED: Words(
        "Zertifikat erneuert", "Ein neues Zertifikat löst das alte ab. Alte Post bleibt lesbar."
    ),
    Action.CERTIFICATE_REVOKED: Words(
        "Zertifikat gesperrt", "Das Zertifikat gilt nicht mehr. Alle können das nachsehen."
    ),
    Action.CERTIFICATE_REQUESTED: Words(
        "Antrag gestellt", "Der Schlüssel ist da. Das Zertifikat dazu kommt noch von außen."
    ),
    Action.REQUEST_WITHDRAWN: Words(
        "Antrag zurückgezogen", "Niemand wartet mehr auf die Antwort. Der Schlüssel bleibt hier."
    ),
    Action.ENROLMENTS_STARTED: Words(
        "Viele Zertifikate begonnen", "Das Haus macht nun ein Zertifikat nach dem anderen."
    ),
    Action.ENROLMENTS_STOPPED: Words(
        "Viele Zertifikate angehalten", "Was fertig ist, bleibt. Der Rest kann weitergehen."
    ),
    Action.ENROLMENTS_ENDED: Words(
        "Viele Zertifikate fertig", "Die ganze Liste ist durch. Der Bericht nennt jede Zeile."
    ),
    Action.KEY_DELIVERY_PREPARED: Words(
        "Schlüssel bereitgelegt", "Eine Person kann die Datei mit dem Schlüssel einmal abholen."
    ),
    Action.KEY_DELIVERY_FETCHED: Words(
        "Schlüssel abgeholt", "Die Datei mit dem Schlüssel liegt nun bei dieser Person."
    ),
    Action.KEY_DELIVERY_SHOWN: Words(
        "Passphrase gezeigt", "Die Passphrase der Datei war einmal zu lesen und ist hier weg."
    ),
    Action.KEY_DELIVERY_WITHDRAWN: Words(
        "Abholung zurückgenommen", "Die Datei mit dem Schlüssel kann niemand mehr holen."
    ),
    Action.CERTIFICATE_CHALLENGE_ANSWERED: Words(
        "Prüfmail beantwortet", "Die Zertifizierungsstelle hat gefragt, und Siegel hat geantwortet."
    ),
    Action.CERTIFICATE_CHALLENGE_REFUSED: Words(
        "Prüfmail nicht beantwortet", "Die Mail war nicht echt oder gehört nicht zum Antrag."
    ),
    Action.CERTIFICATE_ORDER_FAILED: Words(
        "Antrag gescheitert", "Das Zertifikat kam nicht zustande. Der Grund steht dabei."
    ),
    Action.CERTIFICATE_ISSUED_TO_PARTNER: Words(
        "Zertifikat für Partner",
        "Unsere Stelle gab einem Partner ein Zertifikat für seine Adresse.",
    ),
    Action.CONTROL_ASKED: Words(
        "Adresse wird geprüft", "An die Adresse ging ein Link. Wer dort liest, kann Ja sagen."
    ),
    Action.CONTROL_PROVED: Words(
        "Adresse bestätigt", "Wer die Post dieser Adresse liest, hat Ja gesagt."
    ),
    Action.PARTNER_INVITED: Words(
        "Partner eingeladen", "An den Partner ging ein Link. Dort kann er sein Zertifikat abgeben."
    ),
    Action.PARTNER_INVITATION_WITHDRAWN: Words(
        "Einladung zurückgezogen", "Der Link an den Partner gilt nicht mehr."
    ),
    Action.PARTNER_HANDED_IN: Words(
        "Zertifikat abgegeben", "Der Partner hat sein Zertifikat auf der Seite abgegeben."
    ),
    Action.ROBOT_ANSWERED: Words(
        "Test beantwortet", "Jemand schrieb an die Testadresse. Er bekam eine Antwort."
    ),
    Action.ROBOT_SILENT: Words(
        "Test nicht beantwortet",
        "Diese Mail an die Testadresse bekam keine Antwort. Der Grund steht dabei.",
    ),
    Action.REISSUE_STARTED: Words(
        "Austausch begonnen", "Viele Zertifikate des Hauses werden nun nacheinander ersetzt."
    ),
    Action.REISSUE_STOPPED: Words(
        "Austausch angehalten", "Es wird nichts mehr ersetzt, bis jemand weitermacht."
    ),
    Action.REISSUE_SWITCHED: Words(
        "Wechsel festgelegt", "Ab diesem Moment signieren die neuen Zertifikate."
    ),
    Action.REISSUE_TELLING: Words(
        "Partner verständigt", "Jeder Partner bekommt eine Mail mit dem neuen Zertifikat."
    ),
    Action.REISSUE_REVOKING: Words(
        "Alte werden gesperrt", "Die ersetzten Zertifikate des Hauses gelten bald nicht mehr."
    ),
    Action.REISSUE_ENDED: Words(
        "Austausch beendet", "Der Austausch ist abgeschlossen. Was offen blieb, steht in der Liste."
    ),
    Action.CALENDAR_LINK_MADE: Words(
        "Kalender abonniert", "Jemand hat für sich eine geheime Adresse für den Kalender gemacht."
    ),
    Action.CALENDAR_LINK_ENDED: Words(
        "Kalender abgemeldet", "Die geheime Adresse für den Kalender gilt nicht mehr."
    ),
    Action.RULE_CHANGED: Words(
        "Regel geändert", "Eine Regel des Hauses hat nun einen anderen Wert."
    ),
    Action.ACCOUNT_CREATED: Words(
        "Konto angelegt", "Mails von dieser Adresse werden von nun an hier signiert und geöffnet."
    ),
    Action.ACCOUNT_RENAMED: Words("Konto umbenannt", "Das Konto hat nun einen anderen Namen."),
    Action.ACCOUNT_SWITCHED_ON: Words(
        "Konto eingeschaltet", "Das Konto signiert und öffnet wieder Mails."
    ),
    Action.ACCOUNT_SWITCHED_OFF: Words(
        "Konto ausgeschaltet", "Das Konto signiert und öffnet keine Mails mehr. Es bleibt erhalten."
    ),
    Action.ACCOUNT_ALIAS_GRANTED: Words(
        "Zweite Adresse", "Das Konto hat nun noch eine Adresse und öffnet auch Mails an sie."
    ),
    Action.ACCOUNT_DELEGATION_GRANTED: Words(
        "Darf im Namen schreiben", "Das Konto darf nun auch mit einer fremden Adresse schreiben."
    ),
    Action.ACCOUNT_GRANT_WITHDRAWN: Words(
        "Adresse entzogen", "Das Konto darf eine Adresse nicht mehr nutzen."
    ),
    Action.ACCOUNT_PERSON_ADMITTED: Words(
        "Person am Konto", "Jemand arbeitet nun mit dem Konto, oder anders als vorher."
    ),
    Action.ACCOUNT_PERSON_REMOVED: Words(
        "Person vom Konto genommen", "Jemand arbeitet nicht mehr mit dem Konto."
    ),
    Action.ACCOUNT_MAILBOX_HERE: Words(
        "Mail kommt hierher", "Siegel legt die Mail des Kontos nun selbst in das Postfach."
    ),
    Action.ACCOUNT_MAILBOX_CONNECTED: Words(
        "Postfach verbunden", "Siegel holt und sendet die Mail des Kontos auf diesem Server."
    ),
    Action.ACCOUNT_MAILBOX_REMOVED: Words(
        "Postfach getrennt", "Das Passwort ist gelöscht. Die Mail, die hier ist, bleibt."
    ),
    Action.USER_ADMINISTRATOR: Words("Zum Verwalter gemacht", "Jemand darf nun alles verwalten."),
    Action.USER_INVITED: Words(
        "Eingeladen", "Jemand hat einen Link bekommen, um ein Passwort zu setzen."
    ),
    Action.USER_PASSWORD_SET: Words(
        "Passwort gesetzt", "Wer eingeladen war, hat nun ein Passwort."
    ),
    Action.USER_ROLES_CHANGED: Words("Rollen geändert", "Jemand darf nun mehr oder weniger."),
    Action.USER_DEACTIVATED: Words("Person gesperrt", "Jemand kann sich nicht mehr anmelden."),
    Action.USER_REACTIVATED: Words("Person entsperrt", "Jemand kann sich wieder anmelden."),
    Action.USER_SECOND_FACTOR_RESET: Words(
        "Zweiter Faktor gelöscht", "Die Person richtet ihren zweiten Faktor neu ein."
    ),
    Action.USER_LEFT: Words(
        "Haus verlassen", "Die Anmeldung des Hauses kennt die Person nicht mehr. Sie ist gesperrt."
    ),
    Action.USER_SIGNED_IN: Words("Angemeldet", "Jemand hat sich hier angemeldet."),
    Action.USER_SIGNED_OUT: Words("Abgemeldet", "Jemand hat sich hier abgemeldet."),
    Action.USER_SIGN_IN_FAILED: Words(
        "Anmeldung misslungen",
        "Das Passwort oder der Code war falsch. Das steht hier nur einmal in zehn Minuten.",
    ),
    Action.USER_SIGN_IN_REFUSED: Words(
        "Anmeldung abgelehnt", "Das Konto im Haus ist gut, darf hier aber nicht hinein."
    ),
    Action.USER_PASSWORD_CHANGED: Words(
        "Passwort geändert", "Jemand hat sich ein neues Passwort gegeben."
    ),
    Action.USER_SECOND_FACTOR_ADDED: Words(
        "Zweiten Schritt eingerichtet", "Jemand meldet sich nun auch mit Code oder Passkey an."
    ),
    Action.USER_SECOND_FACTOR_REMOVED: Words(
        "Zweiten Schritt entfernt", "Jemand hat eine App oder einen Passkey entfernt."
    ),
    Action.NOTICE_NOT_SENT: Words(
        "Nachricht nicht gesendet", "Eine Nachricht von Siegel kam nicht hinaus."
    ),
    Action.HEALTH_ALARM: Words(
        "Alarm", "Eine Prüfung ist nicht mehr gut. Die Leute der Verwaltung bekamen eine Mail."
    ),
    Action.HEALTH_GOOD_AGAIN: Words("Wieder gut", "Eine Prüfung ist wieder gut."),
    Action.JOURNAL_EXPORTED: Words(
        "Journal gespeichert", "Jemand hat Teile des Journals als Datei geholt."
    ),
    Action.CHECKLIST_MADE: Words(
        "Liste für eine Behörde angelegt", "Es gibt eine Liste mehr, was dort zu tun ist."
    ),
    Action.CHECKLIST_REMOVED: Words(
        "Liste für eine Behörde gelöscht", "Was dort zu tun ist, merkt sich niemand mehr."
    ),
    Action.CHECKLIST_CHANGED: Words(
        "Liste für eine Behörde geändert", "Ein Schritt oder eine Notiz ist anders."
    ),
    Action.CHECKLIST_STEP_DONE: Words(
        "Schritt bei einer Behörde getan", "Jemand hat gesagt, dass er getan ist."
    ),
    Action.CHECKLIST_STEP_OPEN: Words(
        "Schritt bei einer Behörde wieder offen", "Jemand hat gesagt, dass er noch zu tun ist."
    ),
    Action.GUIDE_SENT: Words(
        "Anleitung geschickt", "Ein Partner hat unser Zertifikat und die Schritte dazu bekommen."
    ),
    Action.HELP_LINK_ADDED: Words("Link ergänzt", "In der Hilfe steht ein Link mehr."),
    Action.HELP_LINK_CHANGED: Words("Link geändert", "In der Hilfe steht ein Link nun anders."),
    Action.HELP_LINK_REMOVED: Words("Link entfernt", "In der Hilfe steht ein Link weniger."),
    Action.HELP_LINK_MOVED: Words("Link verschoben", "In der Hilfe steht ein Link woanders."),
    Action.HELP_LIST_RESTORED: Words(
        "Links wie am Anfang", "In der Hilfe stehen wieder die Links vom Anfang."
    ),
    Action.DIRECTORY_PUBLISHED: Words(
        "Veröffentlicht", "Jeder findet das Zertifikat der Adresse auf der Partnerseite."
    ),
    Action.DIRECTORY_WITHDRAWN: Words(
        "Nicht mehr öffentlich", "Die Partnerseite zeigt das Zertifikat der Adresse nicht mehr."
    ),
    Action.DIRECTORY_SITE_OPENED: Words("Partnerseite offen", "Jeder kann die Partnerseite sehen."),
    Action.DIRECTORY_SITE_CLOSED: Words("Partnerseite zu", "Niemand sieht die Partnerseite mehr."),
    Action.DIRECTORY_SITE_CHANGED: Words(
        "Partnerseite geändert", "Auf der Partnerseite steht etwas anders als vorher."
    ),
    Action.OUTBOX_HELD: Words(
        "Im Postausgang angehalten", "Die Mail darf so nicht hinaus. Der Grund steht dabei."
    ),
    Action.OUTBOX_WITHDRAWN: Words(
        "Zurückgeholt", "Wer die Mail schrieb, hat sie aus dem Postausgang zurückgeholt."
    ),
    Action.OUTBOX_FAILED: Words(
        "Nicht zugestellt", "Niemand hat die Mail bekommen. Wer sie schrieb, weiß davon."
    ),
    Action.BULK_STARTED: Words(
        "Serienmail begonnen", "An viele geht je eine Mail: signiert, nicht verschlüsselt."
    ),
    Action.BULK_STOPPED: Words(
        "Serienmail angehalten", "Wer noch nichts bekam, bekommt vorerst auch nichts."
    ),
    Action.BULK_DONE: Words(
        "Serienmail fertig", "Alle auf der Liste sind erledigt. Die Zahlen stehen dabei."
    ),
}

_ENGLISH: Mapping[Action, Words] = {
    Action.OUTBOUND_PLAIN: Words(
        "Sent unprotected", "The message went out without protection. The reason is given."
    ),
    Action.OUTBOUND_SIGN: Words(
        "Sent signed", "The message went out signed. It was readable on its way."
    ),
    Action.OUTBOUND_SIGN_AND_ENCRYPT: Words(
        "Sent encrypted", "The message went out signed and encrypted."
    ),
    Action.OUTBOUND_REFUSED: Words(
        "Not sent", "The message stayed here. Its writer was told the reasons."
    ),
    Action.INBOUND_UNPROTECTED: Words(
        "Received unprotected", "The message came without protection that counts."
    ),
    Action.INBOUND_VERIFIED: Words(
        "Signature checked", "The message came with a signature that fits its sender."
    ),
    Action.INBOUND_CONFIDENTIAL: Words(
        "Received confidentially", "It came encrypted, and the signature fits its sender."
    ),
    Action.INBOUND_ENCRYPTED_UNVERIFIED: Words(
        "Encrypted, sender not checked", "It came encrypted. Who wrote it is not certain."
    ),
    Action.MESSAGE_REOPENED: Words(
        "Opened later", "The key came afterwards. The message was delivered again, opened."
    ),
    Action.MESSAGE_JUDGED_ANEW: Words(
        "Judged anew", "A decision has changed what this message is worth."
    ),
    Action.MESSAGE_OPENED_LATER: Words(
        "Opened by itself", "Its key came later. The mail can be read in its account now."
    ),
    Action.MESSAGE_REPORTED: Words(
        "Message reported", "Somebody does not trust this mail and has reported it."
    ),
    Action.MESSAGE_ASSIGNED: Words(
        "Mail assigned", "Who takes care of this mail was decided anew."
    ),
    Action.MESSAGE_DELETED: Words(
        "Mail deleted for good", "Somebody deleted mail of an account for good."
    ),
    Action.CERTIFICATE_IMPORTED: Words(
        "Certificate imported", "Somebody imported certificates from a file."
    ),
    Action.CERTIFICATE_FOUND: Words(
        "Certificate found",
        "A directory had the certificate of a partner. It is used for them.",
    ),
    Action.CERTIFICATE_HARVESTED: Words(
        "Certificate learned", "The certificate came with a signed message."
    ),
    Action.CERTIFICATE_KEY_CHANGE: Words("New key", "The sender now has another key than before."),
    Action.CERTIFICATE_BOUND: Words(
        "Certificate bound", "A certificate counts for addresses, too, that it does not name."
    ),
    Action.CERTIFICATE_UNBOUND: Words(
        "Binding removed", "A certificate counts only for addresses that it names."
    ),
    Action.KEY_IMPORTED: Words("Key imported", "Somebody imported a certificate with its key."),
    Action.LOCKED_FILE_KEPT: Words(
        "File waits", "The file lies here until somebody enters its passphrase."
    ),
    Action.LOCKED_FILE_UNLOCKED: Words(
        "File unlocked", "The passphrase was right. The content has been imported."
    ),
    Action.LOCKED_FILE_WRONG_PASSPHRASE: Words(
        "Wrong passphrase", "The passphrase did not fit. The file keeps waiting."
    ),
    Action.LOCKED_FILE_REMOVED: Words(
        "File removed", "Somebody discarded the file without opening it."
    ),
    Action.KEY_EXPORTED: Words(
        "Key exported", "Somebody took the certificate with its private key as a file."
    ),
    Action.KEY_ARCHIVED: Words(
        "Key archived", "The key only opens old mail from now on. It no longer signs."
    ),
    Action.KEY_IN_USE_AGAIN: Words("Key in use again", "The key may sign again."),
    Action.CERTIFICATE_SENT: Words(
        "Certificate sent", "The certificate left with a signed message."
    ),
    Action.CONTACT_ADDED: Words("Contact added", "Somebody is new in the address book."),
    Action.CONTACT_CHANGED: Words("Contact changed", "A contact was described anew."),
    Action.CONTACT_REMOVED: Words("Contact removed", "The contact is gone. Its certificates stay."),
    Action.PARTNER_CERTIFICATE_ACCEPTED: Words(
        "Certificate accepted", "Somebody checked a partner's certificate and accepted it."
    ),
    Action.PARTNER_CERTIFICATE_REFUSED: Words(
        "Certificate refused", "Somebody refused a partner's certificate. It is not used."
    ),
    Action.PARTNER_CHANGE_ACCEPTED: Words(
        "New key accepted", "Somebody asked: the new key is genuine."
    ),
    Action.PARTNER_CHANGE_REFUSED: Words(
        "New key refused", "Somebody refused the new key. The old one stays in use."
    ),
    Action.TRUST_TRUSTED: Words(
        "Trusted", "Somebody compared the fingerprint and trusts this authority now."
    ),
    Action.TRUST_DISTRUSTED: Words("Distrusted", "This authority is not believed here any more."),
    Action.TRUST_WITHDRAWN: Words(
        "Decision withdrawn", "What was true without the decision is true again."
    ),
    Action.TRUST_REFRESHED: Words(
        "List renewed", "The list of publicly trusted authorities is newer now."
    ),
    Action.LOOKUP_DIRECTORY_ADDED: Words(
        "Directory added", "Partners’ certificates are looked for there."
    ),
    Action.LOOKUP_DIRECTORY_CHANGED: Words(
        "Directory changed", "What is kept about a foreign directory was changed."
    ),
    Action.LOOKUP_DIRECTORY_REMOVED: Words(
        "Directory removed", "Certificates are not looked for there any more."
    ),
    Action.LOOKUP_SETTINGS_CHANGED: Words(
        "Look-ups in DNS changed", "Whether DNS is asked for certificates was changed."
    ),
    Action.CRL_IMPORTED: Words(
        "Revocation list imported", "Somebody imported a list of revoked certificates."
    ),
    Action.CRL_ISSUED: Words(
        "Revocation list issued", "The house made its list of revoked certificates anew."
    ),
    Action.AUTHORITY_CREATED: Words(
        "Authority created", "The house can issue certificates itself now."
    ),
    Action.AUTHORITY_CERTIFIED: Words(
        "Authority certified", "The answer from outside is here. The authority can work now."
    ),
    Action.AUTHORITY_RENEWED: Words(
        "Authority renewed", "The authority of the house has a new certificate."
    ),
    Action.AUTHORITY_RESPONDER_MADE: Words(
        "Responder renewed", "What answers about revocations has a new key."
    ),
    Action.CERTIFICATE_ISSUED: Words(
        "Certificate issued", "The house made a certificate for this account."
    ),
    Action.CERTIFICATE_RENEWED: Words(
        "Certificate renewed", "A new one takes the place of the old. Old mail stays readable."
    ),
    Action.CERTIFICATE_REVOKED: Words(
        "Certificate revoked", "The certificate counts no more. Everybody can look that up."
    ),
    Action.CERTIFICATE_REQUESTED: Words(
        "Request made", "The key is here. Its certificate is still to come from outside."
    ),
    Action.REQUEST_WITHDRAWN: Words(
        "Request withdrawn", "Nobody waits for its answer any more. The key stays here."
    ),
    Action.ENROLMENTS_STARTED: Words(
        "Many certificates begun", "The house makes one certificate after the other now."
    ),
    Action.ENROLMENTS_STOPPED: Words(
        "Many certificates stopped", "What is finished stays. The rest can go on."
    ),
    Action.ENROLMENTS_ENDED: Words(
        "Many certificates done", "The whole list is through. The report names every line."
    ),
    Action.KEY_DELIVERY_PREPARED: Words(
        "Key ready to be fetched", "A person can fetch the file with the key once."
    ),
    Action.KEY_DELIVERY_FETCHED: Words(
        "Key fetched", "The file with the key is with this person now."
    ),
    Action.KEY_DELIVERY_SHOWN: Words(
        "Passphrase shown", "The passphrase of the file could be read once, and is gone here."
    ),
    Action.KEY_DELIVERY_WITHDRAWN: Words(
        "Fetching taken back", "Nobody can fetch the file with the key any more."
    ),
    Action.CERTIFICATE_CHALLENGE_ANSWERED: Words(
        "Challenge answered", "The authority asked by mail, and Siegel has answered."
    ),
    Action.CERTIFICATE_CHALLENGE_REFUSED: Words(
        "Challenge not answered", "The mail was not genuine or does not belong to the request."
    ),
    Action.CERTIFICATE_ORDER_FAILED: Words(
        "Request failed", "There is no certificate. The reason stands beside."
    ),
    Action.CERTIFICATE_ISSUED_TO_PARTNER: Words(
        "Certificate for a partner", "Our authority gave a partner a certificate for his address."
    ),
    Action.CONTROL_ASKED: Words(
        "Address being checked", "A link went to the address. Whoever reads there can say yes."
    ),
    Action.CONTROL_PROVED: Words(
        "Address confirmed", "Whoever reads the mail of this address has said yes."
    ),
    Action.PARTNER_INVITED: Words(
        "Partner invited", "A link went to the partner, who can hand in a certificate there."
    ),
    Action.PARTNER_INVITATION_WITHDRAWN: Words(
        "Invitation withdrawn", "The link to the partner does not work any more."
    ),
    Action.PARTNER_HANDED_IN: Words(
        "Certificate handed in", "The partner handed in a certificate on the page."
    ),
    Action.ROBOT_ANSWERED: Words(
        "Test answered", "Somebody wrote to the test address and got an answer."
    ),
    Action.ROBOT_SILENT: Words(
        "Test not answered",
        "This mail to the test address got no answer. The reason stands beside it.",
    ),
    Action.REISSUE_STARTED: Words(
        "Re-issue begun", "Many certificates of the house are now replaced, one after the other."
    ),
    Action.REISSUE_STOPPED: Words(
        "Re-issue stopped", "Nothing more is replaced until somebody goes on."
    ),
    Action.REISSUE_SWITCHED: Words(
        "Switch decided", "From this moment on the new certificates sign."
    ),
    Action.REISSUE_TELLING: Words(
        "Partners told", "Each partner gets a message with the new certificate."
    ),
    Action.REISSUE_REVOKING: Words(
        "Old ones revoked", "The replaced certificates of the house will soon not count any more."
    ),
    Action.REISSUE_ENDED: Words(
        "Re-issue ended", "The re-issue is closed. What stayed open stands in its list."
    ),
    Action.CALENDAR_LINK_MADE: Words(
        "Calendar subscribed", "Somebody made a secret address for a calendar program."
    ),
    Action.CALENDAR_LINK_ENDED: Words(
        "Calendar unsubscribed", "The secret address for the calendar no longer works."
    ),
    Action.RULE_CHANGED: Words("Rule changed", "A rule of the organisation has another value now."),
    Action.ACCOUNT_CREATED: Words(
        "Account created", "Mail of this address is signed and opened here from now on."
    ),
    Action.ACCOUNT_RENAMED: Words("Account renamed", "The account has another name now."),
    Action.ACCOUNT_SWITCHED_ON: Words(
        "Account switched on", "The account signs and opens mail again."
    ),
    Action.ACCOUNT_SWITCHED_OFF: Words(
        "Account switched off", "The account signs and opens no mail any more. Nothing is deleted."
    ),
    Action.ACCOUNT_ALIAS_GRANTED: Words(
        "Second address", "The account has one more address and opens mail to it, too."
    ),
    Action.ACCOUNT_DELEGATION_GRANTED: Words(
        "May write as another", "The account may write with somebody else's address, too."
    ),
    Action.ACCOUNT_GRANT_WITHDRAWN: Words(
        "Address withdrawn", "The account may not use an address any more."
    ),
    Action.ACCOUNT_PERSON_ADMITTED: Words(
        "Person on account", "Somebody works with the account now, or otherwise than before."
    ),
    Action.ACCOUNT_PERSON_REMOVED: Words(
        "Person off account", "Somebody does not work with the account any more."
    ),
    Action.ACCOUNT_MAILBOX_HERE: Words(
        "Mail comes here", "Siegel puts the mail of the account into its mailbox by itself now."
    ),
    Action.ACCOUNT_MAILBOX_CONNECTED: Words(
        "Mailbox connected", "Siegel fetches and sends the mail of the account on this server."
    ),
    Action.ACCOUNT_MAILBOX_REMOVED: Words(
        "Mailbox disconnected", "The password is deleted. Mail that is here stays."
    ),
    Action.USER_ADMINISTRATOR: Words(
        "Made an administrator", "Somebody may administer everything now."
    ),
    Action.USER_INVITED: Words("Invited", "Somebody got a link to set a password."),
    Action.USER_PASSWORD_SET: Words("Password set", "Whoever was invited has a password now."),
    Action.USER_ROLES_CHANGED: Words("Roles changed", "Somebody may do more or less now."),
    Action.USER_DEACTIVATED: Words("Person deactivated", "Somebody cannot sign in any more."),
    Action.USER_REACTIVATED: Words("Person reactivated", "Somebody can sign in again."),
    Action.USER_SECOND_FACTOR_RESET: Words(
        "Second factor removed", "The person sets up the second factor anew."
    ),
    Action.USER_LEFT: Words(
        "Left the house", "The house's sign-in does not know the person any more: deactivated."
    ),
    Action.USER_SIGNED_IN: Words("Signed in", "Somebody signed in here."),
    Action.USER_SIGNED_OUT: Words("Signed out", "Somebody signed out here."),
    Action.USER_SIGN_IN_FAILED: Words(
        "Sign-in failed", "The password or the code was wrong. Noted once in ten minutes only."
    ),
    Action.USER_SIGN_IN_REFUSED: Words(
        "Sign-in refused", "The organisation account is good, but may not come in here."
    ),
    Action.USER_PASSWORD_CHANGED: Words("Password changed", "Somebody chose a new password."),
    Action.USER_SECOND_FACTOR_ADDED: Words(
        "Second step set up", "Somebody signs in with a code or passkey too now."
    ),
    Action.USER_SECOND_FACTOR_REMOVED: Words(
        "Second step removed", "Somebody removed an app or a passkey."
    ),
    Action.NOTICE_NOT_SENT: Words("Notice not sent", "A notice of Siegel did not go out."),
    Action.HEALTH_ALARM: Words(
        "Alarm", "A check is not good any more. The administrators got a mail."
    ),
    Action.HEALTH_GOOD_AGAIN: Words("Good again", "A check is good again."),
    Action.JOURNAL_EXPORTED: Words(
        "Journal saved", "Somebody took parts of the journal away as a file."
    ),
    Action.CHECKLIST_MADE: Words(
        "List for an authority made", "There is one list more of what has to be done there."
    ),
    Action.CHECKLIST_REMOVED: Words(
        "List for an authority deleted", "Nobody keeps in mind any more what to do there."
    ),
    Action.CHECKLIST_CHANGED: Words(
        "List for an authority changed", "A step or a note is another one now."
    ),
    Action.CHECKLIST_STEP_DONE: Words(
        "Step at an authority done", "Somebody said that it is done."
    ),
    Action.CHECKLIST_STEP_OPEN: Words(
        "Step at an authority open again", "Somebody said that it has still to be done."
    ),
    Action.GUIDE_SENT: Words("Guide sent", "A partner got our certificate and a guide."),
    Action.HELP_LINK_ADDED: Words("Link added", "The help has one link more."),
    Action.HELP_LINK_CHANGED: Words("Link changed", "A link of the help is another one now."),
    Action.HELP_LINK_REMOVED: Words("Link removed", "The help has one link less."),
    Action.HELP_LINK_MOVED: Words("Link moved", "A link of the help stands elsewhere now."),
    Action.HELP_LIST_RESTORED: Words(
        "Links as shipped", "The help shows the links it came with again."
    ),
    Action.DIRECTORY_PUBLISHED: Words(
        "Published", "Everybody finds the certificate of the address on the partner page."
    ),
    Action.DIRECTORY_WITHDRAWN: Words(
        "Not public any more", "The partner page no longer shows the certificate of the address."
    ),
    Action.DIRECTORY_SITE_OPENED: Words("Partner page open", "Everybody can see the partner page."),
    Action.DIRECTORY_SITE_CLOSED: Words(
        "Partner page closed", "Nobody sees the partner page any more."
    ),
    Action.DIRECTORY_SITE_CHANGED: Words(
        "Partner page changed", "Something on the partner page is not as it was."
    ),
    Action.OUTBOX_HELD: Words(
        "Held in the outbox", "The message may not leave like this. The reason stands beside it."
    ),
    Action.OUTBOX_WITHDRAWN: Words(
        "Taken back", "The writer took the message back out of the outbox."
    ),
    Action.OUTBOX_FAILED: Words("Not delivered", "Nobody got the message. The writer was told."),
    Action.BULK_STARTED: Words(
        "Mail to many begun", "A message goes to each of many: signed, not encrypted."
    ),
    Action.BULK_STOPPED: Words(
        "Mail to many stopped", "Whoever has got nothing yet gets nothing for now."
    ),
    Action.BULK_DONE: Words(
        "Mail to many done", "Everybody on the list is dealt with. The figures stand beside it."
    ),
}

ACTIONS: Mapping[Language, Mapping[Action, Words]] = {
    Language.DE: _GERMAN,
    Language.EN: _ENGLISH,
}

GROUPS: Mapping[Language, Mapping[ActionGroup, str]] = {
    Language.DE: {
        ActionGroup.OUTGOING: "Ausgehende Mail",
        ActionGroup.INCOMING: "Eingehende Mail",
        ActionGroup.CERTIFICATES: "Zertifikate",
        ActionGroup.PUBLIC: "Für Partner",
        ActionGroup.TRUST: "Vertrauen",
        ActionGroup.RULES: "Regeln",
        ActionGroup.ACCOUNTS: "E-Mail-Konten",
        ActionGroup.PEOPLE: "Personen",
        ActionGroup.OPERATION: "Betrieb",
    },
    Language.EN: {
        ActionGroup.OUTGOING: "Outgoing mail",
        ActionGroup.INCOMING: "Incoming mail",
        ActionGroup.CERTIFICATES: "Certificates",
        ActionGroup.PUBLIC: "For partners",
        ActionGroup.TRUST: "Trust",
        ActionGroup.RULES: "Rules",
        ActionGroup.ACCOUNTS: "Mail accounts",
        ActionGroup.PEOPLE: "People",
        ActionGroup.OPERATION: "Operation",
    },
}


def said_of_action(action: str, language: Language) -> Words:
    """In words; an entry of a later version keeps its code."""
    known = next((each for each in Action if each.value == action), None)
    return Words(action, "") if known is None else ACTIONS[language][known]
