"""German: what was decided and why (see ``words`` for what a text has to be)."""

from siegel.policy.inbound import CryptographicSummary
from siegel.policy.outbound import EncryptionOffer
from siegel.policy.reasons import Obstacle, Reason
from siegel.wording.de_findings import (
    FINDINGS,
    PATH_FINDINGS,
    PATH_STATUSES,
    REVOCATION,
)
from siegel.wording.de_people import INTACT, TRUSTED_FOR_FROM, VALID, VALIDATION
from siegel.wording.words import Wordbook, Words

REASONS = {
    Reason.EVERY_RECIPIENT_HAS_A_CERTIFICATE: Words(
        "Alle Adressaten haben ein Zertifikat",
        "Die Mail wird signiert und so verschlüsselt, dass nur Sie und die Adressaten sie lesen.",
    ),
    Reason.WISH_OF_THE_WRITER: Words(
        "Schutz gewünscht",
        "Wer die Mail schrieb, will sie nur so geschützt senden oder gar nicht.",
        "Soll sie auch ohne diesen Schutz hinaus, nehmen Sie den Wunsch zurück.",
    ),
    Reason.ENCRYPTION_REQUIRED: Words(
        "Nur verschlüsselt",
        "Mail an mindestens eine dieser Adressen darf bei Ihnen nur verschlüsselt hinaus.",
        "Fragen Sie Ihre Verwaltung, wenn die Regel nicht passt.",
    ),
    Reason.CIPHER_BY_RULE: Words(
        "Durch Regel festgelegt",
        "Ihr Haus hat festgelegt, wie Mails verschlüsselt werden. Das gilt, egal was die "
        "Programme der Empfänger sagen.",
    ),
    Reason.CIPHER_READ_BY_ALL: Words(
        "Stärkste Art",
        "Die Programme von allen, die diese Mail bekommen, können die stärkste Art lesen.",
    ),
    Reason.CIPHER_FOR_UNKNOWN_PROGRAM: Words(
        "Programm nicht bekannt",
        "Von mindestens einem Programm weiß noch niemand, was es lesen kann. Darum gilt die Art, "
        "die Ihr Haus für solche Programme gewählt hat.",
        "Eine signierte Mail von dort sagt oft, was das Programm lesen kann.",
    ),
    Reason.CIPHER_LIMITED_BY_PROGRAM: Words(
        "So stark, wie alle es lesen",
        "Es gibt eine stärkere Art. Aber mindestens ein Programm sagt, dass es sie nicht lesen "
        "kann.",
    ),
    Reason.CIPHER_IN_COMMON: Words(
        "Das Beste, was alle gemeinsam haben",
        "Jedes Programm kann etwas Stärkeres lesen, aber nicht das Gleiche. Darum gilt die "
        "stärkste Art, die alle lesen können.",
    ),
    Reason.SEPARATE_BY_KEY: Words(
        "Mehrere Kopien, je Art von Schlüssel eine",
        "Manche Programme kommen mit einer Mail nicht klar, die auch für eine fremde Art von "
        "Schlüssel gemacht ist. Darum geht für jede Art eine Kopie hinaus. Text und Signatur sind "
        "gleich.",
    ),
    Reason.SEPARATE_BY_CIPHER: Words(
        "Mehrere Kopien, je nach Programm",
        "Die Programme können nicht alle das Gleiche lesen. Darum gehen mehrere Kopien hinaus, "
        "jede so stark, wie man sie dort lesen kann.",
    ),
    Reason.POST_QUANTUM: Words(
        "Auch vor Quantenrechnern sicher",
        "Alle Schlüssel für diese Mail sind von der neuen Art. Wer die Mail heute aufhebt, kann "
        "sie auch später nicht lesen.",
    ),
    Reason.POST_QUANTUM_IN_PART: Words(
        "Nur zum Teil vor Quantenrechnern sicher",
        "Einige Schlüssel sind von der neuen Art, andere nicht. Mit einem der anderen könnte ein "
        "Quantenrechner die Mail öffnen.",
        "Es hilft nur, wenn alle und auch Sie so einen Schlüssel haben.",
    ),
    Reason.ORGANISATION_CERTIFICATE: Words(
        "Zertifikat der Organisation, durch Verwaltung zugeordnet",
        "Die Person hat kein eigenes Zertifikat. Die Mail geht an das ihrer Organisation oder "
        "Domain. Dort können auch andere sie lesen.",
        "Bitten Sie die Person um ein eigenes Zertifikat, wenn nur sie lesen soll.",
    ),
    Reason.OWN_COPY_LEFT_OUT: Words(
        "Für Sie selbst nicht lesbar",
        "Ihr Schlüssel ist von einer Art, die man dort vielleicht nicht kennt. Damit die Mail "
        "sicher gelesen werden kann, fehlt Ihr Schlüssel in dieser Kopie.",
        "Heben Sie die Mail unter den gesendeten Mails auf.",
    ),
    Reason.PRIVATE_KEY_ATTACHED: Words(
        "Privater Schlüssel im Anhang",
        "Im Anhang liegt ein privater Schlüssel. Wer ihn hat, kann Ihre Post lesen und in Ihrem "
        "Namen signieren. Die Mail wurde nicht gesendet.",
        "Nehmen Sie die Datei heraus. Zum Weitergeben gibt es das Zertifikat ohne Schlüssel.",
    ),
    Reason.ALREADY_PROTECTED: Words(
        "Schon geschützt",
        "Ihr Mailprogramm hat die Mail schon geschützt. Siegel ändert daran nichts.",
    ),
    Reason.FROM_AMBIGUOUS: Words(
        "Absender nicht klar",
        "Im Feld „Von“ steht nicht genau eine Adresse. Keine Signatur passt dazu.",
        "Wer die Mail schickt, soll im Feld „Von“ genau eine Adresse angeben.",
    ),
    Reason.SENDER_NOT_ENTITLED: Words(
        "Fremde Absenderadresse",
        "Die Mail kommt von einem Konto, das diese Absenderadresse nicht nutzen darf. In fremdem "
        "Namen wird nicht signiert.",
        "Senden Sie von Ihrer eigenen Adresse, oder bitten Sie um das Recht an dieser.",
    ),
    Reason.NO_FITTING_CERTIFICATE: Words(
        "Kein Zertifikat für den Absender",
        "Für die Absenderadresse gibt es hier kein Zertifikat, das man nutzen kann.",
        "Spielen Sie eines ein, oder senden Sie von einer Adresse, die schon eines hat.",
    ),
    Reason.BULK_MAIL: Words(
        "Massenmail",
        "Mail an viele Leute und Post, die von selbst entsteht, wird signiert, aber nie "
        "verschlüsselt.",
        "Soll etwas nur verschlüsselt hinaus, schreiben Sie jeder Person für sich.",
    ),
    Reason.NO_RECIPIENT: Words(
        "Noch kein Adressat",
        "Es steht noch nicht fest, an wen die Mail geht.",
        "Tragen Sie ein, wer sie bekommen soll.",
    ),
    Reason.RECIPIENT_WITHOUT_CERTIFICATE: Words(
        "Nicht alle Adressaten haben ein Zertifikat",
        "Verschlüsselt wird nur, wenn es für alle geht. Bei mindestens einer Person fehlt noch "
        "etwas.",
        "Sehen Sie nach, was bei wem fehlt, oder bitten Sie die Person um eine signierte Mail.",
    ),
    Reason.CALENDAR_PART: Words(
        "Einladung zu einem Termin",
        "Viele Kalender lesen keine verschlüsselten Termine. Darum wird nur signiert.",
        "Ist der Inhalt geheim, wünschen Sie bei dieser Mail die Verschlüsselung.",
    ),
    Reason.INTERNAL_MAIL: Words(
        "Mail im Haus",
        "Die Mail bleibt im Haus. Sie wird signiert und nur auf Wunsch verschlüsselt.",
    ),
    Reason.ENCRYPTION_NOT_CHOSEN: Words(
        "Nicht gewählt",
        "Die Mail könnte an alle verschlüsselt werden. Das geschieht bei Ihnen nur auf Wunsch.",
        "Wählen Sie beim Schreiben „verschlüsseln“, wenn Sie das wollen.",
    ),
    Reason.NO_COMMON_CIPHER: Words(
        "Nichts, was alle lesen können",
        "Es gibt keine sichere Art, die alle Programme der Empfänger lesen können. Die Mail wurde "
        "nicht gesendet.",
        "Schreiben Sie allen einzeln. Oder lassen Sie im Haus mehrere Kopien zu.",
    ),
    Reason.NOT_PROTECTED: Words(
        "Ungeschützt",
        "Die Mail kam ohne Signatur und nicht verschlüsselt. Von wem sie ist, ist nicht sicher.",
        "Fragen Sie nach, wenn es darauf ankommt, aber nicht als Antwort auf diese Mail.",
    ),
    Reason.ENCRYPTED: Words(
        "Verschlüsselt",
        "Die Mail war auf dem Weg zu Ihnen verschlüsselt und wurde hier geöffnet.",
    ),
    Reason.ENCRYPTION_CLOSED: Words(
        "Noch verschlossen",
        "Die Mail ist verschlüsselt und ließ sich hier nicht öffnen.",
        "Spielen Sie die Datei mit dem Schlüssel ein, an den sie ging. Dann geht sie auf.",
    ),
    Reason.ENCRYPTION_WEAK: Words(
        "Zu schwach verschlüsselt",
        "Die Mail wurde auf eine alte Art verschlüsselt, die man heute brechen kann. Sie gilt als "
        "offen.",
        "Bitten Sie den Absender, sein Mailprogramm neu einzustellen.",
    ),
    Reason.NOT_SIGNED: Words(
        "Nicht signiert",
        "Es fehlt die Signatur. Darum kann man nicht sagen, wer die Mail schrieb.",
        "Bitten Sie den Absender, seine Mails zu signieren.",
    ),
    Reason.SIGNATURE_COUNTS: Words(
        "Signatur geprüft",
        "Die Mail kommt von dieser Adresse, und niemand hat sie auf dem Weg geändert.",
    ),
    Reason.SIGNS_ONLY_A_PART: Words(
        "Nur ein Teil ist signiert",
        "Diese Signatur gilt nur für einen Teil der Mail, nicht für alles, was Sie sehen.",
        "Sehen Sie sich den Teil für sich an. Dem Rest ist nicht zu trauen.",
    ),
    Reason.SIGNED_BY_ORGANISATION: Words(
        "Zertifikat der Organisation, durch Verwaltung zugeordnet",
        "Das Amt oder die Firma hat signiert, nicht die Person selbst. Bei Ihnen wurde das "
        "Zertifikat dieser Adresse von Hand zugeordnet.",
        "Wer genau schrieb, sagt das nicht. Fragen Sie nach, wenn es darauf ankommt.",
    ),
    Reason.SIGNATURE_BROKEN: Words(
        "Signatur stimmt nicht",
        "Text und Signatur passen nicht zusammen. Die Mail wurde auf dem Weg geändert, oder die "
        "Signatur war von Anfang an falsch.",
        "Fragen Sie beim Absender nach. Nutzen Sie dafür nicht diese Mail.",
    ),
    Reason.SIGNATURE_NOT_CHECKABLE: Words(
        "Kann nicht geprüft werden",
        "Zur Signatur fehlt das Zertifikat, oder sie ist von einer Art, die wir nicht kennen.",
        "Bitten Sie den Absender, sein Zertifikat mit der Signatur zu senden.",
    ),
    Reason.SIGNED_BY_SENDER_FIELD: Words(
        "Im Auftrag signiert",
        "Nicht die Person im Feld „Von“ hat signiert, sondern die, welche die Mail für sie "
        "geschickt hat.",
        "Fragen Sie die Person im Feld „Von“, ob sie davon weiß.",
    ),
    Reason.SIGNER_ADDRESS_DIFFERS: Words(
        "Signatur passt nicht zum Absender",
        "Signiert hat eine andere Adresse als die im Feld „Von“.",
        "Klicken Sie auf nichts, und fragen Sie auf einem anderen Weg nach.",
    ),
    Reason.SIGNER_REVOKED: Words(
        "Zertifikat gesperrt",
        "Das Zertifikat des Absenders wurde gesperrt. Wer damit signiert, kann ein Fremder sein.",
        "Fragen Sie auf einem anderen Weg nach.",
    ),
    Reason.SIGNER_NOT_TRUSTED: Words(
        "Zertifikat nicht vertraut",
        "Wir wissen nicht, ob wir der Stelle trauen dürfen, die dieses Zertifikat gab, oder es "
        "gilt nicht mehr.",
        "Wer bei Ihnen die Zertifikate pflegt, kann die Stelle prüfen und ihr dann trauen.",
    ),
    Reason.SIGNER_MAY_NOT_SIGN: Words(
        "Nicht zum Signieren bestimmt",
        "Mit diesem Zertifikat darf man Mails nicht signieren.",
        "Bitten Sie den Absender, das richtige zu wählen.",
    ),
    Reason.SIGNATURE_WEAK: Words(
        "Signatur zu schwach",
        "Die Signatur ist von einer alten Art, die man heute fälschen kann. Sie zählt nicht.",
        "Bitten Sie den Absender, sein Mailprogramm neu einzustellen.",
    ),
    Reason.SIGNING_TIME_IN_FUTURE: Words(
        "Zeit liegt in der Zukunft",
        "Laut Signatur wurde die Mail später signiert, als sie hier ankam.",
        "Der Absender soll die Uhr an seinem Gerät prüfen.",
    ),
    Reason.SIGNED_OUTSIDE_ENCRYPTION: Words(
        "Nur außen signiert",
        "Signiert ist nur der verschlossene Umschlag. Ob der Text darin von dieser Person ist, "
        "sagt das nicht.",
        "Bitten Sie den Absender, erst zu signieren und dann zu verschlüsseln.",
    ),
    Reason.REVOCATION_UNKNOWN: Words(
        "Sperre nicht bekannt",
        "Niemand konnte sagen, ob das Zertifikat gesperrt ist. Nach Ihren Regeln zählt es dann "
        "nicht.",
        "Meist klärt sich das nach einer Weile von selbst.",
    ),
    Reason.TOO_COMPLEX: Words(
        "Zu viele Hüllen",
        "Die Mail steckt in so vielen Hüllen, dass wir nicht alle öffnen.",
        "Bitten Sie den Absender, sie auf dem üblichen Weg neu zu senden.",
    ),
}

