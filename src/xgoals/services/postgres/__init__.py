"""An own Postgres under ``XGOALS_HOME``."""
