"""What templates, pictures and sentences are fed with."""

from typing import Any

Facts = dict[str, Any]
"""Plain numbers, texts, lists and dicts about one thing that a page shows."""
