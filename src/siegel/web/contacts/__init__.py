"""Contacts: people and offices outside, their addresses and certificates."""
