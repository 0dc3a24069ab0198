"""The search for parameters, and whether what it finds is adopted."""
