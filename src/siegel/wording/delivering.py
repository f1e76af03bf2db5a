"""Keys that people fetch, in words: how one stands, and why there is none."""

from collections.abc import Mapping

from siegel.policy.delivering import DeliveryFault, DeliveryState
from siegel.wording.words import Language, Words

_FAULTS: Mapping[Language, Mapping[DeliveryFault, Words]] = {
    Language.DE: {
        DeliveryFault.NO_ACCOUNT: Words("Kein Konto", "Dieses Konto gibt es hier nicht."),
        DeliveryFault.NO_PERSON: Words(
            "Keine Person",
            "Zu dem Konto gehört niemand, dem der Schlüssel zusteht, oder es sind mehrere.",
            "Nennen Sie die Person, oder setzen Sie sie erst auf das Konto.",
        ),
        DeliveryFault.NO_CERTIFICATE: Words(
            "Kein Zertifikat",
            "Das Konto hat kein gültiges Zertifikat, dessen Schlüssel hier liegt.",
            "Machen Sie zuerst eines.",
        ),
        DeliveryFault.KIND: Words(
            "Art passt nicht",
            "Alte Programme kennen diese Art von Schlüssel nicht.",
            "Nehmen Sie die Datei für heutige Programme.",
        ),
        DeliveryFault.IN_HARDWARE: Words(
            "Schlüssel im Gerät", "Der Schlüssel liegt in einem Gerät, das ihn nie herausgibt."
        ),
    },
    Language.EN: {
        DeliveryFault.NO_ACCOUNT: Words("No account", "There is no such account here."),
        DeliveryFault.NO_PERSON: Words(
            "No person",
            "Nobody belongs to the account who may have the key, or several people do.",
            "Name the person, or put the person on the account first.",
        ),
        DeliveryFault.NO_CERTIFICATE: Words(
            "No certificate",
            "The account has no valid certificate whose key is here.",
            "Make one first.",
        ),
        DeliveryFault.KIND: Words(
            "Kind does not fit",
            "Old programs do not know this kind of key.",
            "Take the file for programs of today.",
        ),
        DeliveryFault.IN_HARDWARE: Words(
            "Key in hardware", "The key lies in a device that never lets it go."
        ),
    },
}
_STATES: Mapping[Language, Mapping[DeliveryState, Words]] = {
    Language.DE: {
        DeliveryState.READY: Words("Liegt bereit", "Die Person kann die Datei einmal holen."),
        DeliveryState.FETCHED: Words("Abgeholt", "Die Datei ist bei der Person und hier weg."),
        DeliveryState.OVER: Words(
            "Zeit vorbei", "Niemand hat die Datei rechtzeitig geholt. Sie ist hier gelöscht."
        ),
        DeliveryState.WITHDRAWN: Words(
            "Zurückgenommen", "Die Datei ist hier gelöscht. Niemand kann sie mehr holen."
        ),
    },
    Language.EN: {
        DeliveryState.READY: Words("Ready", "The person can fetch the file once."),
        DeliveryState.FETCHED: Words("Fetched", "The file is with the person, and gone here."),
        DeliveryState.OVER: Words(
            "Time is over", "Nobody fetched the file in time. It is deleted here."
        ),
        DeliveryState.WITHDRAWN: Words(
            "Taken back", "The file is deleted here. Nobody can fetch it any more."
        ),
    },
}


def said_of_delivery(member: DeliveryFault | DeliveryState, language: Language) -> Words:
    if isinstance(member, DeliveryFault):
        return _FAULTS[language][member]
    return _STATES[language][member]
