"""The journal: what happened and why, "why was this not encrypted?", export."""
