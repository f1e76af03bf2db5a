"""Floor 2: MIME, byte-exact with offsets; interprets values, never re-serialises a message."""
