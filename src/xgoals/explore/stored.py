"""A stored shot as a scene to start from."""

from dataclasses import asdict, dataclass
from typing import Any

from pydantic import ValidationError
from sqlalchemy import Connection

from xgoals.domain.errors import XgoalsError
from xgoals.explore.scene import PostedScene, problems_of
from xgoals.language import Language
from xgoals.report.words.clock import clock
from xgoals.store.explored.scene import StoredScene, read_scene
from xgoals.store.explored.shots import shots_with_keys


class SceneError(XgoalsError):
    """A stored scene that cannot be taken over as it is."""


@dataclass(frozen=True, slots=True)
class Start:
    """A stored shot to start from.

    Attributes
    ----------
    scene
        What can be posted, with ``shot``.
    names
        Of everybody, in the order of the scene's people; None where nobody is named.
    title
        "Granada – Barcelona, 14 May 2016, 10′".
    published_xg
        None where nothing is published yet.
    """

    scene: dict[str, Any]
    names: tuple[str | None, ...]
    shooter: str | None
    team: str
    title: str
    outcome: str
    is_goal: bool
    published_xg: float | None


def start_from(
    connection: Connection, provider: str, match_id: str, shot_id: str, words: Language
) -> Start | None:
    """A stored shot to start from; None where there is none that counts.

    Raises
    ------
    SceneError
        If its scene is one that nobody may post: without a place, or with somebody far off the pitch.
    """
    scene = read_scene(connection, provider, match_id, shot_id)
    if scene is None:
        return None
    (shot,) = shots_with_keys(connection, [scene.shot_key])
    return Start(
        scene=posted_scene(scene, (shot.provider, shot.match_id, shot.shot_id)).model_dump(
            mode="json", by_alias=True
        ),
        names=tuple(person.name or None for person in scene.people),
        shooter=shot.player,
        team=shot.team,
        title=f"{shot.match}, {words.day(shot.match_date)}, {clock(asdict(shot))}",
        outcome=shot.outcome,
        is_goal=shot.is_goal,
        published_xg=shot.xg,
    )


def posted_scene(scene: StoredScene, key: tuple[str, str, str]) -> PostedScene:
    """A stored scene as it can be posted; ``key`` is the shot's provider, match and id.

    Raises
    ------
    SceneError
        If nobody may post it.
    """
    provider, match_id, shot_id = key
    since = scene.since_own_shot_s
    values = {
        **{name: getattr(scene, name) for name in ("x_m", "y_m", "body_part", "shot_type", "ball_control", "set_up")},
        **{name: getattr(scene, name) for name in ("technique", "shooter_vx_ms", "shooter_vy_ms")},
        "is_won_in_the_air": scene.is_won_in_the_air,
        "since_own_shot_s": since if since is not None and 0 <= since <= 3600 else None,
        "people": [
            {
                "x_m": person.x_m, "y_m": person.y_m, "is_teammate": person.is_teammate,
                "is_keeper": person.is_keeper, "name": person.name,
            }
            for person in scene.people
        ],
        "pitch": {"length_m": scene.pitch_length_m, "width_m": scene.pitch_width_m},
        "shot": {"provider": provider, "match_id": match_id, "shot_id": shot_id},
    }  # fmt: skip
    try:
        return PostedScene.model_validate(values, strict=False)
    except ValidationError as error:
        (first, *_) = problems_of(error)
        raise SceneError(
            f"this shot cannot be explored as it is stored: {first['field']}, {first['problem']}",
            where="/".join(key),
            advice="Start from another shot",
        ) from None
