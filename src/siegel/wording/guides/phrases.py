"""Short words around the facts of a guide, the same on the page, on paper and in the mail."""

from collections.abc import Mapping

from siegel.wording.words import Language

PHRASES: Mapping[Language, Mapping[str, str]] = {
    Language.DE: {
        "our_office": "unser Haus",
        "our_address": "unsere Adresse",
        "a_file": "zertifikat.cer",
        "a_root_file": "wurzel.cer",
        "title": "Verschlüsselt schreiben: {name}",
        "title_staff": "Anleitung: {name}",
        "step": "Schritt {n} von {all}",
        "tested": "Was geprüft ist",
        "limits": "Was dieses Programm nicht kann",
        "good_to_know": "Gut zu wissen",
        "files": "Diese Dateien brauchen Sie",
        "certificate_of": "Zertifikat von {address}",
        "find": "Adresse suchen und Zertifikat laden",
        "root": "Stammzertifikat „{name}“",
        "intermediate": "Zwischenzertifikat „{name}“",
        "fingerprints": "Der Fingerabdruck (SHA-256) muss genau so lauten:",
        "no_chain": "Zu unserem Zertifikat ist hier kein Stammzertifikat hinterlegt. Vertraut ihm "
        "Ihr Programm schon, überspringen Sie diesen Schritt. Sonst fragen Sie uns danach.",
        "by_phone": "Lassen Sie sich den Fingerabdruck auch am Telefon vorlesen. Diese Anleitung "
        "allein beweist nichts.",
        "by_mail": "Die Dateien haben Sie mit dieser Anleitung per E-Mail bekommen. Speichern Sie "
        "sie im Ordner Downloads. In ihnen steht nichts Geheimes.",
        "us": "uns",
        "issuers": "Hier gibt es Zertifikate",
        "own_key": "Sie können Ihren Schlüssel auch bei uns machen. Er entsteht in Ihrem Browser "
        "und bleibt bei Ihnen.",
        "own_key_link": "Eigenen Schlüssel machen",
        "try": "Schicken Sie zuerst eine Probe an {robot}. Eine Maschine antwortet und sagt, was "
        "angekommen ist.",
        "try_link": "Was die Probe zeigt",
        "contact": "Fragen beantworten wir unter {contact}.",
        "no_contact": "Fragen Sie die Stelle, mit der Sie schreiben.",
        "or": " oder ",
        "page": "Immer aktuell auf unserer Seite:",
        "made": "Stand: {date}",
        "greeting": "Guten Tag,",
        "mail_lead": "im Anhang finden Sie mein Zertifikat, was dazugehört, und eine Anleitung "
        "für {name}. Damit können Sie mir verschlüsselt schreiben. Nichts davon ist geheim.",
        "mail_answer": "Diese E-Mail ist signiert. Antworten Sie mir bitte auch signiert, sobald "
        "Sie ein eigenes Zertifikat haben. Dann kann auch ich verschlüsselt schreiben.",
        "mail_subject": "Verschlüsselt schreiben: Anleitung für {name}",
    },
    Language.EN: {
        "our_office": "our office",
        "our_address": "our address",
        "a_file": "certificate.cer",
        "a_root_file": "root.cer",
        "title": "Write encrypted mail: {name}",
        "title_staff": "Guide: {name}",
        "step": "Step {n} of {all}",
        "tested": "What was tested",
        "limits": "What this program cannot do",
        "good_to_know": "Good to know",
        "files": "You need these files",
        "certificate_of": "Certificate of {address}",
        "find": "Search for an address and load its certificate",
        "root": "Root certificate “{name}”",
        "intermediate": "Intermediate certificate “{name}”",
        "fingerprints": "The fingerprint (SHA-256) must be exactly this:",
        "no_chain": "We have no root certificate for you here. If your program trusts our "
        "certificate already, skip this step. Otherwise ask us for it.",
        "by_phone": "Have the fingerprint read to you on the phone as well. This guide alone "
        "proves nothing.",
        "by_mail": "The files came by e-mail together with this guide. Save them in the folder "
        "Downloads. There is nothing secret in them.",
        "us": "us",
        "issuers": "Where to get certificates",
        "own_key": "You can make your key with us, too. It is made in your browser and stays with "
        "you.",
        "own_key_link": "Make a key of your own",
        "try": "Send a trial to {robot} first. A machine answers and says what has arrived.",
        "try_link": "What the trial shows",
        "contact": "We answer questions at {contact}.",
        "no_contact": "Ask those you write to.",
        "or": " or ",
        "page": "Always up to date on our page:",
        "made": "As of {date}",
        "greeting": "Hello,",
        "mail_lead": "attached you find my certificate, what belongs to it, and a guide for "
        "{name}. With them you can write encrypted mail to me. None of it is secret.",
        "mail_answer": "This message is signed. Please sign your answers, too, once you have a "
        "certificate of your own. Then I can write encrypted mail as well.",
        "mail_subject": "Write encrypted mail: a guide for {name}",
    },
}
