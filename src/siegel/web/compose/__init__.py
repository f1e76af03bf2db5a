"""Writing: new messages, answers, drafts, signature texts."""
