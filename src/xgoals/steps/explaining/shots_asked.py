"""Shots that a person names: found by a short name, refused where they cannot be explained."""

from difflib import get_close_matches

from sqlalchemy import Connection

from xgoals.domain.errors import ModelError, SettingsError
from xgoals.domain.model import ModelVersion
from xgoals.store.comparisons import shots_by_name as store
from xgoals.store.comparisons.shots_by_name import StoredShot

_SHOWN_NAMES = 5


def one_shot(connection: Connection, name: str, model: ModelVersion) -> StoredShot:
    """The stored shot of a name: ``provider/match/shot``, or a shorter end of it where no other has the same.

    Raises
    ------
    SettingsError
        If there is none (with the nearest names), or more than one.
    """
    found = store.find_shots(connection, name, model)
    if not found:
        raise SettingsError(
            f"no shot {name!r} is stored{_nearest(connection, name)}",
            advice="A shot is named provider/match/shot; xgoals export shots lists all of them",
        )
    if len(found) > 1:
        names = ", ".join(shot.name for shot in found[:_SHOWN_NAMES])
        more = f" and {len(found) - _SHOWN_NAMES} more" if len(found) > _SHOWN_NAMES else ""
        raise SettingsError(f"{len(found)} shots are called {name!r}", advice=f"Say which: {names}{more}")
    return found[0]


def features_of(shot: StoredShot, model: ModelVersion) -> list[float]:
    """The features of a shot that can be explained.

    Raises
    ------
    ModelError
        If it cannot be.
    """
    if shot.withdrawn_at is not None:
        raise ModelError(
            f"its feed took this shot back on {shot.withdrawn_at:%Y-%m-%d}: it counts nowhere",
            where=shot.name,
        )
    if shot.is_penalty:
        raise ModelError(
            "this is a penalty: it is worth the rate of all penalties, whoever stands where",
            where=shot.name,
            advice="Compare shots from play or free kicks",
        )
    if shot.feature_values is None:
        wanted = f"{model.catalogue} version {model.catalogue_version}"
        instead = f", only those of {', '.join(shot.other_catalogues)}" if shot.other_catalogues else ""
        raise ModelError(
            f"this shot has no features of {wanted}, which champion {model.model_version} reads{instead}",
            where=shot.name,
            advice="Run: xgoals features",
        )
    return shot.feature_values


def _nearest(connection: Connection, name: str) -> str:
    """A question for the names that are spelled much alike; empty where there are none."""
    known = {shot.rsplit("/", 1)[-1]: shot for shot in store.names_like(connection, name)}
    near = get_close_matches(name.rsplit("/", 1)[-1], list(known), n=3, cutoff=0.7)
    return f"; did you mean {' or '.join(known[end] for end in near)}?" if near else ""
