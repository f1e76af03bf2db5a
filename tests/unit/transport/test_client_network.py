"""Strangers are counted by what they cannot change at will."""

import pytest

from siegel.transport.client_network import client_network


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2::1", "2001:db8:1:2::"),
        ("2001:db8:1:2:ffff:ffff:ffff:ffff", "2001:db8:1:2::"),
        ("2001:db8:1:3::1", "2001:db8:1:3::"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.2", "192.0.2.2"),
        ("fe80::1%eth0", "fe80::"),
        ("unix", ""),
        ("", ""),
    ],
)
def test_a_house_counts_once_whatever_address_it_takes(address: str, counted: str) -> None:
    assert client_network(address) == counted
