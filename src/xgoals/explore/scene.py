"""The scene that a program or a page posts, as JSON: the domain's own words and units, checked field by field."""

from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from xgoals.domain.pitch import Pitch
from xgoals.domain.scene import FrameSource, Person, Scene
from xgoals.domain.shot import BallControl, BodyPart, Outcome, SetUp, Shot, ShotType, Technique
from xgoals.scoring import SHOT_ID

MARGIN_M = 10.0
"""How far beyond the lines somebody may stand."""

_Metres = Annotated[float, Field(allow_inf_nan=False)]
_Id = Annotated[str, Field(max_length=200, pattern=r"^[^\x00]+$")]
_Speed = Annotated[float, Field(ge=-15, le=15, allow_inf_nan=False)]


class Posted(BaseModel):
    """What is posted: nothing beside its fields, and each of the type that it says."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class PostedPitch(Posted):
    """The pitch that the coordinates are on."""

    length_m: _Metres = Field(105.0, ge=80, le=130, description="Length in metres, 80 to 130")
    width_m: _Metres = Field(68.0, ge=40, le=100, description="Width in metres, 40 to 100")


class PostedPerson(Posted):
    """Somebody other than the shooter."""

    x_m: _Metres = Field(description="Metres from the pitch's centre towards the goal attacked")
    y_m: _Metres = Field(description="Metres from the pitch's centre to the attacker's left")
    is_teammate: bool = Field(description="Whether he plays for the shooter's team")
    is_keeper: bool = Field(False, description="Whether he keeps a goal")
    name: Annotated[str, Field(max_length=100)] = Field("", description="What he is called in sentences")


class PostedShot(Posted):
    """The stored shot that a scene began with."""

    provider: _Id = Field(description="The shot's provider")
    match_id: _Id = Field(description="The provider's id of the match")
    shot_id: _Id = Field(description="The provider's id of the shot")


class PostedScene(Posted):
    """One shot and everybody around it.

    The origin is the pitch's centre, x runs towards the goal attacked, y to the attacker's left, all in metres: the
    goal attacked is centred at ``(length_m / 2, 0)``.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "x_m": 41.5, "y_m": 3.0, "body_part": "right_foot", "set_up": "cross", "ball_control": "direct",
                "people": [
                    {"x_m": 51.5, "y_m": 0.5, "is_teammate": False, "is_keeper": True},
                    {"x_m": 44.0, "y_m": 2.0, "is_teammate": False},
                    {"x_m": 40.0, "y_m": -6.0, "is_teammate": True},
                ],
            }
        }
    )  # fmt: skip

    x_m: _Metres = Field(
        description="The shot's place: metres from the pitch's centre towards the goal attacked"
    )
    y_m: _Metres = Field(
        description="The shot's place: metres from the pitch's centre to the attacker's left"
    )
    body_part: BodyPart = Field(description="What the ball was struck with")
    shot_type: ShotType = Field(
        ShotType.OPEN_PLAY, description="How the ball was put into play for the shot itself"
    )
    ball_control: BallControl = Field(
        BallControl.OTHER, description="What the shooter did with the ball before"
    )
    set_up: SetUp = Field(SetUp.OPEN_PLAY, description="How the chance came about")
    technique: Technique = Field(Technique.NORMAL, description="The manner of striking the ball")
    shooter_vx_ms: _Speed | None = Field(
        None, description="The shooter's speed towards the goal, m/s, -15 to 15"
    )
    shooter_vy_ms: _Speed | None = Field(None, description="The shooter's speed to the left, m/s, -15 to 15")
    is_won_in_the_air: bool = Field(
        False, description="Whether the shooter won the ball in the air against an opponent; of headers"
    )
    people: list[PostedPerson] = Field(
        default=[],
        max_length=22,
        description="Everybody else, at most 11 opponents and 10 teammates; may be empty",
    )
    pitch: PostedPitch = PostedPitch()
    since_own_shot_s: Annotated[float, Field(ge=0, le=3600, allow_inf_nan=False)] | None = Field(
        None,
        description="Seconds since the same team's previous shot; between 1 and 5 it makes this one a rebound",
    )
    provider: Annotated[str, Field(max_length=200)] | None = Field(
        None, description="Whose the stored match is that the scene is from; with match_id"
    )
    match_id: Annotated[str, Field(max_length=200)] | None = Field(
        None, description="The stored match that the scene is from: a model that has not seen it answers"
    )
    started_from: PostedShot | None = Field(
        None,
        alias="shot",
        description="The stored shot that the scene began with, in place of provider and match_id",
    )

    @model_validator(mode="after")
    def _can_be(self) -> "PostedScene":
        """What no single field can know.

        Raises
        ------
        ValueError
            With the field's name before the colon.
        """
        places = [
            ("", self.x_m, self.y_m),
            *((f"people.{n}.", p.x_m, p.y_m) for n, p in enumerate(self.people)),
        ]
        for field, x_m, y_m in places:
            for name, value, side_m in (("x_m", x_m, self.pitch.length_m), ("y_m", y_m, self.pitch.width_m)):
                limit = side_m / 2 + (MARGIN_M if field else 0)
                if abs(value) > limit:
                    raise ValueError(f"{field}{name}: {value:g} m is off the pitch, it ends at {limit:g} m")
        n_teammates = sum(person.is_teammate for person in self.people)
        n_opponents = len(self.people) - n_teammates
        if n_teammates > 10 or n_opponents > 11:
            raise ValueError(
                f"people: {n_opponents} opponents and {n_teammates} teammates; at most 11 and 10 can be"
            )
        if sum(person.is_keeper and not person.is_teammate for person in self.people) > 1:
            raise ValueError("people: there is more than one keeper among the opponents")
        if (self.shooter_vx_ms is None) != (self.shooter_vy_ms is None):
            raise ValueError(
                "shooter_vx_ms: one component of the shooter's speed without the other says nothing"
            )
        if (self.provider is None) != (self.match_id is None):
            raise ValueError("match_id: provider and match_id name a match together")
        if self.started_from is not None and self.provider is not None:
            raise ValueError("shot: it names its match; leave provider and match_id out")
        return self

    @property
    def match(self) -> tuple[str, str] | None:
        """Provider and id of the match that the scene is from."""
        if self.started_from is not None:
            return self.started_from.provider, self.started_from.match_id
        return (self.provider, self.match_id) if self.provider and self.match_id else None

    def shot(self) -> Shot:
        """The shot, with an outcome that nothing reads."""
        return Shot(
            SHOT_ID, 0, 1, 0, 0, 0.0, "us", None, self.x_m, self.y_m, self.body_part, self.shot_type, Outcome.OTHER,
            self.ball_control, self.set_up, self.technique,
            raw={"aerial_won": "true"} if self.is_won_in_the_air else {},
        )  # fmt: skip

    def scene(self) -> Scene:
        """Everybody around it."""
        people = tuple(Person(p.x_m, p.y_m, p.is_teammate, p.is_keeper) for p in self.people)
        return Scene(
            SHOT_ID,
            people,
            FrameSource.FREEZE_FRAME if people else FrameSource.NONE,
            shooter_vx_ms=self.shooter_vx_ms,
            shooter_vy_ms=self.shooter_vy_ms,
        )

    def on_pitch(self) -> Pitch:
        """The pitch."""
        return Pitch(self.pitch.length_m, self.pitch.width_m)


