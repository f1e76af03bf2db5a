"""Siegel: S/MIME for a whole organisation (engine, SMTP gateway, store, command line)."""

__version__ = "0.1.0"
