"""The store: once on SQLite here, and the same tests on PostgreSQL by ``postgres``."""
