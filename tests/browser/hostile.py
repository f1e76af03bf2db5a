"""What strangers write where a name is expected, and mail and certificates that carry it.

Every text holds ``CANARY`` as a tag, an attribute or an address that would run: a page that shows
it as anything but text is found by looking for the canary among tags and attributes, and a browser
that runs it sets ``window.__xss``.
"""

from typing import Final

from siegel.pki.certificate import Certificate
from tests.flows.authority import Ca
from tests.flows.office import ALICE, mail

CANARY: Final = "xss7f3"

HOSTILE: Final = (
    f"<script>window.__xss=1</script><{CANARY}>",
    f'"><img src=x onerror=window.__xss=1 {CANARY}=1>',
    f"'><svg/onload=window.__xss=1 {CANARY}=1>",
    f"javascript:window.__xss=1//{CANARY}",
    f"</title></textarea></script><{CANARY}>",
    f"{{{{7*7}}}}{{% debug %}}<{CANARY}>",
    f"<a href=javascript:window.__xss=1 {CANARY}=1>Klick</a>",
    f"../../{CANARY}\u202egnp.exe",
)
"""At most 64 characters each: more do not fit into the name of a certificate."""


def hostile_authority(text: str) -> Ca:
    return Ca(name=text, organisation=text)


def hostile_leaf(authority: Ca, number: int) -> Certificate:
    """The hostile text is in subject and issuer."""
    return authority.leaf(f"eva{number}@evil.example")


def hostile_mail(text: str, number: int) -> bytes:
    """``text`` is the display name, the subject, the Message-ID and a file name."""
    sender = f"eva{number}@evil.example"
    extra = (
        f"Reply-To: {text} <{sender}>\r\nX-Siegel-Protect: encrypt\r\n"
        f'Content-Type: text/plain; charset=utf-8; name="{text}"\r\n'
    )
    return mail(sender, ALICE.address, subject=text, text=text, extra=extra)
