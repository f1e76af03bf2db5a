"""Which addresses may be asked: a table of what strangers write into certificates."""

import pytest

from siegel.transport import web_address
from siegel.transport.web_address import NotAllowed, OtherScheme, is_public

PUBLIC = ("8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808")
NOT_PUBLIC = {
    "loopback": ("127.0.0.1", "127.8.9.1", "::1"),
    "private": ("10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "fc00::1", "fd00::1"),
    "link-local": ("169.254.1.1", "169.254.169.254", "fe80::1", "fe80::1%eth0", "fec0::1"),
    "carrier": ("100.64.0.1", "100.127.255.255"),
    "nobody": ("0.0.0.0", "::", "255.255.255.255"),  # noqa: S104 - no listener
    "multicast": ("224.0.0.1", "239.1.1.1", "ff02::1"),
    "reserved": ("240.0.0.1", "192.0.2.1", "198.18.0.1", "2001:db8::1"),
    "mapped": ("::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:a9fe:a9fe"),
    "translated": ("64:ff9b::7f00:1", "64:ff9b::a00:1", "64:ff9b:1::a00:1"),
    "6to4 and Teredo": ("2002:7f00:1::", "2002:a00:1::", "2001:0:808:808::80ff:fffe"),
    "compatible": ("::127.0.0.1", "::10.0.0.1"),
    "no address": ("", "localhost", "0x7f.1", "2130706433", "127.1"),
}


@pytest.mark.parametrize("address", PUBLIC, ids=[f"ok/{one}" for one in PUBLIC])
def test_addresses_of_the_internet_are_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        pytest.param(one, id=f"fail/{kind}/{one}")
        for kind, addresses in NOT_PUBLIC.items()
        for one in addresses
    ],
)
def test_all_others_are_not(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    ("url", "read"),
    [
        pytest.param("http://crl.example/a.crl", "http://crl.example/a.crl", id="ok/plain"),
        pytest.param("HTTP://CRL.Example", "http://crl.example/", id="ok/capitals"),
        pytest.param("http://crl.example:80/a", "http://crl.example/a", id="ok/usual-port"),
        pytest.param("https://crl.example:80/a", "https://crl.example:80/a", id="ok/port"),
        pytest.param("http://crl.example/a?b=c#d", "http://crl.example/a?b=c", id="ok/query"),
        pytest.param("http://[2001:db8::1]:81/", "http://[2001:db8::1]:81/", id="ok/ipv6"),
        pytest.param("http://crl.example./a", "http://crl.example/a", id="ok/final-dot"),
    ],
)
def test_an_address_is_read(url: str, read: str) -> None:
    assert str(web_address.read(url)) == read


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("http://user@crl.example/", id="fail/user"),
        pytest.param("http://user:word@crl.example/", id="fail/password"),
        pytest.param("http:///a.crl", id="fail/no-host"),
        pytest.param("http://crl.example:0/", id="fail/port-0"),
        pytest.param("http://crl.example:99999/", id="fail/port-99999"),
        pytest.param("http://crl.example:x/", id="fail/port-x"),
        pytest.param("http://crl.example/a b", id="fail/space"),
        pytest.param("http://crl.example/\r\nHost: other", id="fail/line-end"),
        pytest.param("http://crl.exämple/", id="fail/umlaut"),
        pytest.param("http://crl%00.example/", id="fail/percent-host"),
        pytest.param("http://[::1/", id="fail/bracket"),
        pytest.param("http://crl.example/" + "a" * 2000, id="fail/long"),
        pytest.param("//crl.example/a", id="fail/no-scheme"),
        pytest.param("", id="fail/empty"),
    ],
)
def test_what_is_no_plain_address_is_refused(url: str) -> None:
    with pytest.raises(NotAllowed):
        web_address.read(url)


@pytest.mark.parametrize("scheme", ["ldap", "ldaps", "file", "ftp", "gopher", "data"])
def test_other_schemes_are_not_asked(scheme: str) -> None:
    with pytest.raises(OtherScheme):
        web_address.read(f"{scheme}://crl.example/a")
