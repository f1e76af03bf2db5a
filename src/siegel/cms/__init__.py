"""Floor 2: the Cryptographic Message Syntax (RFC 5652, 5083): read as BER, written as DER."""
