"""Inviting partners to hand in their certificate: send, list, withdraw."""
