"""The outbox: what waits, what is held and why, what has left, what failed."""
