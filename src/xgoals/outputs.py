"""What leaves xgoals as files: exports of what is stored, and scores for shots from outside."""

import logging
import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from xgoals.domain.errors import FeedError, ModelError, Problem, SettingsError, SourceError
from xgoals.domain.model import CHAMPION, scored_by
from xgoals.domain.scene import Clip
from xgoals.feeds import discover_to_score
from xgoals.feeds.reading import read_all
from xgoals.settings import Database, Settings
from xgoals.storage import Storage, storage_of
from xgoals.store import clips as clip_store
from xgoals.store import explanations, records, registry
from xgoals.store import features as feature_store
from xgoals.store import sisters as sister_store
from xgoals.store.comparisons.fairness import read_bias_of
from xgoals.store.database import connect, read_frame
from xgoals.store.levels.judged import known_providers, read_levels
from xgoals.store.sisters import load_boosters
from xgoals.whole_files import whole_file

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import numpy.typing as npt
    import pandas as pd
    from sqlalchemy import Connection

    from xgoals.domain.model import ModelVersion
    from xgoals.domain.provider_level import ProviderLevel
    from xgoals.domain.scene import MatchRecord
    from xgoals.features.catalogue import Catalogue
    from xgoals.model.folds import Fixture

log = logging.getLogger("xgoals")

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What a spreadsheet takes for the beginning of a formula, its full-width forms included."""
_NUMBER = re.compile(r"[+-]?[0-9]+([.,][0-9]+)?")

_IDENTITY = [
    "provider", "match_id", "shot_id", "competition", "season", "matchday", "team", "player", "minute", "is_goal",
    "is_penalty", "provider_xg", "xg",
]  # fmt: skip


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
        champion = _champion(connection)
        frame = explanations.read_explained(connection, champion)
        names = list(registry.load_model(connection, champion).feature_names)
    groups = [column for column in frame if str(column).startswith("group_")]
    shap_columns = [f"shap_{name}" for name in names]
    return write_table(
        frame[[*_IDENTITY, "base_value", "model_version", "scored_by", *names, *shap_columns, *groups]], to
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
        return write_table(read_bias_of(connection, _champion(connection)), to)


def export_scenes(settings: Settings, database: Database, to: Path) -> int:
    """Write an archive of everything that was read: matches, shots, scenes, and clips beside it; how many matches."""
    from xgoals.feeds.archive import write_archive

    if to.suffix != ".parquet":
        raise SettingsError(
            "scenes are nested and fit no table", where=str(to), advice="Let the name end in .parquet"
        )
    with connect(settings, database).connect() as connection:
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


class Scores(NamedTuple):
    """How many shots were scored, and how many of them are unlike anything that the champion has learned from."""

    n_shots: int
    n_unlike: int


def score(settings: Settings, database: Database, *, feed: str, source: Path, to: Path) -> Scores:
    """Write the champion's xG and the features of shots from outside, storing nothing.

    Column ``n_alike`` counts the shots like it among those that the champion has learned from.

    Of a match that the champion has learned from speaks the sister that has not seen it (``scored_by``).

    Raises
    ------
    ModelError
        If there is no champion yet.
    SourceError
        If the source as a whole cannot be read, or no shot of it has a place; single broken matches are left out
        with a warning.
    """
    import pandas as pd

    from xgoals.model.artifact import catalogue_of
    from xgoals.model.seen.support import FEW, Support

    engine = connect(settings, database)
    with engine.connect() as connection:
        champion = _champion(connection)
        boosters = load_boosters(connection, champion)
        window = feature_store.read_window(connection, boosters.model)
    catalogue = catalogue_of(boosters.model)
    deliveries, problems = discover_to_score(feed, source)
    for problem in problems:
        log.warning("%s: %s. %s", problem.path, problem.reason, problem.advice)
    read, notes = [], list[Problem]()
    for _, reading in read_all(feed, deliveries):
        if isinstance(reading, FeedError):
            log.warning("left out: %s", reading)
        else:
            read.append(reading.record)
            notes += reading.problems
    _warn_of_notes(notes)
    if not any(record.shots for record in read):
        raise SourceError("no shots to score", where=str(source), advice="Check the warnings above")
    shots, X = _shots_and_features(read, catalogue)
    _refuse_without_places(shots, source)
    identity = shots[[column for column in _IDENTITY if column in shots]]
    with engine.connect() as connection:
        unseen_by = who_has_not_seen(connection, champion, _fixtures(read))
        levels, known = read_levels(connection, champion), known_providers(connection, champion)
    keys = zip(shots["provider"], shots["match_id"], strict=True)
    sisters = np.array([unseen_by.get(key, CHAMPION) for key in keys], dtype=np.int64)
    said = pd.DataFrame(
        {
            "xg": boosters.predict(X, sisters),
            "model_version": champion,
            "scored_by": [scored_by(champion, sister) for sister in sisters.tolist()],
            "n_alike": Support.of(window, catalogue).alike(X),
            "knows_positions": _knows_positions(shots, X, catalogue),
        },
        index=X.index,
    )
    n_unlike = int((said["n_alike"] < FEW).sum())
    if n_unlike:
        log.warning(
            "%s of %s shots are unlike anything that %s has learned from (n_alike below %s): its xG of them is a guess",
            n_unlike, len(said), champion, FEW,
        )  # fmt: skip
    _warn_of_levels(levels, set(shots["provider"]))
    for warning in _strangers(boosters.model, known, read):
        log.warning("%s", warning)
    scored = pd.concat([identity, said["xg"], X, said.drop(columns="xg")], axis="columns")
    return Scores(write_table(scored, to), n_unlike)


def _warn_of_notes(notes: "Sequence[Problem]") -> None:
    """Say what `ingest` would write into the quarantine: nothing is stored here that could be looked up."""
    kinds = (("shot", "shots are left out or doubtful"), ("value", "values are missing or doubtful"))
    for severity, what in kinds:
        if of_kind := [note for note in notes if note.severity == severity]:
            first = of_kind[0]
            place = ", ".join(filter(None, (first.path, first.place)))
            log.warning(
                "notes that %s: %s; the first: %s: %s. %s",
                what,
                len(of_kind),
                place,
                first.reason,
                first.advice,
            )


def _refuse_without_places(shots: "pd.DataFrame", source: Path) -> None:
    """Where no shot has a place, every number would be the same guess; of a penalty the place is known."""
    if not (shots["x_m"].notna() & shots["y_m"].notna() | shots["is_penalty"]).any():
        raise SourceError(
            f"no shot can be scored: none of {len(shots)} has a place",
            where=str(source),
            advice="Deliver files that say where each shot was taken from",
        )


def _knows_positions(
    shots: "pd.DataFrame", X: "pd.DataFrame", catalogue: "Catalogue"
) -> "npt.NDArray[np.bool_]":
    """Whether each number knows where anybody but the shooter stood; of a penalty nobody has to."""
    asked = [feature.name for feature in catalogue.features if feature.group in ("keeper", "opponents")]
    known = X[asked].notna().any(axis="columns").to_numpy()
    return np.asarray(known | shots["is_penalty"].to_numpy(dtype=bool))


def _warn_of_levels(levels: "Mapping[str, ProviderLevel]", providers: set[str]) -> None:
    """Say which numbers are not at their provider's level."""
    for provider in sorted(providers & levels.keys()):
        if (level := levels[provider]).is_off:
            log.warning(
                "xG of %s's shots is off its level: %.2f goals expected for each that fell (95 %% interval %.2f to "
                "%.2f, %s stored shots); compare it with other %s numbers only",
                provider, level.shots.xg_per_goal, level.shots.low, level.shots.high, level.n_shots, provider,
            )  # fmt: skip


