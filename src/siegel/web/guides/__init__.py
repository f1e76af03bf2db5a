"""Guides to encrypted mail: for partners on the public site, for the staff inside, on paper, by mail."""
