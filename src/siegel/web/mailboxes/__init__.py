"""The mailbox of an account: where its mail lies, with which password, and whether it works."""
