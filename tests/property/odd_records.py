"""Match records that the types allow, whatever they say: what readers might hand on, and worse."""

import math
from dataclasses import replace
from datetime import date
from typing import Any

from hypothesis import strategies as st

from xgoals.domain.circumstances import Assist, Circumstances, PassHeight, PassKind, ShotEnd
from xgoals.domain.incident import Incident, IncidentKind
from xgoals.domain.match import Match, OwnGoal, Player, Team
from xgoals.domain.pitch import Pitch
from xgoals.domain.scene import FrameSource, MatchRecord, Person, Scene
from xgoals.domain.shot import BallControl, BodyPart, Outcome, SetUp, Shot, ShotType, Technique

numbers = (
    st.floats(-60, 60) | st.floats() | st.sampled_from([0.0, 52.5, -52.5, 400.0, 1e308, -1e308, math.nan])
)
maybe = st.none() | numbers
counts = st.integers(-10, 200) | st.integers() | st.sampled_from([10**10, 10**400, -(10**400)])
texts = st.text(max_size=6) | st.sampled_from(["", "\0", "A\0B", "\ud800", "=1", "x" * 5000, "../.."])
ids = st.sampled_from([f"P{n}" for n in range(14)]) | texts
teams_of_a_shot = st.sampled_from(["H", "H", "H", "A"]) | texts

maybe_not = st.none() | st.booleans()
circumstances = st.builds(
    Circumstances,
    st.none()
    | st.builds(
        Assist, st.none() | ids, st.sampled_from(PassKind), st.none() | st.sampled_from(PassHeight), maybe_not
    ),
    st.none() | st.builds(ShotEnd, numbers, numbers, maybe),
    maybe_not, maybe_not, maybe_not, maybe_not, maybe_not, maybe_not,
)  # fmt: skip
people = st.builds(Person, numbers, numbers, st.booleans(), st.booleans(), st.none() | ids, maybe, maybe)
shots = st.builds(
    Shot, ids, counts, st.sampled_from([1, 2, 3, 4]) | counts, counts, counts, maybe, teams_of_a_shot, st.none() | ids,
    maybe, maybe, st.sampled_from(BodyPart), st.sampled_from(ShotType), st.sampled_from(Outcome),
    st.sampled_from(BallControl), st.sampled_from(SetUp), st.sampled_from(Technique),
    event_time=st.none() | st.datetimes(), provider_xg=maybe, raw=st.dictionaries(texts, texts, max_size=2),
    official=st.dictionaries(texts, numbers, max_size=2), circumstances=circumstances,
)  # fmt: skip
scenes = st.builds(
    Scene, ids, st.lists(people, max_size=26).map(tuple), st.sampled_from(FrameSource), st.none() | counts, maybe,
    maybe, maybe, maybe, maybe, maybe, maybe,
)  # fmt: skip
pitches = st.builds(Pitch, st.floats(90, 120), st.floats(45, 90))
matches = st.builds(
    Match, st.just("statsbomb"), st.just("M1"), ids, texts, ids, texts, st.just(date(2024, 5, 1)),
    st.builds(Team, st.just("H"), texts), st.builds(Team, st.just("A"), texts), pitches,
    matchday=st.none() | counts, stage=st.none() | texts, kick_off=st.none() | st.datetimes(),
    home_score=st.none() | counts, away_score=st.none() | counts,
)  # fmt: skip
players = st.builds(Player, ids, st.none() | texts, st.none() | texts)
own_goals = st.builds(
    OwnGoal, teams_of_a_shot, st.none() | ids, counts, st.none() | counts, st.none() | counts
)
incidents = st.builds(
    Incident, st.sampled_from(IncidentKind), teams_of_a_shot, st.none() | ids, counts, counts, counts,
    st.none() | ids,
)  # fmt: skip


@st.composite
def records(draw: Any) -> MatchRecord:
    """One to three shots with their frames, and whoever else a record has."""
    taken = draw(st.lists(shots, min_size=1, max_size=3))
    frames = [replace(draw(scenes), shot_id=shot.shot_id) for shot in taken]
    return MatchRecord(
        draw(matches),
        tuple(draw(st.lists(st.builds(Team, texts, texts), max_size=2))),
        tuple(draw(st.lists(players, max_size=3))),
        tuple(taken),
        tuple(frames),
        own_goals=tuple(draw(st.lists(own_goals, max_size=2))),
        incidents=tuple(draw(st.lists(incidents, max_size=2))),
    )


def sensible(record: MatchRecord) -> MatchRecord:
    """The same record with words and order as readers give them: only numbers and people are odd."""
    match = replace(
        record.match, competition="Cup", season="2024", home=Team("H", "Home"), away=Team("A", "Away")
    )
    named = [
        replace(shot, shot_id=f"S{n}", event_n=n, period=1, team_id="H", player_id=None)
        for n, shot in enumerate(record.shots)
    ]
    frames = [replace(scene, shot_id=f"S{n}") for n, scene in enumerate(record.scenes)]
    return replace(
        record,
        match=match,
        teams=(match.home, match.away),
        players=(),
        shots=tuple(named),
        scenes=tuple(frames),
    )
