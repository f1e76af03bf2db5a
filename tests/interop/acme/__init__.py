"""acme2certifier as the authority outside, with the mail servers that one has."""
