"""German: what was seen in a message and along the path of a certificate."""

from siegel.base.findings import Finding
from siegel.pki.verdict import PathFinding, PathStatus, RevocationStatus
from siegel.wording.words import Words

_ASK = "Fragen Sie auf einem anderen Weg beim Absender nach."
_SEND_AGAIN = "Bitten Sie den Absender, die Mail neu zu senden."
_NEW_SETTINGS = "Bitten Sie den Absender, sein Mailprogramm neu einzustellen."
_NEW_CERTIFICATE = "Bitten Sie um ein neues Zertifikat."
_WRONG_CERTIFICATE = "Bitten Sie die Stelle, die das Zertifikat gab, um ein richtiges."

FINDINGS = {
    Finding.NO_DECRYPTION_KEY: Words(
        "Schlüssel fehlt",
        "Die Mail ist für einen Schlüssel verschlüsselt, der hier nicht da ist.",
        "Spielen Sie die Datei mit diesem Schlüssel ein. Dann geht die Mail von selbst auf.",
    ),
    Finding.DECRYPTION_FAILED: Words(
        "Ließ sich nicht öffnen",
        "Der Schlüssel ist da, aber die Mail geht damit nicht auf. Sie kam wohl nicht heil an.",
        _SEND_AGAIN,
    ),
    Finding.NOT_AUTHENTICATED: Words(
        "Ohne Schutz vor Änderung",
        "Diese Art der Verschlüsselung merkt nicht, wenn jemand den Text auf dem Weg ändert. Nur "
        "eine Signatur schützt davor.",
        "Bitten Sie den Absender, seine Mails auch zu signieren.",
    ),
    Finding.WEAK_CIPHER: Words(
        "Zu schwach verschlüsselt",
        "Die Mail wurde auf eine alte Art verschlüsselt, die man heute brechen kann.",
        _NEW_SETTINGS,
    ),
    Finding.WEAK_KEY_TRANSPORT: Words(
        "Schlüssel schwach verpackt",
        "Der Schlüssel zu dieser Mail kam auf eine alte Art zu Ihnen, die man nicht mehr nutzen "
        "soll.",
        _NEW_SETTINGS,
    ),
    Finding.TAG_APPENDED_TO_CONTENT: Words(
        "Unübliche Form",
        "Die Mail ist ein wenig anders verpackt als üblich. Wir konnten sie dennoch sicher öffnen.",
    ),
    Finding.NO_SIGNER: Words(
        "Niemand hat signiert",
        "Die Mail sieht signiert aus, doch es ist keine Signatur darin.",
        _SEND_AGAIN,
    ),
    Finding.DIGEST_MISMATCH: Words(
        "Text wurde geändert",
        "Der Text ist nicht mehr der, der signiert wurde.",
        _ASK,
    ),
    Finding.SIGNATURE_INVALID: Words(
        "Signatur ist falsch",
        "Die Signatur wurde nicht mit dem Schlüssel gemacht, der dazu gehört.",
        _ASK,
    ),
    Finding.SIGNER_CERTIFICATE_MISSING: Words(
        "Zertifikat fehlt",
        "Zur Signatur kam kein Zertifikat mit, und wir haben keines. So kann man sie nicht prüfen.",
        "Bitten Sie den Absender, sein Zertifikat mit der Signatur zu senden.",
    ),
    Finding.SIGNED_ATTRIBUTES_MISSING: Words(
        "Signatur nicht ganz",
        "In der Signatur fehlt ein Teil, der in jeder stehen muss.",
        _SEND_AGAIN,
    ),
    Finding.SIGNED_ATTRIBUTES_MALFORMED: Words(
        "Signatur falsch gebaut",
        "Ein Teil der Signatur ist nicht so gebaut, wie er sein muss.",
        _SEND_AGAIN,
    ),
    Finding.CONTENT_TYPE_MISMATCH: Words(
        "Signatur für etwas anderes",
        "Die Signatur sagt, dass sie zu etwas anderem gehört als zu diesem Text.",
        _ASK,
    ),
    Finding.ALGORITHM_PROTECTION_MISMATCH: Words(
        "Verfahren vertauscht",
        "Wie signiert wurde, steht zweimal in der Mail, und beides passt nicht zusammen.",
        _ASK,
    ),
    Finding.SIGNING_CERTIFICATE_MISMATCH: Words(
        "Zertifikat vertauscht",
        "Die Signatur nennt ein anderes Zertifikat als das, zu dem sie passt.",
        _ASK,
    ),
    Finding.DUPLICATE_CONTENT: Words(
        "Text ist doppelt da",
        "Der Text steht zweimal in der Mail. Man weiß nicht, welcher signiert ist.",
        _ASK,
    ),
    Finding.CONTENT_MISSING: Words(
        "Text fehlt",
        "Die Signatur ist da, aber nicht der Text, zu dem sie gehört.",
        _SEND_AGAIN,
    ),
    Finding.CONTENT_IS_ATTRIBUTES: Words(
        "Untergeschobener Text",
        "Was wie Text aussieht, ist ein Teil einer anderen Signatur. So fälscht man Mails.",
        _ASK,
    ),
    Finding.WEAK_DIGEST: Words(
        "Signatur zu schwach",
        "Die Signatur ist von einer alten Art, die man heute fälschen kann.",
        _NEW_SETTINGS,
    ),
    Finding.WEAK_SIGNATURE_KEY: Words(
        "Schlüssel zu schwach",
        "Mit einem so kurzen Schlüssel kann man die Signatur heute fälschen.",
        "Der Absender braucht ein neues Zertifikat mit einem längeren Schlüssel.",
    ),
    Finding.UNUSUAL_PSS: Words(
        "Unübliche Signatur",
        "Die Signatur nutzt Werte, die man selten sieht. Sie stimmt trotzdem.",
    ),
    Finding.SIGNED_RECEIPT: Words(
        "Signierte Quittung",
        "Die Mail ist kein Text: Ein Programm bestätigt damit, dass eine andere Mail ankam.",
    ),
    Finding.RECEIPT_REQUESTED: Words(
        "Quittung gewünscht",
        "Der Absender möchte eine signierte Quittung. Von hier wird keine von selbst geschickt.",
    ),
    Finding.SECURITY_LABELLED: Words(
        "Mit Vermerk",
        "Der Absender hat vermerkt, wie geheim die Mail ist. Der Vermerk wird gezeigt, mehr nicht.",
    ),
    Finding.COUNTERSIGNED: Words(
        "Noch einmal signiert",
        "Noch jemand hat die Signatur signiert. Wer den Text schrieb, sagt das nicht.",
    ),
    Finding.SERVICES_UNREADABLE: Words(
        "Zusatz nicht lesbar",
        "In der Signatur steht noch ein Hinweis des Absenders. Er war nicht zu lesen.",
        "Fragen Sie nach, wenn es darauf ankommt.",
    ),
    Finding.SIGNER_ADDRESS_DIFFERS: Words(
        "Signatur passt nicht zum Absender",
        "Signiert hat eine andere Adresse als die im Feld „Von“.",
        "Klicken Sie auf nichts, und fragen Sie auf einem anderen Weg nach.",
    ),
    Finding.SIGNED_BY_SENDER_FIELD: Words(
        "Im Auftrag signiert",
        "Signiert hat die Person, die die Mail geschickt hat, nicht die im Feld „Von“.",
        "Fragen Sie die Person im Feld „Von“, ob sie davon weiß.",
    ),
    Finding.SIGNED_BY_ORGANISATION: Words(
        "Zertifikat der Organisation, durch Verwaltung zugeordnet",
        "Signiert hat das Amt oder die Firma. Welche Person schrieb, sagt das nicht.",
        "Fragen Sie die Person selbst, wenn es darauf ankommt.",
    ),
    Finding.FROM_AMBIGUOUS: Words(
        "Absender nicht klar",
        "Im Feld „Von“ steht nicht genau eine Adresse, oder außen steht etwas anderes als innen.",
        _ASK,
    ),
    Finding.SIGNING_TIME_IN_FUTURE: Words(
        "Zeit liegt in der Zukunft",
        "Laut Signatur wurde die Mail später signiert, als sie hier ankam.",
        "Der Absender soll die Uhr an seinem Gerät prüfen.",
    ),
    Finding.SIGNER_MAY_NOT_SIGN: Words(
        "Nicht zum Signieren bestimmt",
        "Mit diesem Zertifikat darf man Mails nicht signieren.",
        "Bitten Sie den Absender, das richtige zu wählen.",
    ),
    Finding.SEVERAL_SIGNERS: Words(
        "Mehrere Signaturen",
        "Mehr als eine Person oder Stelle hat die Mail signiert. Jede Signatur wurde geprüft.",
    ),
    Finding.MALFORMED: Words(
        "Falsch gebaut",
        "Ein Teil der Mail ist nicht so gebaut, wie er sein muss. Wir konnten ihn nicht lesen.",
        _SEND_AGAIN,
    ),
    Finding.UNSUPPORTED: Words(
        "Art nicht bekannt",
        "Die Mail ist auf eine Art geschützt, die wir nicht lesen.",
        _NEW_SETTINGS,
    ),
    Finding.TOO_COMPLEX: Words(
        "Zu groß oder zu tief",
        "Ein Teil der Mail ist zu groß oder steckt in zu vielen Hüllen. Den lesen wir nicht.",
        "Bitten Sie den Absender, die Mail auf dem üblichen Weg neu zu senden.",
    ),
    Finding.ERRANT_LAYER: Words(
        "Teil für sich geschützt",
        "Ein Teil im Inneren der Mail ist für sich geschützt. Für die ganze Mail sagt das nichts.",
        "Sehen Sie sich den Teil für sich an, und fragen Sie nach, wenn es darauf ankommt.",
    ),
    Finding.SIGNATURE_STRIPPED: Words(
        "Signatur ging verloren",
        "Die Mail war wohl signiert. Auf dem Weg wurde sie so umgebaut, dass die Signatur fehlt "
        "oder nicht mehr passt.",
        "Bitten Sie den Absender, die Mail auf einem anderen Weg zu senden.",
    ),
    Finding.LIST_FOOTER: Words(
        "Liste hat Text angehängt",
        "Die Mail kam über eine Liste. Diese hat am Ende Text angehängt, der nicht signiert ist.",
        "Sehen Sie sich den signierten Teil für sich an.",
    ),
    Finding.PROTECTED_SUBJECT_DIFFERS: Words(
        "Betreff wurde außen geändert",
        "Der Betreff in der Liste der Mails ist nicht der, den der Absender schrieb.",
        "Es gilt der Betreff im Inneren der Mail.",
    ),
    Finding.NAME_SHOWS_ANOTHER_ADDRESS: Words(
        "Name täuscht eine Adresse vor",
        "Im Namen des Absenders steht eine andere Adresse als die, von der die Mail kommt. So tut "
        "man, als wäre man jemand anderes.",
        "Klicken Sie auf nichts, und fragen Sie auf einem anderen Weg nach.",
    ),
    Finding.PARTIAL_SIGNATURE: Words(
        "Nur ein Teil ist signiert",
        "Die Signatur gilt nicht für den ganzen Text, den Sie sehen.",
        _ASK,
    ),
    Finding.SIGNED_OUTSIDE_ENCRYPTION: Words(
        "Nur außen signiert",
        "Signiert ist nur der verschlossene Umschlag. Wer den Text darin schrieb, sagt das nicht.",
        "Bitten Sie den Absender, erst zu signieren und dann zu verschlüsseln.",
    ),
    Finding.SMIME_TYPE_DIFFERS: Words(
        "Aufschrift stimmt nicht",
        "Außen steht etwas anderes, als in der Mail ist. Es gilt, was darin ist.",
    ),
    Finding.CERTIFICATES_ONLY: Words(
        "Nur Zertifikate",
        "In dieser Mail sind nur Zertifikate. Sie schützen den Text nicht.",
    ),
    Finding.COMPRESSED: Words(
        "Komprimiert",
        "Der Text war klein gepackt. Mit Schutz hat das nichts zu tun.",
    ),
}

