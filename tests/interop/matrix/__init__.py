"""Formats × peers × both directions: who reads what the other one writes.

``formats`` are the rows, ``sides`` the columns, ``expected`` what a run must find. Every cell is
one test, judged by the reading side's own word; docs/interop.md shows the same table.
"""
