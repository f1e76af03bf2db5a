"""The programs of the project that are not installed."""
