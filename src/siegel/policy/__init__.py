"""Floor 4: decisions over facts; each rule of the organisation is one named function."""
