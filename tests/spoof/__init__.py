"""Published ways to forge mail, each tried against every door of Siegel.

``cases`` is the table, ``python -m tests.spoof`` prints it with the verdicts.
"""
