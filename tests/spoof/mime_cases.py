"""MIME: the signature holds, but for another part than the one a reader looks at."""

from collections.abc import Callable, Iterator

from siegel.policy.inbound import CryptographicSummary
from tests.spoof.case import UNPROTECTED, VERIFIED, VICTIM, Case, Family
from tests.spoof.making import (
    FORGED,
    HONEST,
    attached,
    blob,
    honest,
    html,
    mail,
    mailed,
    opaque,
    parts,
    text,
)

_HIDE = b"<p>Bitte ueberweisen Sie sofort.</p><div style='display:none'>"


def mime_cases() -> Iterator[Case]:
    for name, make, *said in _NEVER:
        yield _case(name, make, said, UNPROTECTED)
    for name, make, *said in _HARMLESS:
        yield _case(name, make, said, VERIFIED)
    yield Case(
        family=Family.MIME,
        name="footer of a mailing list that says so",
        make=mailed(_list_mail, top=b"List-Id: <amt.lists.example>\r\n"),
        said=frozenset({_ERRANT, "list_footer"}),
    )
    for name, make, *said in _STRIPPED:
        yield _case(name, make, said, UNPROTECTED)


def _case(
    name: str, make: Callable[[], bytes], said: list[str], summary: CryptographicSummary
) -> Case:
    return Case(
        family=Family.MIME,
        name=name,
        make=mailed(make),
        summary=summary,
        said=frozenset(said),
        about=VICTIM.address if summary is VERIFIED else None,
    )


def _epilogue(after: bytes) -> bytes:
    return honest() + after


def _preamble(before: bytes) -> bytes:
    head, blank, rest = honest().partition(b"\r\n\r\n")
    return head + blank + before + rest


def _in_front(line: bytes) -> bytes:
    return line + honest()


def _second_shown() -> bytes:
    """Octets behind the signature, in a part that is displayed."""
    return honest().replace(b"application/pkcs7-signature; name", b"text/html; name")


def _signed_parts(*bodies: bytes) -> bytes:
    whole = parts(
        "signed", *bodies, more='; protocol="application/pkcs7-signature"; micalg=sha-256'
    )
    return whole


def _signature() -> bytes:
    """The second part of the honest mail."""
    mark = b"------=_peer_boundary_2718281828"
    return honest().split(mark)[2].strip(b"\r\n")


