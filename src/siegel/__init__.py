"""Siegel: S/MIME for a whole organisation (an engine, an SMTP gateway, a store and a command line)."""

__version__ = "0.1.0"
