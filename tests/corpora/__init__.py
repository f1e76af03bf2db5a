"""Drivers over foreign collections, with our own tables of what is expected."""
