"""Two programs, one input: our readers beside asn1crypto and OpenSSL, on inputs nobody wrote.

Where they disagree, the disagreement has a name in the test, and what has no name is a failure.
The inputs are the same in every run; ``SIEGEL_EXPLORE=1`` takes others.
"""