PATH_FINDINGS = {
    PathFinding.REVOKED: Words(
        "Gesperrt",
        "Das Zertifikat oder das einer Stelle darüber wurde gesperrt.",
        _NEW_CERTIFICATE,
    ),
    PathFinding.EXPIRED: Words(
        "Abgelaufen",
        "Das Zertifikat oder das einer Stelle darüber gilt nicht mehr.",
        _NEW_CERTIFICATE,
    ),
    PathFinding.NOT_YET_VALID: Words(
        "Noch nicht gültig",
        "Das Zertifikat oder das einer Stelle darüber gilt erst später.",
        "Warten Sie bis dahin.",
    ),
    PathFinding.BAD_SIGNATURE: Words(
        "Zertifikat gefälscht",
        "Die Stelle, die im Zertifikat steht, hat es nicht so gemacht, wie es hier ist.",
        "Nutzen Sie es nicht, und fragen Sie beim Absender nach.",
    ),
    PathFinding.DISTRUSTED: Words(
        "Misstraut",
        "Bei Ihnen wurde festgelegt, dass man diesem Zertifikat oder der Stelle nicht traut.",
        "Fragen Sie, wer bei Ihnen die Zertifikate pflegt.",
    ),
    PathFinding.NAME_CONSTRAINT: Words(
        "Adresse nicht erlaubt",
        "Die Stelle darf für diese Adresse kein Zertifikat geben.",
        _WRONG_CERTIFICATE,
    ),
    PathFinding.NOT_A_CA: Words(
        "Keine Zertifizierungsstelle",
        "Wer dieses Zertifikat gab, darf gar keine geben.",
        "Nutzen Sie es nicht, und fragen Sie beim Absender nach.",
    ),
    PathFinding.PATH_LENGTH: Words(
        "Zu viele Stellen dazwischen",
        "Die Stelle oben erlaubt nicht so viele andere unter sich.",
        _WRONG_CERTIFICATE,
    ),
    PathFinding.CRITICAL_EXTENSION: Words(
        "Angabe nicht bekannt",
        "Im Zertifikat steht etwas, das man kennen muss, um es zu nutzen. Wir kennen es nicht.",
        _WRONG_CERTIFICATE,
    ),
    PathFinding.POLICY: Words(
        "Regel der Stelle verletzt",
        "Das Zertifikat hält eine Regel nicht ein, die eine Stelle darüber festlegt.",
        _WRONG_CERTIFICATE,
    ),
    PathFinding.WRONG_USAGE: Words(
        "Für anderes bestimmt",
        "Das Zertifikat ist nicht für das bestimmt, was hier damit geschah.",
        "Nehmen Sie eines, das für Mail gemacht ist.",
    ),
    PathFinding.LEAF_IS_CA: Words(
        "Zertifikat einer Stelle",
        "Dieses Zertifikat gehört einer Stelle, die andere gibt. Für Mail ist es nicht gedacht.",
        "Nehmen Sie eines, das für Mail gemacht ist.",
    ),
    PathFinding.WEAK_KEY: Words(
        "Schlüssel zu schwach",
        "Der Schlüssel ist zu kurz. Man kann ihn heute brechen.",
        _NEW_CERTIFICATE,
    ),
    PathFinding.WEAK_DIGEST: Words(
        "Auf alte Art gemacht",
        "Das Zertifikat wurde auf eine Art gemacht, die man heute fälschen kann.",
        _NEW_CERTIFICATE,
    ),
    PathFinding.MALFORMED_ADDRESS: Words(
        "Adresse falsch geschrieben",
        "Was im Zertifikat als Adresse steht, ist keine.",
        _WRONG_CERTIFICATE,
    ),
    PathFinding.MALFORMED: Words(
        "Zertifikat falsch gebaut",
        "Das Zertifikat ist nicht so gebaut, wie es sein muss.",
        _WRONG_CERTIFICATE,
    ),
    PathFinding.UNTRUSTED_ROOT: Words(
        "Stelle nicht vertraut",
        "Die oberste Stelle kennt man, doch bei Ihnen hat noch niemand gesagt, dass man ihr traut.",
        "Wer die Zertifikate pflegt, kann sie prüfen und ihr dann trauen.",
    ),
    PathFinding.ISSUER_UNKNOWN: Words(
        "Stelle nicht bekannt",
        "Das Zertifikat der Stelle fehlt, die dieses hier gab.",
        "Bitten Sie den Absender, alle Zertifikate mit der Signatur zu senden.",
    ),
    PathFinding.TOO_COMPLEX: Words(
        "Zu viele Wege",
        "Es gibt so viele Wege zu einer Stelle oben, dass wir nicht alle prüfen.",
        "Bitten Sie den Absender, nur die nötigen Zertifikate zu senden.",
    ),
    PathFinding.INDIRECT_LIST: Words(
        "Liste einer anderen Stelle",
        "Ob das Zertifikat gesperrt ist, steht in der Liste einer anderen Stelle. Solche Listen "
        "lesen wir nicht.",
        "Fragen Sie bei der Stelle nach, die das Zertifikat gab.",
    ),
    PathFinding.REVOCATION_UNKNOWN: Words(
        "Sperre nicht bekannt",
        "Niemand konnte sagen, ob das Zertifikat gesperrt ist.",
        "Meist klärt sich das nach einer Weile von selbst.",
    ),
    PathFinding.NO_ANCHORS: Words(
        "Noch traut man niemand",
        "Bei Ihnen ist noch keine Stelle da, der man traut. So ist kein Zertifikat gut.",
        "Wer die Zertifikate pflegt, muss mindestens eine Stelle eintragen.",
    ),
    PathFinding.OTHER: Words(
        "Nicht in Ordnung",
        "Mit diesem Zertifikat stimmt etwas nicht.",
        "Fragen Sie, wer bei Ihnen die Zertifikate pflegt.",
    ),
}

