"""Lists of conversations: inboxes, folders, what is assigned, what was sent, and a search."""
