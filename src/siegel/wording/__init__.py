"""Floor 4½: every reason, obstacle and finding in words, German and English."""
