"""Secrets come from files of their own, never from the configuration file or the environment."""

import stat
from pathlib import Path

from siegel.base.errors import ConfigurationError
from siegel.base.secret import Secret

MAX_SECRET = 4096  # octets; a password, not a key file that was named by mistake


def read_secret(path: Path) -> Secret:
    """The file's content without the line end. Readable by everybody = refused."""
    try:
        with path.open("rb") as file:
            mode = stat.S_IMODE(path.stat().st_mode)
            content = file.read(MAX_SECRET + 1)
    except OSError as error:
        raise ConfigurationError(
            f"cannot read the secret file {path}: {error.strerror}", path=str(path)
        ) from error
    if mode & 0o007:
        raise ConfigurationError(
            f"the secret file {path} is open to everybody; chmod o= {path}", path=str(path)
        )
    secret = content.rstrip(b"\r\n")
    if not secret or len(content) > MAX_SECRET:
        raise ConfigurationError(f"the secret file {path} is empty or too long", path=str(path))
    return Secret(secret)
