"""A text that may not be in the language of its page."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Said:
    """A text, and whether it is in the language of the page; what is not is English."""

    text: str
    is_translated: bool = True
