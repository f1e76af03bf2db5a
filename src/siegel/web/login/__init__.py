"""Signing in, second factors, sessions: django-allauth with words and looks of ours."""
