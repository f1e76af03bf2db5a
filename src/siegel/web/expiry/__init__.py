"""What ends within some weeks, what to do about it, and a calendar of it."""
