"""Floor 7: the pages."""