OBSTACLES = {
    Obstacle.NO_CERTIFICATE: Words(
        "Kein Zertifikat",
        "Von dieser Adresse haben wir noch kein Zertifikat.",
        "Bitten Sie die Person um eine signierte Mail. Das Zertifikat kommt damit von selbst.",
    ),
    Obstacle.REVOKED: Words(
        "Gesperrt",
        "Das Zertifikat oder die Stelle, die es gab, wurde gesperrt.",
        "Bitten Sie um ein neues Zertifikat.",
    ),
    Obstacle.EXPIRED: Words(
        "Abgelaufen",
        "Das Zertifikat gilt nicht mehr, seine Zeit ist um.",
        "Bitten Sie um ein neues Zertifikat.",
    ),
    Obstacle.NOT_YET_VALID: Words(
        "Noch nicht gültig",
        "Das Zertifikat gilt erst ab einem Tag, der noch kommt.",
        "Warten Sie bis dahin, oder nehmen Sie ein anderes.",
    ),
    Obstacle.ADDRESS_DIFFERS: Words(
        "Andere Adresse",
        "Im Zertifikat steht nicht genau diese Adresse. Nur groß und klein ist dabei gleich.",
        "Prüfen Sie, ob die Adresse richtig ist, oder bitten Sie um ein Zertifikat für sie.",
    ),
    Obstacle.ORGANISATION_CERTIFICATE_OFF: Words(
        "Nur ein Zertifikat der Organisation",
        "Es gibt nur ein Zertifikat der Organisation oder Domain, durch Verwaltung zugeordnet. "
        "Nach Ihren Regeln wird damit nicht verschlüsselt.",
        "Bitten Sie die Person um ein eigenes Zertifikat, oder ändern Sie die Regel.",
    ),
    Obstacle.WRONG_USAGE: Words(
        "Für anderes bestimmt",
        "Dieses Zertifikat ist nicht für das bestimmt, was damit geschehen soll.",
        "Nehmen Sie eines, das für Mail gemacht ist.",
    ),
    Obstacle.WEAK_KEY: Words(
        "Schlüssel zu schwach",
        "Der Schlüssel ist zu kurz. Man kann ihn heute brechen.",
        "Bitten Sie um ein neues Zertifikat mit einem längeren Schlüssel.",
    ),
    Obstacle.POST_QUANTUM_OFF: Words(
        "Art des Schlüssels nicht in Gebrauch",
        "Das Zertifikat hat einen Schlüssel der neuen Art. Ihr Haus nutzt diese Art noch nicht.",
        "Fragen Sie im Haus danach, oder nehmen Sie ein anderes Zertifikat.",
    ),
    Obstacle.LOCKED: Words(
        "Passphrase fehlt",
        "Die Datei mit dem Schlüssel ist noch verschlossen.",
        "Geben Sie die Passphrase der Datei ein.",
    ),
    Obstacle.NO_PRIVATE_KEY: Words(
        "Privater Schlüssel fehlt",
        "Von diesem Zertifikat ist nur der Teil da, den alle haben dürfen. Zum Signieren braucht "
        "man auch den privaten Schlüssel.",
        "Spielen Sie die Datei ein, die auf .p12 oder .pfx endet.",
    ),
    Obstacle.NO_ACCOUNT: Words(
        "Kein Konto",
        "Für die Adresse im Zertifikat ist hier kein Konto angelegt.",
        "Legen Sie das Konto für genau diese Adresse an.",
    ),
    Obstacle.PENDING: Words(
        "Noch nicht angenommen",
        "Das Zertifikat kam mit einer Mail, aber noch hat es niemand bei Ihnen geprüft.",
        "Wer die Zertifikate pflegt, soll es ansehen und dann annehmen oder ablehnen.",
    ),
    Obstacle.CHANGE_UNCONFIRMED: Words(
        "Neuer Schlüssel, nicht bestätigt",
        "Die Person nutzt seit kurzem einen neuen Schlüssel. Bei Ihnen muss das jemand bestätigen.",
        "Rufen Sie die Person an und fragen Sie, ob der neue Schlüssel von ihr ist.",
    ),
    Obstacle.NOT_TRUSTED: Words(
        "Nicht vertraut",
        "Wir wissen nicht, ob wir der Stelle trauen dürfen, die dieses Zertifikat gab.",
        "Wer die Zertifikate pflegt, kann die Stelle prüfen und ihr dann trauen.",
    ),
    Obstacle.REVOCATION_UNKNOWN: Words(
        "Sperre nicht bekannt",
        "Niemand konnte sagen, ob das Zertifikat gesperrt ist. Nach Ihren Regeln wird es dann "
        "nicht genutzt.",
        "Meist klärt sich das nach einer Weile von selbst.",
    ),
    Obstacle.NO_COMMON_CIPHER: Words(
        "Liest etwas anderes",
        "Das Programm dort kann nicht sicher lesen, was die anderen lesen.",
        "Bitten Sie um ein neueres Programm, oder schreiben Sie einzeln.",
    ),
}

