"""Queued mails are delivered: claimed, sent by SMTP, settled; what no server takes lies in the outbox."""
