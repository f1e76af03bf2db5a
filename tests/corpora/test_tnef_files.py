"""Outlook's wrappings of the collection of MimeKit: which files come out, by our own table.

The collection lists the text of the mail (``body.rtf``) among them; we show files alone.
"""

import pytest

from siegel.flows.mail_tnef import unwrapped
from tests.corpora.rows import place

# in the order of the wrapping; two objects of "christmas" are no octets to save
EXPECTED: dict[str, tuple[str, ...]] = {
    "MAPI_ATTACH_DATA_OBJ": ("VIA_Nytt_1402.doc", "VIA_Nytt_1402.pdf", "VIA_Nytt_14021.htm"),
    "MAPI_OBJECT": ("Untitled_Attachment",),
    "attachments": ("zappa_av1.jpg", "bookmark.htm"),
    "body": (),
    "christmas": (
        "kitten-playing-with-a-christmas-tree.jpg",
        "Untitled Attachment",
        "Untitled Attachment",
    ),
    "data-before-name": ("AUTOEXEC.BAT", "CONFIG.SYS", "boot.ini"),
    "garbage-at-end": (),
    "long-filename": ("allproductsmar2000.dat",),
    "missing-filenames": (
        "generpts.src",
        "TechlibDEC99.doc",
        "TechlibDEC99-JAN00.doc",
        "TechlibNOV99.doc",
    ),
    "multi-name-property": (),
    "multi-value-attribute": ("208225__5_seconds__Voice_Mail.mp3",),
    "one-file": ("AUTHORS",),
    "panic": ("image001.jpg", "image002.jpg", "image003.png"),
    "rtf": (),
    "triples": (),
    "two-files": ("AUTHORS", "README"),
    "unicode-mapi-attr-name": ("spaconsole2.cfg", "image001.png", "image002.png", "image003.png"),
    "unicode-mapi-attr": ("example.dat",),
    "winmail": ("Untitled Attachment", "Untitled Attachment"),
}


@pytest.mark.usefixtures("corpora")
def test_the_files_come_out_by_their_names() -> None:
    root = place()
    assert root is not None
    files = {path.stem: path for path in (root / "mimekit" / "tnef").glob("*.tnef")}

    found = {
        stem: tuple(each.name for each in unwrapped(path.read_bytes()))
        for stem, path in files.items()
    }

    assert found == EXPECTED
