"""Guides to encrypted mail: for partners on the public site, for staff inside, and on paper."""
