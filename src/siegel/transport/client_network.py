"""Who counts as one where strangers are counted.

Of IPv6 the network of a house, because everybody in it has more addresses than could be counted; an
IPv4 address that a socket for both wrote as IPv6 (RFC 4291 §2.5.5.2) is the IPv4 address.
"""

import ipaddress


def client_network(address: str) -> str:
    """ "" for what is no IP address."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if found.version == 4:
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(ipaddress.ip_network((int(found), 64), strict=False).network_address)
