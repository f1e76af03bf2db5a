"""Guides to encrypted mail, for partners by mail program and for the staff: what they say.

One source for the web page, the printed page and the mail; ``siegel.flows.guides`` fills in the
facts. Public: ``guide_of``, ``all_guides``, ``drawn``.
"""
