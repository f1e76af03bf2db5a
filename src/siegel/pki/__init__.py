"""Floor 2: certificates, keys, PKCS #12 and certification paths (RFC 5280, 5958, 7292)."""
