"""What is particular to SQLite: processes that share a file, kill -9, backup."""
