"""Numbers into places and pictures; nothing here knows football."""