def _strangers(
    champion: "ModelVersion", known: "Mapping[str, int]", records: "Sequence[MatchRecord]"
) -> "Iterator[str]":
    """What the champion cannot have learned of: providers that are new to it, the invented beside the real."""
    name = champion.model_version
    for provider in sorted({record.match.provider for record in records} - known.keys()):
        yield (
            f"{name} has learned from no shot of {provider}: whether its numbers are at that provider's level is not "
            "known; compare them with each other only"
        )
    n_strange = sum(record.match.is_simulated != champion.is_simulated for record in records)
    if n_strange:
        kinds = ("real", "simulated") if champion.is_simulated else ("simulated", "real")
        yield f"{n_strange} of {len(records)} matches are {kinds[0]}, and {name} has learned from {kinds[1]} ones"


def who_has_not_seen(
    connection: "Connection", champion: str, matches: "Mapping[tuple[str, str], Fixture]"
) -> dict[tuple[str, str], int]:
    """Who speaks for each of these matches, not having seen it; those of the champion itself may be left out.

    Parameters
    ----------
    matches
        By provider and match id; stored or not.
    """
    from xgoals.model.folds import Fixture, told_before

    known = sister_store.sisters_of_matches(connection, champion, matches)
    voices = sister_store.read_voices(connection, champion)
    learned = [match for match in sister_store.read_known_matches(connection, champion) if match.is_learned]
    in_window = {(match.provider, match.match_id) for match in learned}
    new = [key for key in matches if key not in in_window]
    told = told_before(
        [matches[key] for key in new],
        [Fixture.of(m.provider, m.match_date, m.home_team, m.away_team) for m in learned],
    )
    as_other_feeds_tell = {
        key: voices.of(key[0], learned[place].sister)
        for key, place in zip(new, told, strict=True)
        if place is not None
    }
    return known | as_other_feeds_tell