_ERRANT = "errant_layer"
_NEVER: list[tuple[str, Callable[[], bytes], *tuple[str, ...]]] = [
    ("text in front (mixed)", lambda: parts("mixed", FORGED, honest()), _ERRANT,
     "partial_signature"),
    ("text behind (mixed)", lambda: parts("mixed", honest(), FORGED), _ERRANT,
     "partial_signature"),
    ("footer of a mailing list", lambda: parts(
        "mixed", honest(), text(b"-- \r\nListe@example")), _ERRANT),
    ("HTML in front that hides the rest with CSS", lambda: parts(
        "mixed", html(_HIDE), honest(), html(b"</div>")), _ERRANT),
    ("HTML comment around the signed part", lambda: parts(
        "mixed", html(b"<p>Sofort!</p><!--"), honest(), html(b"-->")), _ERRANT),
    ("HTML in front that ends with <plaintext>", lambda: parts(
        "mixed", html(b"<p>Sofort!</p><plaintext style=color:white>"), honest()), _ERRANT),
    ("unsigned HTML beside the signed text (alternative)", lambda: parts(
        "alternative", honest(), html(b"<p>Sofort!</p>")), _ERRANT),
    ("signed text beside unsigned HTML (alternative)", lambda: parts(
        "alternative", html(b"<p>Sofort!</p>"), honest()), _ERRANT),
    ("HTML that includes the signed part by cid: (related)", lambda: parts(
        "related", html(b"<p>Sofort!</p><iframe src='cid:s'></iframe>"),
        b"Content-ID: <s>\r\n" + honest()), _ERRANT),
    ("signed part first, HTML the root (related, start)", lambda: parts(
        "related", honest(), b"Content-ID: <r>\r\n" + html(b"Sofort!"), more='; start="<r>"'),
     _ERRANT),
    ("signed part as an attachment", lambda: parts(
        "mixed", FORGED, b"Content-Disposition: attachment; filename=a.eml\r\n" + honest()),
     _ERRANT),
    ("signed mail as an attached message", lambda: parts(
        "mixed", FORGED, attached(honest())), _ERRANT),
    ("a message that is nothing but an attached signed one", lambda: attached(honest()), _ERRANT),
    ("signed mail in a digest", lambda: parts("digest", attached(honest())), _ERRANT),
    ("signed mail in a bounce (report)", lambda: parts(
        "report", FORGED, attached(honest()), more="; report-type=delivery-status"), _ERRANT),
    ("signed part deep inside", lambda: parts("mixed", parts(
        "alternative", FORGED, parts("related", honest(), mark=b"=_d"), mark=b"=_m")), _ERRANT),
    ("opaque signature between texts", lambda: parts("mixed", FORGED, opaque(
        blob(HONEST, VICTIM, detached=False)), FORGED), _ERRANT),
    ("three parts, the text first", lambda: _signed_parts(FORGED, HONEST, _signature()),
     "malformed"),
    ("three parts, the text last", lambda: _signed_parts(HONEST, _signature(), FORGED),
     "malformed"),
    ("three parts, the text between", lambda: _signed_parts(HONEST, FORGED, _signature()),
     "malformed"),
    ("signature in front of the text", lambda: _signed_parts(_signature(), HONEST), "malformed"),
    ("signature shown as HTML", _second_shown, "malformed"),
    ("second part signed, first part shown", lambda: _signed_parts(
        FORGED, _signature()), "digest_mismatch"),
    ("a further part behind the end", lambda: _epilogue(
        b"\r\n------=_peer_boundary_2718281828\r\n" + FORGED), "malformed"),
    ("a further part in front of the beginning", lambda: _preamble(
        b"------=_peer_boundary_2718281828x\r\n" + FORGED), "malformed"),
    ("two types", lambda: _in_front(b"Content-Type: text/html\r\n"), ),
    ("two types, the second a text", lambda: honest().replace(
        b"\r\n\r\n", b"\r\nContent-Type: text/html\r\n\r\n", 1), "malformed"),
    ("two boundaries", lambda: honest().replace(
        b"micalg", b"boundary=x; micalg", 1), "malformed"),
    ("a line of text in the header", lambda: _in_front(b"Bitte ueberweisen Sie!\r\n"),
     "malformed"),
    ("an encoded multipart", lambda: _in_front(b"Content-Transfer-Encoding: base64\r\n"),
     "malformed"),
    ("protocol of OpenPGP", lambda: honest().replace(b"pkcs7-signature", b"pgp-signature", 1),
     _ERRANT),
    ("a signature file attached to a plain mail", lambda: parts(
        "mixed", FORGED, _signature()), _ERRANT, "signature_stripped"),
    ("a fragment (message/partial)", lambda: b'Content-Type: message/partial; id="a@b"; number=1'
     b"; total=1\r\n\r\n" + mail(honest())),
    ("fetched from elsewhere (message/external-body)", lambda: parts(
        "mixed", b"Content-Type: message/external-body; access-type=URL;"
        b" URL=\"http://evil.example/\"\r\n\r\n" + honest())),
    ("signed mail in winmail.dat", lambda: b"Content-Type: application/ms-tnef;"
     b" name=winmail.dat\r\n\r\n\x78\x9f\x3e\x22" + honest()),
    ("unsigned appointment beside the signed text", lambda: parts(
        "mixed", honest(), b"Content-Type: text/calendar; method=REQUEST\r\n\r\n"
        b"BEGIN:VCALENDAR\r\nATTACH:http://evil.example/\r\nEND:VCALENDAR\r\n"), _ERRANT),
    ("plain text that is called smime.p7m", lambda: b"Content-Type: application/pkcs7-mime;"
     b" smime-type=signed-data; name=smime.p7m\r\n\r\nBitte ueberweisen Sie sofort.\r\n",
     "malformed"),
]  # fmt: skip

_GONE = "signature_stripped"
_EMPTIED = b"Content-Type: application/pkcs7-signature; name=smime.p7s\r\n\r\n"


def _list_mail() -> bytes:
    return parts("mixed", honest(), text(b"-- \r\nListe@example"))


_STRIPPED: list[tuple[str, Callable[[], bytes], *tuple[str, ...]]] = [
    ("signed mail without its signature", lambda: _signed_parts(FORGED), _GONE),
    ("signed mail with an empty signature", lambda: _signed_parts(FORGED, _EMPTIED), _GONE),
    ("signed mail with a text for its signature", lambda: _signed_parts(HONEST, FORGED), _GONE),
    ("signature as a file of another type", lambda: parts("mixed", FORGED, _signature().replace(
        b"application/pkcs7-signature", b"application/octet-stream")), _GONE),
    ("parameters of a signed mail around a text", lambda: parts(
        "mixed", FORGED, more='; protocol="application/pkcs7-signature"; micalg=sha-256'), _GONE),
    ("text that calls itself signed-data", lambda: FORGED.replace(
        b"us-ascii", b"us-ascii; smime-type=signed-data"), _GONE),
]  # fmt: skip

_HARMLESS: list[tuple[str, Callable[[], bytes], *tuple[str, ...]]] = [
    ("words in the preamble, which is no part", lambda: _preamble(b"Sofort!\r\n\r\n")),
    ("words in the epilogue, which is no part", lambda: _epilogue(b"Sofort!\r\n")),
]
