"""Real programs that judge us: OpenSSL, BouncyCastle, GnuPG, NSS, Thunderbird, and mail servers.

They share no line of code with the engine. ``mime`` wraps and unwraps what they speak.
"""
