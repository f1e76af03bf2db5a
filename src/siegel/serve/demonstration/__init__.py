"""The demo: a small office, a partner outside, and the first protected exchange between them.

What it shows it reads back from delivered files, the journal and SMTP replies. Nothing of it is
used by an installation that does real work.
"""
