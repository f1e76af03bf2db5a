"""Floor 5: SMTP in and out; knows handlers, never flows."""
