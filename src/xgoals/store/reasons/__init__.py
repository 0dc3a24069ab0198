"""Reasons of published numbers: what is given, and what it is compared with and judged by."""

from xgoals.store.reasons.given import forget_people, read_reasons

__all__ = ["forget_people", "read_reasons"]