PATH_STATUSES = {
    PathStatus.VALID: Words(
        "Vertrautes Zertifikat",
        "Das Zertifikat kommt von einer Stelle, der man bei Ihnen traut.",
    ),
    PathStatus.INVALID: Words(
        "Zertifikat nicht gut",
        "Mit dem Zertifikat oder einer Stelle darüber stimmt etwas nicht.",
        "Was es ist, steht darunter.",
    ),
    PathStatus.INDETERMINATE: Words(
        "Nicht zu entscheiden",
        "Am Zertifikat ist nichts falsch, aber keine Stelle, der man traut, steht hinter ihm.",
        "Wer die Zertifikate pflegt, kann über die Stelle entscheiden.",
    ),
}

REVOCATION = {
    RevocationStatus.GOOD: Words(
        "Nicht gesperrt",
        "Die Stelle, die das Zertifikat gab, sagt, dass es nicht gesperrt ist.",
    ),
    RevocationStatus.REVOKED: Words(
        "Gesperrt",
        "Das Zertifikat wurde gesperrt. Sein Schlüssel kann in fremder Hand sein.",
        _NEW_CERTIFICATE,
    ),
    RevocationStatus.UNKNOWN: Words(
        "Nicht feststellbar",
        "Wir haben gefragt, ob das Zertifikat gesperrt ist, aber keine gute Antwort bekommen.",
        "Meist klärt sich das nach einer Weile von selbst.",
    ),
    RevocationStatus.NOT_CHECKED: Words(
        "Nicht geprüft",
        "Ob das Zertifikat gesperrt ist, wurde noch nicht gefragt.",
        "Fragen Sie die Stelle, wenn viel davon abhängt.",
    ),
}
