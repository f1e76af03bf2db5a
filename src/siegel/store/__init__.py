"""Floor 5: what must not be lost: accounts, certificates, keys, evidence, mail, the journal.

Imports policy and below, and Django. ``rows`` needs no Django; ``queries`` may be imported once
``config.django.configure`` has run. Begin with ``rows``, ``queries`` and ``vault.Vault``.
"""
