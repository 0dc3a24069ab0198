"""Mails: what is said (``content``, pure; ``digest_facts`` fetches what digests say), made into mails for recipients
(``compose``), queued in the transaction in which a run ends (``enqueue``), and delivered (``delivery``).

docs/mail.md draws a mail's way from an event to an inbox.
"""
