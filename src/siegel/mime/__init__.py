"""Floor 2: MIME, byte-exact with offsets; interprets values, never re-serialises a message.

Begin with ``parse.parse_message`` and ``message.Part``; ``canonical.signable`` prepares an entity
for signing, ``fields.from_addresses`` says who a message claims to be from.
"""
