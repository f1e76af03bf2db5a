"""Mail to many: a text, a list, a look at it before, progress, report."""
