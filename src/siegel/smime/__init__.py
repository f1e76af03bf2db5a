"""Floor 3: S/MIME messages (RFC 8551): what a message is made of, and how one is protected."""
