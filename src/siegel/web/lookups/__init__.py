"""Foreign directories: where partners' certificates are looked for, and the search itself."""
