"""Reading: the page of a conversation, and everything that a message shows."""
