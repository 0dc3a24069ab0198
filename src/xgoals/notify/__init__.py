"""News of a run: numbers into one message that says in its subject how it went.

Whoever sends it (Airflow's SMTP connection, or the outbox folder) gets a finished ``EmailMessage``.
Importing this package imports neither Airflow nor pandas.
"""

from xgoals.notify.message import build_run_message

__all__ = ["build_run_message"]
