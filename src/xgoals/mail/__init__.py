"""Mails: what is said (``content``, pure), what of it a run tells whom (``run_mails``, ``digests``), and how it is
handed to a server (``delivery``). docs/mail.md draws a mail's way from an event to an inbox.
"""
