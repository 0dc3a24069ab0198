"""Levels of providers: what is known of them, and what versions of the same trees share."""