class PostedPair(Posted):
    """Two scenes, to be held against each other."""

    a: PostedScene = Field(description="The scene that is explained")
    b: PostedScene = Field(description="The scene that it is held against")


def problems_of(error: ValidationError) -> list[dict[str, str]]:
    """What is wrong with a posted scene: ``field``, ``problem`` and ``advice`` for each mistake, ten at most."""
    return [_problem(entry) for entry in error.errors(include_url=False, include_input=False)[:10]]


def _problem(entry: Any) -> dict[str, str]:
    place: Sequence[str | int] = entry["loc"]
    field, problem = ".".join(map(str, place)), entry["msg"].removeprefix("Value error, ")
    if entry["type"] == "json_invalid":
        return {
            "field": "",
            "problem": problem,
            "advice": "Send one JSON object, as the example in /xgoals/openapi.json",
        }
    if entry["type"] == "value_error" and ": " in problem:
        field, problem = problem.split(": ", 1)
    if entry["type"] == "extra_forbidden":
        return {
            "field": field,
            "problem": "there is no such field",
            "advice": f"Fields: {_fields_beside(place)}",
        }
    name = field.rsplit(".", 1)[-1]
    return {"field": field, "problem": problem, "advice": _DESCRIPTIONS.get(name, "See /xgoals/openapi.json")}


def _fields_beside(place: Sequence[str | int]) -> str:
    owners: dict[str, type[BaseModel]] = {
        "people": PostedPerson, "pitch": PostedPitch, "shot": PostedShot, "a": PostedScene, "b": PostedScene,
    }  # fmt: skip
    inside = [owners[name] for name in map(str, place[:-1]) if name in owners]
    owner = inside[-1] if inside else PostedScene
    return ", ".join(field.alias or name for name, field in owner.model_fields.items())


_MODELS: tuple[type[BaseModel], ...] = (PostedPitch, PostedPerson, PostedShot, PostedScene, PostedPair)
_DESCRIPTIONS = {
    field.alias or name: field.description
    for model in _MODELS
    for name, field in model.model_fields.items()
    if field.description
}
