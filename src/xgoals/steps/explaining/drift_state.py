"""What stands of drift, for whoever asks at a terminal."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from xgoals.domain.errors import ModelError
from xgoals.settings import Database, Settings
from xgoals.store import registry
from xgoals.store.database import connect
from xgoals.store.drift.points import read_drift

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xgoals.analysis.drift.alarms import Cause
    from xgoals.analysis.drift.told import Drift, PointRow


@dataclass(frozen=True, slots=True)
class StandingAlarm:
    """An alarm of a competition's newest matchday."""

    competition: str
    kind: str
    name: str
    sentence: str
    cause: "Cause"


@dataclass(frozen=True, slots=True)
class CompetitionState:
    """A competition's newest point; ``reference`` as in :class:`xgoals.analysis.drift.told.PointRow`."""

    competition: str
    reference: str
    newest: str
    n_points_since_window: int
    attribution_ndcg: float | None
    goals_minus_xg_per_100: float | None
    n_alarms: int


@dataclass(frozen=True, slots=True)
class DriftState:
    """What stands; no competitions where nothing was held against a window yet."""

    model_version: str
    attribution_ndcg_below: float
    alarms: tuple[StandingAlarm, ...]
    competitions: tuple[CompetitionState, ...]


def drift_state(settings: Settings, database: Database) -> DriftState:
    """What stands of the champion's drift, as `explain` found it last.

    Raises
    ------
    ModelError
        If there is no champion.
    """
    from xgoals.features.catalogue import find_catalogue
    from xgoals.language import language
    from xgoals.report.words.drift import alarm_sentence

    below = settings.drift.attribution_ndcg_below
    with connect(settings, database).connect() as connection:
        champion = registry.champion_name(connection)
        if champion is None:
            raise ModelError("there is no champion yet", advice="Run: xgoals run")
        model = registry.load_model(connection, champion)
        drift = read_drift(connection, champion, below)
    features = {str(of["name"]): of for of in find_catalogue(model.catalogue).as_records()}
    english = language("en")
    alarms = [
        StandingAlarm(a.competition, a.kind, a.name, alarm_sentence(a, features, english), a.cause)
        for a in drift.alarms
    ]
    states = [_state(name, newest, drift) for name, newest in drift.newest()]
    return DriftState(champion, below, tuple(alarms), tuple(states))


def _state(competition: str, newest: "Sequence[PointRow]", drift: "Drift") -> CompetitionState:
    values, last = {(row.kind, row.name): row.value for row in newest}, newest[0]
    later = {row.point_n for row in drift.rows if row.competition == competition and not row.is_learned}
    surplus = values.get(("calibration", "level"))
    return CompetitionState(
        competition,
        last.reference,
        f"{last.last_date}" if last.matchday is None else f"{last.season}, {last.matchday}",
        len(later),
        values.get(("attribution", "ndcg")),
        None if surplus is None else 100 * surplus,
        sum(alarm.competition == competition for alarm in drift.alarms),
    )
