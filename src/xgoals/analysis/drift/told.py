"""What is told of drift: the stored points of every competition, and the alarms that stand."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from xgoals.analysis.drift.alarms import Alarm
from xgoals.analysis.drift.series import Kind


@dataclass(frozen=True, slots=True)
class PointRow:
    """A stored value of a point; see :class:`xgoals.analysis.drift.series.Value`.

    Attributes
    ----------
    matchday
        The last one, where several small matchdays are one point; None where days have no number.
    reference
        Beside what it is held: ``competition``, its own matches in the window, or all of the ``window``.
    """

    competition: str
    is_learned: bool
    point_n: int
    first_matchday: int | None
    season: str
    matchday: int | None
    first_date: date
    last_date: date
    n_matches: int
    n_shots: int
    reference: str
    kind: Kind
    name: str
    value: float
    low: float | None
    high: float | None
    window_value: float
    mean: float | None
    window_mean: float | None
    mean_low: float | None
    mean_high: float | None
    is_beyond: bool
    alarm_over: int

    @property
    def is_off(self) -> bool:
        """Whether it is marked: an alarm, or in the window where it should not be by itself."""
        return self.is_beyond or self.alarm_over > 0


@dataclass(frozen=True, slots=True)
class Series:
    """The points of one series of a competition, in the order of time."""

    competition: str
    kind: Kind
    name: str
    points: tuple[PointRow, ...]

    @property
    def is_watched(self) -> bool:
        """Whether it has points that the champion has not learned from."""
        return not self.points[-1].is_learned


@dataclass(frozen=True, slots=True)
class Drift:
    """All that is told.

    Attributes
    ----------
    rows
        Every competition's in the order of time.
    alarms
        Those that stand.
    ndcg_below
        Where attributions count as drifted.
    """

    rows: tuple[PointRow, ...]
    alarms: tuple[Alarm, ...]
    ndcg_below: float

    @property
    def competitions(self) -> tuple[str, ...]:
        """Those that are watched first, then the others; of each kind the one with the latest points first."""
        latest: dict[str, tuple[bool, date]] = {}
        for row in self.rows:
            of_row = (not row.is_learned, row.last_date)
            latest[row.competition] = max(latest.get(row.competition, of_row), of_row)
        return tuple(sorted(latest, key=lambda name: latest[name], reverse=True))

    @property
    def is_watched(self) -> bool:
        """Whether there is any point that the champion has not learned from."""
        return any(not row.is_learned for row in self.rows)

    def series(self, competition: str, kind: Kind, name: str) -> Series | None:
        """One series of a competition; None where it has no points."""
        found = tuple(
            row for row in self.rows if (row.competition, row.kind, row.name) == (competition, kind, name)
        )
        return Series(competition, kind, name, found) if found else None

    def newest(self) -> Iterator[tuple[str, Sequence[PointRow]]]:
        """Every competition with the values of its newest point."""
        for competition in self.competitions:
            own = [row for row in self.rows if row.competition == competition]
            last = max((not row.is_learned, row.point_n) for row in own)
            yield competition, [row for row in own if (not row.is_learned, row.point_n) == last]
