"""How much one request may bring: files of certificates are small, files of mail are not."""

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import MemoryFileUploadHandler

MIB = 1024 * 1024
WRITING = "/write/"  # pages of ``web.compose``; asked before any view is


class Uploads(MemoryFileUploadHandler):
    """Files lie in memory; what is larger than its page allows is not taken at all."""

    def handle_raw_input(
        self,
        input_data: Any,
        META: dict[str, str],  # noqa: N803 - Django's name
        content_length: int,
        boundary: str,
        encoding: str | None = None,
    ) -> None:
        self.activated = content_length <= limit_of(META.get("PATH_INFO", ""))


def limit_of(path: str) -> int:
    """Octets of one request."""
    if path.startswith(WRITING):
        return int(settings.SIEGEL.gateway.max_message_mib * MIB)
    return int(settings.FILE_UPLOAD_MAX_MEMORY_SIZE)
