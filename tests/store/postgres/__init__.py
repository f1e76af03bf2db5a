"""The same tests on a PostgreSQL server of the system, started for the purpose."""
