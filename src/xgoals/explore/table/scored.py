"""The rows of a table -> their xG, rank and reasons, many at once."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from xgoals.analysis.facts.rank import of_its_like, rank, ranked_kind
from xgoals.analysis.shots import knows_positions
from xgoals.domain.errors import ModelError
from xgoals.domain.model import scored_by
from xgoals.domain.shot import ShotType
from xgoals.explain.proof import sigmoid
from xgoals.explore.knowledge import Knowledge
from xgoals.explore.table.reading import Mistake, Row, Table
from xgoals.features.build import OutOfRange, build_features
from xgoals.features.scenes import Scenes
from xgoals.reasons.judges import Judge
from xgoals.reasons.of_shots import compare, reasons_of
from xgoals.scoring import scene_columns

AT_ONCE = 512

NEW_COLUMNS = (
    *("xg", "scored_by", "rank_pct", "n_alike", "average_xg"),
    *("xg_place", "xg_keeper", "xg_opponents", "xg_strike", "mistake", "knows_positions"),
)
"""What is added to a row. ``average_xg`` and the four parts add up to ``xg``, but of a penalty, which has none."""


@dataclass(frozen=True, slots=True)
class ScoredRow:
    """What is known of one row; None and empty where it could not be scored.

    Attributes
    ----------
    rank_pct
        The share of the shots of its kind that are worth less, 0 to 100; None for a penalty.
    n_alike
        Shots like it among those that the champion has learned from; with fewer than ten, the number is a guess.
    parts
        Place, keeper, opponents and strike; None where one is not known.
    knows_positions
        Whether the number knows where anybody but the shooter stood; it can be compared with such numbers alone.
    """

    row: Row
    xg: float | None = None
    scored_by: str = ""
    rank_pct: float | None = None
    n_alike: int | None = None
    average_xg: float | None = None
    parts: tuple[float | None, ...] = (None,) * 4
    knows_positions: bool | None = None
    mistakes: tuple[Mistake, ...] = ()


def score_table(table: Table, known: Knowledge, sisters: Sequence[int]) -> list[ScoredRow]:
    """Score every row that can be; in the order of the table.

    Parameters
    ----------
    sisters
        Who answers for each row: the sister that has not seen its match, or 0.
    """
    scored: list[ScoredRow] = [ScoredRow(row, mistakes=row.mistakes) for row in table.rows]
    wanted = [n for n, row in enumerate(table.rows) if row.scene is not None]
    for begin in range(0, len(wanted), AT_ONCE):
        block = wanted[begin : begin + AT_ONCE]
        for n, of in zip(
            block, _score([table.rows[n] for n in block], known, [sisters[n] for n in block]), strict=True
        ):
            scored[n] = of
    return scored


def _score(rows: Sequence[Row], known: Knowledge, sisters: Sequence[int]) -> list[ScoredRow]:
    impossible = list[OutOfRange]()
    scenes = _together([_columns(row) for row in rows])
    features = build_features(scenes, known.champion.catalogue, out_of_range=impossible)
    if impossible:  # whatever a row may hold, reading has seen to it that this cannot be
        raise impossible[0].as_error()
    return list(_answers(_Asked(rows, scenes, features, sisters), known))


def _columns(row: Row) -> Scenes:
    scene = row.scene
    assert scene is not None  # noqa: S101  (only such rows come here)
    return scene_columns(scene.shot(), scene.scene(), scene.on_pitch(), scene.since_own_shot_s)


@dataclass(frozen=True, slots=True)
class _Asked:
    """Rows that can be scored, with their scenes, features and who answers for each."""

    rows: Sequence[Row]
    scenes: Scenes
    features: pd.DataFrame
    sisters: Sequence[int]


def _answers(asked: _Asked, known: Knowledge) -> Iterator[ScoredRow]:
    rows, sisters = asked.rows, asked.sisters
    champion = known.champion
    values = asked.features.to_numpy(dtype=np.float64)
    who, of_shot = np.unique(np.array(sisters), return_inverse=True)
    xg = np.empty(len(rows))
    for number, sister in enumerate(who.tolist()):
        chosen = of_shot == number
        xg[chosen] = sigmoid(champion.forest_of(sister).margin(values[chosen].astype(np.float32)))
    names = [_match(row, known) for row in rows]
    compared = compare(asked.scenes, values, names, known.near.pool, champion.catalogue)
    judge = Judge([known.booster(sister) for sister in who.tolist()], of_shot.astype(np.int64))
    parts = reasons_of(compared, names, judge, known.average_xg, (), published=xg).parts
    alike = champion.support.alike(asked.features)
    asks = {"features": known.definitions}
    penalty = asked.scenes.is_word("shot_type", ShotType.PENALTY)
    for n, row in enumerate(rows):
        knows = knows_positions({"is_penalty": penalty[n], **asked.features.iloc[n]}, asks)
        quantiles = of_its_like(known.quantiles, knows_positions=knows)
        yield ScoredRow(
            row, float(xg[n]), scored_by(champion.model_version, int(sisters[n])),
            _rank_pct(row, float(xg[n]), quantiles), int(alike[n]), known.average_xg,
            tuple(None if value != value else value for value in parts[n].tolist()), knows,
        )  # fmt: skip


def _match(row: Row, known: Knowledge) -> str:
    match = None if row.scene is None else row.scene.match
    return known.names.get(match, "") if match else ""


def _together(scenes: Sequence[Scenes]) -> Scenes:
    shots = pd.concat([of.shots for of in scenes], ignore_index=True)
    people = pd.concat([of.people.assign(row=n) for n, of in enumerate(scenes)], ignore_index=True)
    return Scenes(shots, people)


def _rank_pct(row: Row, xg: float, quantiles: Mapping[str, Sequence[float]]) -> float | None:
    scene = row.scene
    if scene is None:
        raise ModelError("a row without a scene has no rank")
    plain = {
        "is_penalty": scene.shot().is_penalty, "shot_type": scene.shot_type.value, "body_part": scene.body_part.value,
    }  # fmt: skip
    kind = ranked_kind(plain, quantiles)
    return None if kind is None else 100 * rank(xg, quantiles[kind])
