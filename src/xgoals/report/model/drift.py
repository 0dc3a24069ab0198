"""The chapter on drift: the answer in a sentence, the alarms with their causes, and the series as pictures."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from xgoals.analysis.drift.limits import ALARMS_BY_CHANCE
from xgoals.analysis.drift.told import Drift, PointRow, Series
from xgoals.analysis.shots import Model, features_by_name
from xgoals.language import Language
from xgoals.report.draw.drift import Line, series_picture
from xgoals.report.draw.figures import Missing, Picture, attempt
from xgoals.report.words.drift import Features, alarm_sentence, series_name
from xgoals.report.words.feature_values import feature_value

SHOWN_COMPETITIONS = 4
"""So many are drawn, the watched ones first; the table has all."""
SHOWN_MOVED = 8


@dataclass(frozen=True)
class DriftPicture:
    """A series with its title; ``label`` is unique on the page."""

    title: str
    label: str
    picture: Picture | Missing


@dataclass(frozen=True)
class DriftRow:
    """A competition in the table: its newest point; None where it has no such value."""

    competition: str
    reference: str
    n_points: int
    newest: str
    ndcg: float | None
    surplus: float | None
    n_alarms: int


@dataclass(frozen=True)
class ToldAlarm:
    """An alarm that stands."""

    competition: str
    sentence: str


@dataclass(frozen=True)
class DriftChapter:
    """What the chapter shows."""

    answer: str
    alarms: tuple[ToldAlarm, ...]
    attribution: tuple[DriftPicture, ...]
    calibration: tuple[DriftPicture, ...]
    moved: tuple[DriftPicture, ...]
    groups: tuple[DriftPicture, ...]
    rows: tuple[DriftRow, ...]
    ndcg_below: float
    alarms_by_chance: float


def drift_chapter(drift: Drift | None, model: Model, words: Language) -> DriftChapter | None:
    """What the chapter shows; None where nothing was held against a window yet."""
    if drift is None or not drift.rows:
        return None
    features: Features = {name: dict(of) for name, of in features_by_name(model).items()}
    shown = drift.competitions[:SHOWN_COMPETITIONS]
    off = [a for a in drift.alarms if a.kind not in ("attribution", "calibration")]
    moved = [drift.series(a.competition, a.kind, a.name) for a in off if a.kind == "feature"]
    groups = [drift.series(a.competition, a.kind, a.name) for a in off if a.kind != "feature"]
    draw = partial(_pictures, features=features, ndcg_below=drift.ndcg_below, words=words)
    return DriftChapter(
        answer=_answer(drift, words),
        alarms=tuple(ToldAlarm(a.competition, alarm_sentence(a, features, words)) for a in drift.alarms),
        attribution=draw([drift.series(name, "attribution", "ndcg") for name in shown]),
        calibration=draw([drift.series(name, "calibration", "level") for name in shown]),
        moved=draw(moved[:SHOWN_MOVED], is_of_competition=False),
        groups=draw(groups[:SHOWN_MOVED], is_of_competition=False),
        rows=tuple(_row(name, points, drift, words) for name, points in drift.newest()),
        ndcg_below=drift.ndcg_below,
        alarms_by_chance=ALARMS_BY_CHANCE,
    )


def _answer(drift: Drift, words: Language) -> str:
    if not drift.is_watched:
        return words.text(
            "The champion has learned from every matchday that is stored: nothing can have drifted since."
            " What follows are the matchdays of its window, beside the window as a whole."
        )
    watched = {row.competition for row in drift.rows if not row.is_learned}
    where = words.plural("one competition", "%(n)s competitions", len(watched))
    if not drift.alarms:
        return words.text("Nothing has drifted beyond chance: no alarm in %(where)s.", where=where)
    alarms = words.plural("One alarm beyond chance", "%(n)s alarms beyond chance", len(drift.alarms))
    names = words.listing(sorted({alarm.competition for alarm in drift.alarms}))
    return words.text("%(alarms)s in %(names)s.", alarms=alarms, names=names)


def _pictures(
    found: Sequence[Series | None],
    features: Features,
    ndcg_below: float,
    words: Language,
    *,
    is_of_competition: bool = True,
) -> tuple[DriftPicture, ...]:
    drawn = []
    for series in (of for of in found if of is not None):
        name = series_name(series.kind, series.name, features, words)
        title = (
            series.competition
            if is_of_competition
            else f"{name[:1].upper()}{name[1:]} · {series.competition}"
        )
        line = _line(series, features, ndcg_below, words)
        unique = f"drift-{series.kind}-{series.name}-{series.competition}"
        draw = partial(series_picture, series, line, unique, _alt(series, title, line, words), words)
        drawn.append(DriftPicture(title, f"{name}, {series.competition}", attempt(unique, draw)))
    return tuple(drawn)


def _line(series: Series, features: Features, ndcg_below: float, words: Language) -> Line:
    if series.kind == "attribution":
        return Line(_bounds, lambda v: words.number(v, 3), "nDCG", ndcg_below)
    if series.kind == "feature":
        feature = features.get(series.name)
        if feature is not None and any(point.mean_low is not None for point in series.points):
            return Line(
                _mean, lambda v: "–" if v is None else feature_value(feature, v, words), words.text("mean")
            )
        return Line(_bounds, words.number, words.text("distance from the window"))
    if series.name == "slope":
        return Line(_bounds, words.number, words.text("slope"))
    unit = words.text("goals minus xG, a hundred shots")
    return Line(_bounds, lambda v: words.number(None if v is None else 100 * v, 1, signed=True), unit)


def _bounds(point: PointRow) -> tuple[float | None, float | None, float | None, float | None]:
    return point.value, point.low, point.high, point.window_value


def _mean(point: PointRow) -> tuple[float | None, float | None, float | None, float | None]:
    return point.mean, point.mean_low, point.mean_high, point.window_mean


def _alt(series: Series, title: str, line: Line, words: Language) -> str:
    newest, n_off = series.points[-1], sum(point.is_off for point in series.points)
    return words.text(
        "%(title)s, %(n)s matchdays in the order of time: the newest at %(value)s; %(off)s beyond the range of chance.",
        title=title, n=len(series.points), value=line.number(line.of(newest)[0]), off=n_off,
    )  # fmt: skip


def _row(competition: str, newest: Sequence[PointRow], drift: Drift, words: Language) -> DriftRow:
    values = {(row.kind, row.name): row.value for row in newest}
    first = newest[0]
    places = {(row.is_learned, row.point_n) for row in drift.rows if row.competition == competition}
    day = words.day(first.last_date)
    return DriftRow(
        competition,
        words.text("itself") if first.reference == "competition" else words.text("whole window"),
        len(places),
        day if first.matchday is None else f"{first.season}, {first.matchday}",
        values.get(("attribution", "ndcg")),
        values.get(("calibration", "level")),
        sum(alarm.competition == competition for alarm in drift.alarms),
    )
