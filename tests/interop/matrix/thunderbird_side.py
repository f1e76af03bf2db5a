"""Thunderbird: what its window shows of a message, and what it sends."""

from tests.interop.matrix.formats import Encrypt, Format, Sign
from tests.interop.matrix.side import Keys, Letter, NoWay, Shelf, Side, people, text_of
from tests.peers.programs import PeerError
from tests.peers.thunderbird import Shown, Thunderbird
from tests.world import WORLD

_GOOD = "SUCCESS"


class ThunderbirdSide(Side):
    name = "thunderbird"

    def __init__(self, thunderbird: Thunderbird, siegel: Side) -> None:
        self._thunderbird = thunderbird
        self._siegel = siegel
        thunderbird.trust(*WORLD.trusted_roots)
        self._keys = Keys(thunderbird)
        self._certificates = Shelf(thunderbird.import_certificate)

    @property
    def version(self) -> str:
        return self._thunderbird.version

    def write(self, format: Format) -> Letter:
        sign, encrypt = _wishes(format)
        text = text_of(format)
        self._keys.need([format.sender])
        if encrypt and encrypt.cipher == "aes256-cbc":
            self._introduce(format.sender, *format.readers)
        self._certificates.need(format.readers)
        recipients = people(encrypt.recipients if encrypt else ("bob",))
        message = self._thunderbird.send(
            WORLD.person(format.sender),
            recipients,
            text.replace("\r\n", "\n"),
            sign=sign is not None,
            encrypt=encrypt is not None,
        )
        return Letter(format, text, message)

    def _introduce(self, *names: str) -> None:
        """Let it read what Siegel signs for them: it believes the ciphers announced there, and
        takes AES-128-CBC for people of whom it knows nothing."""
        for name in names:
            greeting = Format(f"greeting-{name}", "", (Sign(signers=(name,)),))
            assert self.read(self._siegel.write(greeting)) == ""

    def read(self, letter: Letter) -> str:
        self._keys.need(letter.format.readers[:1])
        shown = self._thunderbird.show(letter.message)
        signed = any(isinstance(step, Sign) for step in letter.format.steps)
        encrypted = any(isinstance(step, Encrypt) for step in letter.format.steps)
        if (signed and shown.signature != _GOOD) or (encrypted and shown.encryption != _GOOD):
            raise PeerError(("thunderbird",), 0, _said(shown))
        if not signed and not encrypted:
            raise NoWay("shows no verdict")
        assert letter.said_in(shown.text), "another text"
        return ""


def _wishes(format: Format) -> tuple[Sign | None, Encrypt | None]:
    """The one signature and the one encryption that its window can ask for."""
    sign = next((step for step in format.steps if isinstance(step, Sign)), None)
    encrypt = next((step for step in format.steps if isinstance(step, Encrypt)), None)
    if format.steps != tuple(step for step in (_usual(sign), _usual(encrypt)) if step):
        raise NoWay("its window has no option for it")
    return sign, encrypt


def _usual(step: Sign | Encrypt | None) -> Sign | Encrypt | None:
    """What it makes of a step: the keys and what it has heard decide, and all is BER."""
    match step:
        case Sign():
            digest = "sha256" if step.digest == "sha1" else step.digest
            return Sign(signers=step.signers[:1], digest=digest)
        case Encrypt():
            cipher = step.cipher if step.cipher in ("aes128-cbc", "aes256-cbc") else None
            recipients = step.recipients
            return Encrypt(recipients=recipients, cipher=cipher, streamed=step.streamed)
        case None:
            return None


def _said(shown: Shown) -> str:
    if shown.signature is shown.encryption is None:
        return f"shows no verdict; attachments: {', '.join(shown.attachments)}"
    return f"signature: {shown.signature}; encryption: {shown.encryption}"
