"""Real programs that judge us: OpenSSL, GnuPG, and a mail server of our own.

They share no line of code with the engine. ``mime`` wraps and unwraps what they speak.
"""
