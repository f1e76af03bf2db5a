"""Mail accounts: who works with them, their addresses, deputies with dates."""
