"""Files dropped into a page, as from the desktop: a real DataTransfer with real octets."""

from collections.abc import Mapping

from playwright.sync_api import Page

_TRANSFER = """(files) => {
  const transfer = new DataTransfer();
  for (const [name, octets] of Object.entries(files))
    transfer.items.add(new File([Uint8Array.from(octets)], name));
  return transfer;
}"""


def drop_files(page: Page, place: str, files: Mapping[str, bytes]) -> None:
    """Dragged over ``place`` (a selector) and let go there."""
    octets = {name: list(data) for name, data in files.items()}
    transfer = page.evaluate_handle(_TRANSFER, octets)
    for event in ("dragenter", "dragover", "drop"):
        page.dispatch_event(place, event, {"dataTransfer": transfer})
