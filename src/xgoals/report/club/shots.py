"""Single shots on a club's page: lists of those that people remember."""

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from xgoals.analysis.club.chances import Chances
from xgoals.analysis.club.origins import Origin, origins
from xgoals.analysis.shots import text_or_empty
from xgoals.language import Language
from xgoals.report.club.facts import ClubAbout, ClubLinks, ShotList, ShotRow
from xgoals.report.club.tables import called
from xgoals.report.club.words import origin_in_words
from xgoals.report.page.render import OUTCOME_WORDS
from xgoals.report.words.clock import clock


def shot_lists(
    own: Chances, allowed: Chances, about: ClubAbout, links: ClubLinks, words: Language
) -> tuple[ShotList, ...]:
    """Best chances, best ones missed, least likely goals, and the best chances allowed; empty lists are left out."""
    lists = (
        (words.text("The best chances"), own.best),
        (words.text("The best chances missed"), own.missed),
        (words.text("The least likely goals"), own.unlikely),
        (words.text("The best chances it allowed"), allowed.best),
        (words.text("The least likely goals it conceded"), allowed.unlikely),
    )
    return tuple(
        ShotList(title, tuple(_rows(frame, about, links, words))) for title, frame in lists if len(frame)
    )


def _rows(frame: pd.DataFrame, about: ClubAbout, links: ClubLinks, words: Language) -> list[ShotRow]:
    began = origins(frame)
    return [
        shot_row(row, str(origin), about, links, words)
        for row, origin in zip(frame.to_dict("records"), began, strict=True)
    ]


def shot_row(
    row: Mapping[Hashable, Any], origin: str, about: ClubAbout, links: ClubLinks, words: Language
) -> ShotRow:
    """One shot in words."""
    is_own = text_or_empty(row["team"]) == about.name
    return ShotRow(
        words.day(row["match_date"]), minute(row), shooter(row, about, words),
        text_or_empty(row["opponent"] if is_own else row["team"]), _how(row, origin, words),
        words.text(OUTCOME_WORDS.get(text_or_empty(row["outcome"]), "no goal")), float(row["xg"]),
        links.cards.get(int(row["shot_key"])),
    )  # fmt: skip


def minute(row: Mapping[Hashable, Any]) -> str:
    """The minute of a shot as football writes it."""
    return clock({name: row[name] for name in ("minute", "period")})


def shooter(row: Mapping[Hashable, Any], about: ClubAbout, words: Language) -> str:
    """Who took a shot."""
    player_id = text_or_empty(row["player_id"])
    return called(player_id, about, words) if player_id else words.text("Unknown player")


def _how(row: Mapping[Hashable, Any], origin: str, words: Language) -> str:
    foot = {
        "head": words.text("header"),
        "right_foot": words.text("right foot"),
        "left_foot": words.text("left foot"),
    }.get(text_or_empty(row["body_part"]), "")
    began = "" if origin in (Origin.OPEN_PLAY, Origin.OTHER) else origin_in_words(origin, words)
    return " · ".join(part for part in (foot, began) if part)
