"""What is said of a scene, in the words in which pages tell a stored shot."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from xgoals.analysis.facts.rank import Kind, of_its_like, rank, ranked_kind
from xgoals.domain import geometry
from xgoals.domain.reason import ShotReasons
from xgoals.explore.asked import Asked
from xgoals.language import THIN, Language
from xgoals.report.facts import Facts
from xgoals.report.shot.positions import Positions, positions
from xgoals.report.shot.told import Told, told
from xgoals.report.words.headline import headline
from xgoals.report.words.positions_badge import positions_badge


def kind_and_rank(asked: Asked) -> tuple[Kind | None, float | None]:
    """Among which kind the scene is ranked, and the share of its shots that are worth less; None where it has none."""
    quantiles = of_its_like(asked.known.quantiles, knows_positions=asked.knows_positions)
    kind = ranked_kind(
        {
            "is_penalty": asked.is_penalty,
            "shot_type": asked.posted.shot_type.value,
            "body_part": asked.posted.body_part.value,
        },
        quantiles,
    )
    return kind, None if kind is None else rank(asked.xg, quantiles[kind])


def how_good(asked: Asked, words: Language) -> str:
    """How good a chance it is: the headline of a card."""
    return headline(_facts(asked), words)


def not_known(asked: Asked, words: Language) -> str:
    """What the number cannot know where nobody is on the pitch; else empty."""
    badge = positions_badge(words, knows_positions=asked.knows_positions)
    return "" if badge is None else badge.sentence


def why(asked: Asked, reasons: ShotReasons, words: Language) -> Told:
    """From there, and the reasons that hold; without refits none is told."""
    return told(_facts(asked), reasons, stand(asked), words, usual_off_line_m=_usual_off_line_m(asked))


def geometry_facts(asked: Asked, words: Language) -> list[str]:
    """How far from the goal, and how wide it is seen: "17.2 m", "24°"."""
    place = (asked.posted.x_m, asked.posted.y_m, asked.posted.pitch.length_m / 2)
    distance, angle = (float(of(*place)) for of in (geometry.distance_to_goal_m, geometry.angle_to_goal_deg))
    return [f"{words.number(distance, 1)}{THIN}m", f"{words.number(angle, 0)}°"]


def stand(asked: Asked) -> Positions | None:
    """Where everybody stands; people are numbered as they were posted."""
    people = pd.DataFrame(
        {
            "x_m": [p.x_m for p in asked.posted.people],
            "y_m": [p.y_m for p in asked.posted.people],
            "is_teammate": [p.is_teammate for p in asked.posted.people],
            "is_keeper": [p.is_keeper for p in asked.posted.people],
            "player": [p.name.strip() or None for p in asked.posted.people],
            "goal_x_m": asked.posted.pitch.length_m / 2,
        }
    )
    return positions(_place(asked), people)


def _place(asked: Asked) -> Facts:
    return {"depth_m": asked.posted.pitch.length_m / 2 - asked.posted.x_m, "left_m": asked.posted.y_m}


def _facts(asked: Asked) -> Facts:
    """The scene as the sentences about stored shots take one."""
    kind, share = kind_and_rank(asked)
    return {
        "xg": asked.xg,
        "unseen_xg": None,
        "is_goal": False,
        "is_penalty": asked.is_penalty,
        "knows_positions": asked.knows_positions,
        "shot_type": asked.posted.shot_type.value,
        "body_part": asked.posted.body_part.value,
        "rank": share,
        "ranked_among": kind,
        "features": _values(asked.known.definitions, asked.features),
        **_place(asked),
    }


def _values(definitions: Sequence[Mapping[str, Any]], features: pd.DataFrame) -> list[Facts]:
    row = features.iloc[0]
    values = {str(name): None if np.isnan(value) else float(value) for name, value in row.items()}
    return [{**definition, "value": values[definition["name"]]} for definition in definitions]


def _usual_off_line_m(asked: Asked) -> float | None:
    """How far off their lines keepers stood at the reference shots."""
    references = asked.compared.references
    rows = references.rows[0][references.is_known[0]]
    if not len(rows):
        return None
    pool = asked.compared.pool
    off_m = float(np.maximum(pool.goal_x_m - pool.keeper_xy_m[0], 0)[rows].mean())
    return None if np.isnan(off_m) else off_m
