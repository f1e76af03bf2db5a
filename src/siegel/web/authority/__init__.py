"""Our own certification authority: make it, look after it, revoke what it issued."""
