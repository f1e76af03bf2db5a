"""The partner site: what people outside find without signing in."""
