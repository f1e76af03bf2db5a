"""Floor 1: what every floor needs (addresses, errors, findings, key protocols, ASN.1 octets).

Imports nothing of Siegel. Begin with ``address.EmailAddress``, ``errors.SiegelError`` and
``findings.Finding``.
"""
