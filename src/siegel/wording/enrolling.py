"""Why a line of a list of people brings no certificate, in words."""

from collections.abc import Mapping

from siegel.policy.enrolling import LineFault
from siegel.wording.words import Language, Words

_SAID: Mapping[Language, Mapping[LineFault, Words]] = {
    Language.DE: {
        LineFault.BAD_ADDRESS: Words(
            "Keine E-Mail-Adresse", "Was in der Spalte Adresse steht, ist keine Adresse."
        ),
        LineFault.TWICE: Words("Doppelt", "Diese Adresse steht schon weiter oben in der Liste."),
        LineFault.CELLS: Words(
            "Zellen passen nicht", "Die Zeile hat mehr oder weniger Zellen als die erste Zeile."
        ),
        LineFault.HALF_NAME: Words(
            "Name nicht ganz", "Eine Person hat einen Vornamen und einen Nachnamen."
        ),
        LineFault.SHARED_UNCLEAR: Words(
            "Unklar", "In der Spalte Funktionspostfach steht ja oder nein, sonst nichts."
        ),
        LineFault.SHARED_NAMED: Words(
            "Postfach mit Person", "Ein Funktionspostfach nennt keine einzelne Person."
        ),
        LineFault.FOREIGN_DOMAIN: Words(
            "Fremde Adresse", "Für diese Adresse macht unsere Stelle kein Zertifikat."
        ),
        LineFault.NO_ACCOUNT: Words(
            "Kein Konto", "Zu dieser Adresse gibt es hier noch kein E-Mail-Konto."
        ),
        LineFault.OTHER: Words("Nicht möglich", "Es ging nicht. Was genau war, steht daneben."),
    },
    Language.EN: {
        LineFault.BAD_ADDRESS: Words(
            "No e-mail address", "What stands in the column address is no address."
        ),
        LineFault.TWICE: Words("Twice", "This address stands further up in the list already."),
        LineFault.CELLS: Words(
            "Cells do not fit", "The line has more or fewer cells than the first line."
        ),
        LineFault.HALF_NAME: Words("Half a name", "A person has a given name and a surname."),
        LineFault.SHARED_UNCLEAR: Words(
            "Unclear", "The column shared says yes or no, and nothing else."
        ),
        LineFault.SHARED_NAMED: Words(
            "Mailbox with a person", "A shared mailbox names no single person."
        ),
        LineFault.FOREIGN_DOMAIN: Words(
            "Foreign address", "Our authority may make no certificate for this address."
        ),
        LineFault.NO_ACCOUNT: Words(
            "No account", "There is no mail account here for this address yet."
        ),
        LineFault.OTHER: Words("Not possible", "It did not work. What it was stands beside it."),
    },
}


def said_of_line(fault: LineFault, language: Language) -> Words:
    return _SAID[language][fault]
