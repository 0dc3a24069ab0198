"""The page of a club in a season."""
