"""Partners come in by themselves: the test address, an invitation, a key of their own."""