SUMMARIES = {
    CryptographicSummary.UNPROTECTED: Words(
        "Ungeschützt",
        "Die Mail kann auf dem Weg gelesen und geändert worden sein, wie eine Karte ohne Umschlag.",
        "Ist etwas daran seltsam, fragen Sie auf einem anderen Weg nach.",
    ),
    CryptographicSummary.VERIFIED: Words(
        "Signatur geprüft",
        "Die Mail ist so, wie sie geschrieben wurde, und kommt von dieser Adresse. Auf dem Weg "
        "konnte man sie lesen.",
    ),
    CryptographicSummary.CONFIDENTIAL: Words(
        "Vertraulich",
        "Die Mail kommt von dieser Adresse, ist so, wie sie geschrieben wurde, und nur die "
        "Adressaten konnten sie lesen.",
    ),
    CryptographicSummary.ENCRYPTED_UNVERIFIED: Words(
        "Verschlüsselt, Absender ungeprüft",
        "Auf dem Weg konnte sie niemand lesen. Wer sie schrieb, ist aber nicht sicher.",
        "Fragen Sie auf einem anderen Weg nach, bevor Sie etwas tun, das die Mail verlangt.",
    ),
}

OFFERS = {
    EncryptionOffer.IMPOSSIBLE: Words(
        "Nicht möglich",
        "Diese Mail kann nicht verschlüsselt werden.",
        "Sehen Sie nach, was noch fehlt.",
    ),
    EncryptionOffer.OFFERED: Words(
        "Auf Wunsch verschlüsselt",
        "Diese Mail kann verschlüsselt werden, wenn Sie es wollen.",
        "Wählen Sie „verschlüsseln“.",
    ),
    EncryptionOffer.AUTOMATIC: Words(
        "Wird verschlüsselt",
        "Diese Mail wird von selbst verschlüsselt. Sie müssen nichts tun.",
    ),
    EncryptionOffer.REQUIRED: Words(
        "Nur verschlüsselt",
        "Diese Mail geht verschlüsselt hinaus oder gar nicht.",
    ),
}

GERMAN = Wordbook(
    reasons=REASONS,
    obstacles=OBSTACLES,
    findings=FINDINGS,
    path_findings=PATH_FINDINGS,
    path_statuses=PATH_STATUSES,
    revocation=REVOCATION,
    summaries=SUMMARIES,
    offers=OFFERS,
    intact=INTACT,
    valid=VALID,
    trusted_for_from=TRUSTED_FOR_FROM,
    validation=VALIDATION,
)
