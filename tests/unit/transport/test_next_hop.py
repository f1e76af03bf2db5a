"""The next hop as the configuration writes it."""

from pathlib import Path

import pytest

from siegel.base.address import EmailAddress
from siegel.base.errors import ConfigurationError
from siegel.transport.maildir import MaildirNextHop
from siegel.transport.next_hop import next_hop
from siegel.transport.submission import SmtpNextHop


@pytest.mark.parametrize(
    "location",
    [
        "smtp://127.0.0.1:10026",
        "smtp://mx.example.org",
        "smtp://[::1]:25/",
        "smtp://mx.example.org?starttls=required",
    ],
)
def test_a_mail_server(location: str) -> None:
    assert isinstance(next_hop(location, local_hostname="gw.example.org"), SmtpNextHop)


def test_a_folder_of_maildirs() -> None:
    hop = next_hop("maildir:/var/mail/siegel", local_hostname="gw.example.org")
    assert isinstance(hop, MaildirNextHop)
    bob = EmailAddress.parse("bob@example.com")
    assert hop.mailbox(bob) == Path("/var/mail/siegel/bob@example.com")


@pytest.mark.parametrize(
    "location",
    [
        "",
        "127.0.0.1:25",
        "lmtp://localhost",
        "smtp://",
        "smtp://host:port",
        "smtp://host:99999",
        "smtp://host/path",
        "smtp://user@host",
        "smtp://host?starttls=maybe",
        "smtp://host?tls=1",
        "maildir:relative",
        "maildir://host/path",
    ],
)
def test_anything_else_is_an_error_of_configuration(location: str) -> None:
    with pytest.raises(ConfigurationError):
        next_hop(location, local_hostname="gw.example.org")
