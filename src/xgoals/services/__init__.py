"""Local services of one ``XGOALS_HOME``: what starts, runs and stops them, a file a command.

``up``, ``down``, ``status``, ``clean``, ``rotate_secrets``, ``provision``, ``resend`` and ``runner/`` (``xgoals run``)
are called by the command line; ``postgres/`` and ``airflow/`` are what they start. docs/processes.md has the picture.
"""
