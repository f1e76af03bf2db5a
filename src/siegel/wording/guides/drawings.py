"""The drawings of the guides: small templates of our own, their words in the language of the guide.

No picture of anybody's program: a window, a list, a button, and a ring around what matters. The
parts have the class names of the stylesheet, so that a page gives them its colours, light or dark;
for print ``INK`` gives the same names colours of their own. Every drawing has a sentence for those
who do not see it.
"""

from collections.abc import Callable, Mapping
from xml.sax.saxutils import escape

from siegel.wording.guides.drawn_phone import PHONE
from siegel.wording.guides.drawn_things import THINGS
from siegel.wording.guides.drawn_windows import WINDOWS
from siegel.wording.guides.model import Drawing
from siegel.wording.words import Language

TEMPLATES: Mapping[str, Callable[..., str]] = {**WINDOWS, **PHONE, **THINGS}

_SAID: Mapping[Language, Mapping[str, str]] = {
    Language.DE: {
        "files": "Die Datei {0} kommt in den Ordner {1}.",
        "settings": "Einstellungen: der Bereich {0}, darin der Knopf {1}.",
        "tabs": "Ein Fenster mit Reitern: {1} ist gewählt, darunter der Knopf {2}.",
        "listed": "Der Reiter {0}; in der Liste steht {1}.",
        "compose": "Eine neue Nachricht an {1}; der Knopf {0} ist gedrückt.",
        "ribbon": "Eine neue Nachricht: oben {0}, darin {1}, darunter {2}.",
        "store": "Ein Fenster mit einer Liste; gewählt ist {0}, darunter der Knopf {1}.",
        "card": "Ein Kontakt {0} mit seinem Zertifikat und dem Knopf {1}.",
        "signed": "Eine signierte Nachricht von {0}; im Menü des Absenders steht {1}.",
        "switches": "Auf dem Telefon: {0}, darunter der eingeschaltete Schalter {1}.",
        "phone-lock": "Auf dem Telefon: eine neue Nachricht an {0} mit geschlossenem Schloss.",
        "phone-list": "Auf dem Telefon: {0}, darunter der Eintrag {1}.",
        "compare": "Zweimal derselbe Fingerabdruck: links {0}, rechts {1}.",
        "warning": "Ein Fenster mit einer Warnung: {0}. Der Knopf {1} hilft weiter.",
        "terminal": "Ein Fenster, in das man Befehle schreibt: {0}.",
        "key": "Ein Schlüssel kommt in das Mailprogramm: {0}, dann {1}.",
        "renewal": "Das alte Zertifikat endet, das neue gilt schon: {0}, {1}.",
        "envelope": "Ein verschlossener Umschlag geht von {0} an {1}.",
    },
    Language.EN: {
        "files": "The file {0} goes into the folder {1}.",
        "settings": "Settings: the section {0}, in it the button {1}.",
        "tabs": "A window with tabs: {1} is chosen, below it the button {2}.",
        "listed": "The tab {0}; the list shows {1}.",
        "compose": "A new message to {1}; the button {0} is pressed.",
        "ribbon": "A new message: {0} at the top, in it {1}, below it {2}.",
        "store": "A window with a list; {0} is chosen, below it the button {1}.",
        "card": "A contact {0} with its certificate and the button {1}.",
        "signed": "A signed message from {0}; the menu of its sender shows {1}.",
        "switches": "On the phone: {0}, below it the switch {1}, which is on.",
        "phone-lock": "On the phone: a new message to {0} with a closed lock.",
        "phone-list": "On the phone: {0}, below it the entry {1}.",
        "compare": "The same fingerprint twice: {0} on the left, {1} on the right.",
        "warning": "A window with a warning: {0}. The button {1} helps.",
        "terminal": "A window for commands: {0}.",
        "key": "A key goes into the mail program: {0}, then {1}.",
        "renewal": "The old certificate ends, the new one counts already: {0}, {1}.",
        "envelope": "A closed envelope goes from {0} to {1}.",
    },
}

INK = (
    ".p-sheet{fill:#fff}.p-paper{fill:#f6f4ee}.p-tint{fill:#e3ebf5}.p-blue{fill:#1d4f91}"
    ".p-rail{fill:#1c2b45}.p-good{fill:#e4f1e8;stroke:#1f6b3f;stroke-width:2}"
    ".p-warn{fill:#fbeed5;stroke:#8a5a00;stroke-width:2}"
    ".p-line{fill:none;stroke:#6b7480;stroke-width:1.5}.p-soft{fill:none;stroke:#d3d7dd;"
    "stroke-width:6;stroke-linecap:round}.p-go{fill:none;stroke:#1d4f91;stroke-width:2.5;"
    "stroke-linecap:round;stroke-linejoin:round}.p-onblue{fill:none;stroke:#fff;stroke-width:2}"
    ".p-check{fill:none;stroke:#1f6b3f;stroke-width:3;stroke-linecap:round}.p-dot{fill:#8b95a5}"
    ".p-ring{fill:none;stroke:#1d4f91;stroke-width:3}.p-num{fill:#1d4f91}"
    'text{font-family:"Libertinus Serif";font-size:14px;fill:#18212e}'
    ".p-text{font-weight:600}.p-text-2{font-size:13px;fill:#4a5563}"
    ".p-text-on{font-weight:600;fill:#fff}"
)
"""Colours of the same parts on paper."""


def said(drawing: Drawing, language: Language) -> str:
    """What the drawing shows, in a sentence."""
    return _SAID[language][drawing.template].format(*drawing.labels)


def drawn(drawing: Drawing, language: Language, *, number: int) -> str:
    """The drawing for a page; ``number``: which one of the page, for its title's id."""
    title = escape(said(drawing, language))
    return (
        f'<svg class="pic" viewBox="0 0 360 220" role="img" aria-labelledby="pic-{number}">'
        f'<title id="pic-{number}">{title}</title>{_inside(drawing)}</svg>'
    )


def printed(drawing: Drawing) -> str:
    """The drawing for paper, a file of its own."""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 360 220">'
        f"<style>{INK}</style>{_inside(drawing)}</svg>"
    )


def _inside(drawing: Drawing) -> str:
    labels = (escape(label, {'"': "&quot;"}) for label in drawing.labels)
    return TEMPLATES[drawing.template](*labels)
