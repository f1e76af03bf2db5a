"""``make bench``: what the engine and the gateway cost, as ratios to what cannot be avoided.

Measured are the public functions with everything they do, from the octets of a message to the
octets of a message. Candidates and yardsticks take turns in one run; only ratios are safe to quote.
"""
