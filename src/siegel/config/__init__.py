"""Floor 5: one TOML file, read into frozen dataclasses.

Imports base only (``config.django`` also Django). Begin with ``schema.Settings``, ``load.load`` and
``describe.describe``; what an administrator changes weekly is in the store, not here.
"""
