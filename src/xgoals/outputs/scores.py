"""Scores for shots from outside: the champion's xG, nothing stored."""

import logging
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from xgoals.domain.errors import FeedError, Problem, SourceError
from xgoals.domain.model import CHAMPION, scored_by
from xgoals.feeds import discover_to_score
from xgoals.feeds.reading import read_all
from xgoals.outputs.identity import IDENTITY, champion_of
from xgoals.outputs.tables import write_table
from xgoals.settings import Database, Settings
from xgoals.store import features as feature_store
from xgoals.store import sisters as sister_store
from xgoals.store.database import connect
from xgoals.store.levels.judged import known_providers, read_levels
from xgoals.store.sisters import load_boosters

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
        champion = champion_of(connection)
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
    identity = shots[[column for column in IDENTITY if column in shots]]
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
