"""Exports of what is stored, a table or an archive each."""

import logging
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from xgoals.domain.errors import FeedError, SettingsError
from xgoals.domain.scene import Clip
from xgoals.outputs.identity import IDENTITY, champion_of
from xgoals.outputs.tables import write_table
from xgoals.settings import Database, Settings
from xgoals.storage import Storage, storage_of
from xgoals.store import clips as clip_store
from xgoals.store import explanations, records, registry
from xgoals.store.comparisons.fairness import read_bias_of
from xgoals.store.database import connect, read_frame

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xgoals.domain.scene import MatchRecord

log = logging.getLogger("xgoals")


def export_shots(settings: Settings, database: Database, to: Path) -> int:
    """Write one row a shot: place, manner, outcome, synchronisation, published xG, circumstances; how many."""
    with connect(settings, database).connect() as connection:
        frame = read_frame(
            connection,
            """select c.provider, c.match_id, c.shot_id, c.competition, c.season, c.matchday, c.match_date, c.home_team,
                      c.away_team, c.team, c.player, c.period, c.minute, c.second, s.period_time_s, s.event_time,
                      s.frame_n, s.frame_source, s.clock_offset_s, s.confidence, c.x_m, c.y_m, m.pitch_length_m,
                      m.pitch_width_m, c.body_part, c.shot_type, c.outcome, c.is_goal, c.is_penalty, c.provider_xg,
                      c.xg, c.model_version, c.scored_by, c.champion_xg, c.champion_version, c.champion_scored_by,
                      c.is_simulated, s.set_up, s.technique,
                      coalesce(a.short_name, a.name) as assist_player, s.assist_kind, s.assist_height,
                      s.assist_is_switch, s.end_x_m, s.end_y_m, s.end_z_m, s.is_first_time, s.is_one_on_one,
                      s.is_open_goal, s.is_aerial_won, s.is_under_pressure, s.is_deflected
               from xgoals_views.champion_shot c
               join shot s using (shot_key)
               join match m on (m.provider, m.match_id) = (s.provider, s.match_id)
               left join player a on (a.provider, a.player_id) = (s.provider, s.assist_player_id)
               order by c.match_date, c.provider, c.match_id, s.event_n""",
        )
    return write_table(frame, to)


def export_explanations(settings: Settings, database: Database, to: Path) -> int:
    """Write one row a shot with the champion's xG, base value, features and Shapley values; how many.

    Raises
    ------
    ModelError
        If there is no champion yet.
    """
    with connect(settings, database).connect() as connection:
        champion = champion_of(connection)
        frame = explanations.read_explained(connection, champion)
        names = list(registry.load_model(connection, champion).feature_names)
    groups = [column for column in frame if str(column).startswith("group_")]
    shap_columns = [f"shap_{name}" for name in names]
    return write_table(
        frame[[*IDENTITY, "base_value", "model_version", "scored_by", *names, *shap_columns, *groups]], to
    )


def export_reasons(settings: Settings, database: Database, to: Path) -> int:
    """Write one row a shot: why its published xG is what it is, and how sure that is; how many."""
    with connect(settings, database).connect() as connection:
        frame = read_frame(
            connection,
            "select * from xgoals_views.published_reason order by match_date, provider, match_id, shot_id",
        )
    return write_table(frame, to)


def export_actors(settings: Settings, database: Database, to: Path, *, by_player: bool = False) -> int:
    """Write one row a shot and person with what he took, or one row a person per shot faced; how many."""
    with connect(settings, database).connect() as connection:
        frame = read_frame(
            connection,
            """select * from xgoals_views.published_actor
               order by match_date, provider, match_id, shot_id, role, takes desc, player_id""",
        )
    if by_player:
        from xgoals.analysis.takers import ordinary_takes, takes_per_shot

        of_shot = frame.drop_duplicates("shot_key")
        references = dict(zip(of_shot["shot_key"], of_shot["reference_keys"], strict=True))
        frame = takes_per_shot(frame.assign(ordinary=ordinary_takes(frame, references)))
    return write_table(frame.drop(columns=["shot_key", "reference_keys"], errors="ignore"), to)


def export_drift(settings: Settings, database: Database, to: Path) -> int:
    """Write one row a matchday and series of the champion's drift; how many."""
    with connect(settings, database).connect() as connection:
        frame = read_frame(
            connection, "select * from xgoals_views.drift order by competition, last_date, kind, name"
        )
    return write_table(frame, to)


def export_bias(settings: Settings, database: Database, to: Path) -> int:
    """Write one row a part of the shots and metric: whether the champion's xG is fair to it; how many."""
    with connect(settings, database).connect() as connection:
        return write_table(read_bias_of(connection, champion_of(connection)), to)


def export_scenes(settings: Settings, database: Database, to: Path) -> int:
    """Write an archive of everything that was read: matches, shots, scenes, and clips beside it; how many matches."""
    from xgoals.feeds.archive import write_archive

    if to.suffix != ".parquet":
        raise SettingsError(
            "scenes are nested and fit no table", where=str(to), advice="Let the name end in .parquet"
        )
    engine = connect(settings, database)
    # A match that is corrected or removed meanwhile is in it as it was when this began, whole.
    with engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        paths, storage = clip_store.read_clip_paths(connection), storage_of(settings)
        return write_archive(
            to,
            (
                _with_clips(record, storage, paths.get((record.match.provider, record.match.match_id), ()))
                for record in records.read_records(connection)
            ),
        )


def _with_clips(record: "MatchRecord", storage: Storage, paths: "Sequence[str]") -> "MatchRecord":
    """The record with the clips of its shots, as far as they are there and can be read."""
    from xgoals.feeds.clips import read_clips

    shot_ids, clips = [shot.shot_id for shot in record.shots], list[Clip]()
    for path in paths:
        try:
            with storage.local(path) as file:
                clips += read_clips(file, shot_ids)
        except (FileNotFoundError, FeedError) as error:
            log.warning("match %s goes without clips: %s", record.match.match_id, error)
    return replace(record, clips=tuple(clips))