def _fixtures(records: "list[MatchRecord]") -> "dict[tuple[str, str], Fixture]":
    from xgoals.model.folds import Fixture

    matches = [record.match for record in records]
    return {
        (m.provider, m.match_id): Fixture.of(m.provider, m.match_date, m.home.name, m.away.name)
        for m in matches
    }


def _champion(connection: "Connection") -> str:
    """The champion's name.

    Raises
    ------
    ModelError
        If there is no champion yet.
    """
    champion = registry.champion_name(connection)
    if champion is None:
        raise ModelError("there is no champion yet", advice="Run: xgoals run")
    return champion


def _shots_and_features(
    records: "list[MatchRecord]", catalogue: "Catalogue"
) -> "tuple[pd.DataFrame, pd.DataFrame]":
    """Shots and their features; an impossible value is missing, and told."""
    from xgoals.features.notes import features_with_notes
    from xgoals.features.scenes import Scenes

    scenes = Scenes.of(records)
    X, notes = features_with_notes(scenes.shots, scenes.people, catalogue)
    for note in notes:
        log.warning("match %s, %s: %s; left missing", note.match_id, note.place, note.reason)
    return scenes.shots, X


def write_table(frame: "pd.DataFrame", to: Path) -> int:
    """Write a table by the file's ending, whole or not at all; how many rows.

    Raises
    ------
    SettingsError
        If it ends neither in .parquet nor in .csv.
    """
    if to.suffix not in (".parquet", ".csv"):
        raise SettingsError("unknown ending", where=str(to), advice="Let the name end in .parquet or .csv")
    with whole_file(to) as unfinished:
        if to.suffix == ".parquet":
            frame.to_parquet(unfinished, index=False)
        else:
            # Given a path, pandas lets a full disk pass unsaid.
            with unfinished.open("w", encoding="utf-8", newline="") as file:
                without_formulas(frame).to_csv(file, index=False)
    return len(frame)


def without_formulas(frame: "pd.DataFrame") -> "pd.DataFrame":
    """The same for a spreadsheet: text that one would take for a formula has an apostrophe before it.

    Names come from feeds, and a cell ``=HYPERLINK(...)`` would be run by whoever opens the file. Numbers stay as
    they are; `pandas.read_csv` reads the text back, apostrophe included.
    """
    texts = frame.select_dtypes(["object", "string", "category"])
    safe = {
        name: column.astype(object).map(lambda value: f"'{value}" if _is_formula(value) else value)
        for name, column in texts.items()
    }
    return frame.assign(**{str(name): column for name, column in safe.items()})


def _is_formula(value: object) -> bool:
    return isinstance(value, str) and value.startswith(FORMULA_STARTS) and not _NUMBER.fullmatch(value)
