"""Mails that are written down are handed to a server."""
