"""What a person types for a baseline, taken apart; refused before anything is read."""

import re
from collections.abc import Sequence

from xgoals.baselines.own import AskedBaseline
from xgoals.domain.errors import SettingsError
from xgoals.settings.in_words import did_you_mean

STORED = AskedBaseline("model", "model")
"""The row that is stored with the model: what all others are held against."""
MOST = 6
"""So many stand side by side, the stored one among them."""
MOST_ROWS = 1_000
"""Of one baseline: against each row every shot is explained anew, and a thousand take minutes."""
MOST_CLUSTERS = 50
"""More are no longer a few kinds of shots, and take k-prototypes minutes to find."""
SEGMENTS = ("competition", "season", "team", "body_part", "shot_type", "provider", "match_id")
"""Columns that tell the shots of a segment apart."""
_FORMS = (
    "model, file:ROWS.csv, shot:ID, segment:competition=...,season=...,team=...,body_part=..., "
    "clusters:5, sample:200"
)


def asked_baselines(texts: Sequence[str]) -> tuple[AskedBaseline, ...]:
    """The stored baseline, and then those that are asked for, each once.

    Raises
    ------
    SettingsError
        If one is none that there can be, or there are more than can stand side by side.
    """
    asked = tuple(dict.fromkeys([STORED.text, *(text.strip() for text in texts)]))
    if len(asked) > MOST:
        raise SettingsError(
            f"{len(asked)} baselines, the stored one among them, are more than can be read side by side",
            advice=f"Ask for at most {MOST - 1} besides the stored one",
        )
    return tuple(map(asked_baseline, asked))


def asked_baseline(text: str) -> AskedBaseline:
    """One baseline: ``KIND:WHAT``.

    Raises
    ------
    SettingsError
        If there is no such kind, or it is not what the kind needs.
    """
    kind, _, what = text.partition(":")
    if kind == "model" and not what:
        return STORED
    if kind in ("file", "shot") and what:
        return (
            AskedBaseline(text, "file", path=what)
            if kind == "file"
            else AskedBaseline(text, "shot", shot=what)
        )
    if kind == "segment":
        return AskedBaseline(text, "segment", where=_segment(text, what))
    if kind in ("clusters", "sample"):
        most = MOST_CLUSTERS if kind == "clusters" else MOST_ROWS
        return AskedBaseline(text, "clusters" if kind == "clusters" else "sample", n=_whole(text, what, most))
    kinds = ("model", "file", "shot", "segment", "clusters", "sample")
    near = "" if kind in kinds else did_you_mean(kind, kinds)
    raise SettingsError(
        f"{text!r} is no baseline{near}",
        where="--baseline",
        advice=f"Forms: {_FORMS}",
    )


def _whole(text: str, what: str, most: int) -> int:
    if not what.isascii() or not what.isdigit() or not 1 <= int(what) <= most:
        raise SettingsError(
            f"{text!r} wants a whole number from 1 to {most:,} behind the colon",
            where="--baseline",
            advice=f"Forms: {_FORMS}",
        )
    return int(what)


def _segment(text: str, what: str) -> dict[str, str]:
    where: dict[str, str] = {}
    for pair in re.split(r",(?=\s*\w+=)", what):
        column, equals, value = (part.strip() for part in pair.partition("="))
        if column not in SEGMENTS or not equals or not value:
            near = did_you_mean(column, SEGMENTS) if equals else ""
            raise SettingsError(
                f"{pair.strip()!r} in {text!r} names no shots{near}",
                where="--baseline",
                advice=f"Write column=value, by commas; columns: {', '.join(SEGMENTS)}",
            )
        if column in where:
            raise SettingsError(
                f"{column} is there twice in {text!r}",
                where="--baseline",
                advice="A segment has one value of each",
            )
        where[column] = value
    return where
