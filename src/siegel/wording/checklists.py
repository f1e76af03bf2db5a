"""Authorities with portals in words: whom a list is for, and what each step means.

What we know about the portals comes from what others published; how they look today was not
checked here, and each list says so and where to ask.
"""

from collections.abc import Mapping

from siegel.policy.checklists import Counterpart, Progress, StepKind
from siegel.wording.words import Language, Words

PAGES: Mapping[Counterpart, str] = {
    Counterpart.EMPLOYMENT_AGENCY: "https://www.arbeitsagentur.de/",
    Counterpart.BAMF: "https://www.bamf.de/",
    Counterpart.V_PKI: "https://www.bsi.bund.de/DE/Themen/weitereThemen/VerwaltungsPKIVPKI/"
    "Wurzelzertifizierungsstelle/Zertifikate/zertifikate_node.html",
    Counterpart.OWN: "",
}
"""Official pages, as the help and the catalogue of roots name them."""

COUNTERPARTS: Mapping[Language, Mapping[Counterpart, Words]] = {
    Language.DE: {
        Counterpart.EMPLOYMENT_AGENCY: Words(
            "Bundesagentur für Arbeit",
            "Die Agentur lädt Sie ein, Ihr Zertifikat hochzuladen. Ihre eigenen Zertifikate "
            "bekommen Sie über eine Suche oder ein Verzeichnis.",
            "Wie das Portal heute aussieht, konnten wir nicht prüfen. Fragen Sie dort nach, wenn "
            "etwas anders ist.",
        ),
        Counterpart.BAMF: Words(
            "Bundesamt für Migration und Flüchtlinge (BAMF)",
            "Dem Zertifikat des Bundesamts traut Siegel erst, wenn Sie es bestätigen. Ihr eigenes "
            "laden Sie im Portal der Behörde hoch.",
            "Die Seiten des Bundesamts konnten wir nicht prüfen. Fragen Sie dort nach, wenn etwas "
            "anders ist.",
        ),
        Counterpart.V_PKI: Words(
            "Stammzertifikat der Verwaltung (V-PKI)",
            "Unter ihm stehen viele Ämter von Bund, Ländern und Kreisen. Mit ihm erkennt Siegel "
            "ihre Zertifikate an.",
            "Das BSI tauscht das Zertifikat alle paar Jahre. Sehen Sie dann wieder nach.",
        ),
        Counterpart.OWN: Words(
            "Eigene Liste",
            "Für ein anderes Portal: Die Schritte schreiben Sie selbst.",
        ),
    },
    Language.EN: {
        Counterpart.EMPLOYMENT_AGENCY: Words(
            "Federal Employment Agency (Bundesagentur für Arbeit)",
            "The agency invites you to upload your certificate. Its own certificates come from a "
            "search page or a directory.",
            "We could not check how the portal looks today. Ask there when something is different.",
        ),
        Counterpart.BAMF: Words(
            "Federal Office for Migration and Refugees (BAMF)",
            "Siegel trusts the certificate of the office only after you confirm it. Yours is "
            "uploaded in the portal of the authority.",
            "We could not check the pages of the office. Ask there when something is different.",
        ),
        Counterpart.V_PKI: Words(
            "Root certificate of the administration (V-PKI)",
            "Many offices of the federation, the states and the districts stand under it. With it "
            "Siegel accepts their certificates.",
            "The BSI replaces the certificate every few years. Look again then.",
        ),
        Counterpart.OWN: Words(
            "A list of your own",
            "For another portal: you write the steps yourself.",
        ),
    },
}

