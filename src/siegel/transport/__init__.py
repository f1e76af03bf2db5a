"""Floor 5: SMTP in and out, maildirs, and the trace that mail leaves; knows handlers, never flows.

May import ``base`` and the standard library; aiosmtpd only in ``smtp_session``. No Django, no
store, no engine. Begin with ``gateway.Gateway``, ``submission.NextHop`` and ``trace``.
"""
