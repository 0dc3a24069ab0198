"""The page of a matchday."""