STEPS: Mapping[Language, Mapping[StepKind, Words]] = {
    Language.DE: {
        StepKind.ASK_CONTACT: Words(
            "Ansprechpartner fragen",
            "Fragen Sie die Person, mit der Sie dort schreiben, nach verschlüsselter E-Mail. "
            "Schreiben Sie ihren Namen in die Notiz.",
        ),
        StepKind.INVITATION: Words(
            "Einladung abwarten",
            "Die Agentur schickt eine E-Mail mit einem Link. Der Link führt zu einem Formular. "
            "Prüfen Sie, ob die E-Mail wirklich von dort kommt.",
        ),
        StepKind.UPLOAD: Words(
            "Zertifikat hochladen",
            "Laden Sie hier die Datei ohne privaten Schlüssel, und dort im Formular hoch. Die "
            "Adresse im Zertifikat muss genau die sein, mit der Sie schreiben.",
        ),
        StepKind.LDAP_ACCESS: Words(
            "Zugang zum Verzeichnis beantragen",
            "Nur nötig, wenn Sie oft mit vielen Stellen der Agentur schreiben. Beantragen Sie den "
            "Zugang per E-Mail. Die Zugangsdaten kommen verschlüsselt.",
        ),
        StepKind.IMPORT_ROOT: Words(
            "Stammzertifikat einspielen und vertrauen",
            "Laden Sie das Stammzertifikat von der Seite der Behörde. Vertrauen Sie ihm erst, wenn "
            "Sie den Fingerabdruck verglichen haben, am besten am Telefon.",
        ),
        StepKind.COMPARE_ROOT: Words(
            "Mit der Seite des BSI vergleichen",
            "Öffnen Sie die Seite des BSI, und vergleichen Sie den Fingerabdruck dort mit dem in "
            "Siegel. Wiederholen Sie das einmal im Jahr.",
        ),
        StepKind.PORTAL_LOGIN: Words(
            "Am Portal anmelden",
            "Melden Sie sich mit dem Zugang Ihres Hauses an. Haben Sie keinen, fragen Sie das "
            "Bundesamt danach.",
        ),
        StepKind.PORTAL_UPLOAD: Words(
            "Zertifikat im Portal hochladen",
            "Laden Sie hier die Datei ohne privaten Schlüssel, und laden Sie sie dort hoch.",
        ),
        StepKind.TEST_MAIL: Words(
            "Probe schicken",
            "Schicken Sie eine signierte E-Mail ohne vertraulichen Inhalt, und bitten Sie um eine "
            "verschlüsselte Antwort.",
        ),
        StepKind.OWN: Words("Eigener Schritt", "Diesen Schritt hat jemand bei Ihnen geschrieben."),
    },
    Language.EN: {
        StepKind.ASK_CONTACT: Words(
            "Ask your contact",
            "Ask the person you write to there about encrypted mail. Write the name into the note.",
        ),
        StepKind.INVITATION: Words(
            "Wait for the invitation",
            "The agency sends a message with a link. The link leads to a form. Check that the "
            "message really comes from there.",
        ),
        StepKind.UPLOAD: Words(
            "Upload the certificate",
            "Load the file without private key here, and upload it in the form there. The address "
            "in the certificate must be exactly the one that you write from.",
        ),
        StepKind.LDAP_ACCESS: Words(
            "Apply for access to the directory",
            "Only needed if you often write to many offices of the agency. Apply by e-mail. The "
            "credentials come encrypted.",
        ),
        StepKind.IMPORT_ROOT: Words(
            "Import the root certificate and trust it",
            "Load the root certificate from the page of the authority. Trust it only after you "
            "have compared the fingerprint, best on the phone.",
        ),
        StepKind.COMPARE_ROOT: Words(
            "Compare with the page of the BSI",
            "Open the page of the BSI and compare the fingerprint there with the one in Siegel. "
            "Do it again once a year.",
        ),
        StepKind.PORTAL_LOGIN: Words(
            "Sign in to the portal",
            "Sign in with the access of your organisation. If you have none, ask them for it.",
        ),
        StepKind.PORTAL_UPLOAD: Words(
            "Upload the certificate in the portal",
            "Load the file without private key here, and upload it there.",
        ),
        StepKind.TEST_MAIL: Words(
            "Send a trial",
            "Send a signed message without confidential content, and ask for an encrypted answer.",
        ),
        StepKind.OWN: Words("A step of your own", "Somebody in your office wrote this step."),
    },
}

PROGRESS: Mapping[Language, Mapping[Progress, Words]] = {
    Language.DE: {
        Progress.OPEN: Words("Offen", "Noch nicht getan."),
        Progress.AGAIN: Words(
            "Wieder fällig",
            "Getan mit einem Zertifikat, das nicht mehr gilt oder ersetzt ist. Tun Sie es mit dem "
            "neuen noch einmal.",
        ),
        Progress.SOON: Words(
            "Bald wieder fällig",
            "Das Zertifikat läuft bald ab. Danach ist der Schritt noch einmal zu tun.",
        ),
        Progress.DONE: Words("Erledigt", "Getan, und es gilt noch."),
    },
    Language.EN: {
        Progress.OPEN: Words("Open", "Not done yet."),
        Progress.AGAIN: Words(
            "Due again",
            "Done with a certificate that counts no more or was replaced. Do it again with the "
            "new one.",
        ),
        Progress.SOON: Words(
            "Due again soon",
            "The certificate ends soon. After that the step has to be done again.",
        ),
        Progress.DONE: Words("Done", "Done, and it still counts."),
    },
}
