"""The administrator's side of the partner site: what is published, and how it looks."""
