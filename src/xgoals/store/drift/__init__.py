"""Drift as it is stored: what matchdays hold, and what was found."""
