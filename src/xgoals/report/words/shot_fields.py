"""What tells a group of shots apart, in words: the fields, the codes that some of them hold."""

from collections.abc import Mapping

from xgoals.language import Language

_NAMES = ("competition", "season", "team", "player")
"""Fields whose values speak for themselves."""


def field_labels(words: Language) -> dict[str, str]:
    """How the fields are called."""
    return {
        "competition": words.text("competition"),
        "season": words.text("season"),
        "team": words.text("team"),
        "opponent": words.text("opponent"),
        "player": words.text("player"),
        "body_part": words.text("body part"),
        "shot_type": words.text("kind of shot"),
        "provider": words.text("provider"),
        "match_id": words.text("match"),
    }


def code_labels(words: Language) -> dict[str, str]:
    """How the codes of body parts and kinds of shots are called; all other values are names."""
    return {
        "right_foot": words.text("right foot"),
        "left_foot": words.text("left foot"),
        "head": words.text("head"),
        "open_play": words.text("open play"),
        "free_kick": words.text("free kick"),
        "corner": words.text("corner"),
        "other": words.text("other"),
        "unknown": words.text("unknown"),
    }


def group_name(wanted: Mapping[str, str], words: Language) -> str:
    """What the shots with these fields are called, as ``Premier League, body part: head``; empty: all."""
    fields, codes = field_labels(words), code_labels(words)
    return ", ".join(
        value if field in _NAMES else f"{fields[field]}: {codes.get(value.casefold(), value)}"
        for field, value in wanted.items()
    )
