"""Floor 6: where store, transport and engine meet; each flow gathers, judges, acts."""
