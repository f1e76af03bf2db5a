"""The tour of the demo: a bar above every page, in six steps."""
