"""KDE mimetreeparser: which parts a person sees. The table asks for structure and texts."""

from collections.abc import Callable

from tests.corpora.foreign_mail import Judged, day, judge, keyring
from tests.corpora.rows import Outcome, Row
from tests.peers import mime

Check = Callable[[Judged], bool]


def judged(row: Row) -> Judged:
    own = row.folder / "keys" / "unittest-cert.pem"
    raw = row.raw
    if row.file.endswith(".p7m"):
        raw = mime.mail(mime.pkcs7_mime(raw, "enveloped-data"))  # the file is the bare object
    return judge(
        raw,
        at=day(row.date),
        anchors=[own],
        known=[row.folder / "keys" / "all-certs.pem"],
        keyring=keyring(row.folder / "keys" / "unittest-cert.key.pem", own),
    )


def _opens(text: bytes) -> Check:
    return lambda found: found.is_decrypted and text in found.payload


def _opens_signed(text: bytes, *, detached: bool = False) -> Check:
    def check(found: Judged) -> bool:
        layers = found.opened.signed_layers
        fits = [layer.detached for layer in layers] == [detached] and found.holds
        return fits and found.is_decrypted and text in found.payload

    return check


def _is_opaque(found: Judged) -> bool:
    layers = [layer.detached for layer in found.opened.signed_layers]
    return layers == [False] and found.holds and b"A simple signed only test." in found.payload


def _is_detached(found: Judged) -> bool:
    return [layer.detached for layer in found.opened.signed_layers] == [True]


def _has_charset(found: Judged) -> bool:
    charset = found.opened.payload.content_type.params.get("charset", "")
    return _is_detached(found) and charset.lower() == "iso-8859-1"


def _has_no_signature(found: Judged) -> bool:
    return found.signers == () and not found.counts


def _shows_both_parts(found: Judged) -> bool:
    return b"Encrypted and signed mail." in found.payload


def _shows_only_the_first(found: Judged) -> bool:
    return b"Encrypted and signed mail." not in found.payload


def _is_closed_envelope(found: Judged) -> bool:
    (layer,) = found.opened.encrypted_layers
    root = found.opened.message.root
    named = (root.media, root.content_type.params["smime-type"], root.filename)
    return not layer.opened and named == (
        "application/pkcs7-mime",
        "enveloped-data",
        "smime.p7m",
    )


_FOX = b"The quick brown fox jumped over the lazy dog."
CHECKS: dict[str, Check] = {
    "smime-cert.mbox": _has_no_signature,
    "smime-encrypted-ambiguous-mime.mbox": _shows_both_parts,
    "smime-encrypted-not-so-ambiguous-mime.mbox": _shows_only_the_first,
    "smime-encrypted-octet-stream.mbox": _opens(_FOX),
    "smime-encrypted.mbox": _opens(_FOX),
    "smime-opaque-enc+sign.mbox": _opens_signed(b"Encrypted and signed mail."),
    "smime-opaque-sign.mbox": _is_opaque,
    "smime-opaque-signed-encrypted-attachment.mbox": _opens_signed(
        b"This is an Opaque S/MIME encrypted and signed message with attachment"
    ),
    "smime-signed-apple.mbox": _is_detached,
    "smime-signed-charset.mbox": _has_charset,
    "smime-signed-encrypted.mbox": _opens_signed(b"", detached=True),
    "smime.p7m": _is_closed_envelope,
}


def decrypt_and_verify(row: Row) -> Outcome:
    found = judged(row)
    return found.outcome(CHECKS[row.path.name](found))


DRIVERS = {"decrypt+verify": decrypt_and_verify}
