"""Floor 8: composes the doors into processes; nothing imports it."""
