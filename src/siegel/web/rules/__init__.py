"""The rules: what the organisation decided, exceptions by level, and what they make of a mail."""
