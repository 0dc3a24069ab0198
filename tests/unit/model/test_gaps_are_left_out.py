"""A provider of which a gap knows the outcome teaches nobody, stops nobody, and is named with what to do."""

import numpy as np
import pandas as pd
import pytest

from xgoals.features.catalogue import BEST_17, CATALOGUES, EVENTS_9, NEED_A_FRAME
from xgoals.model.shots.learnt_from import learnt_from

N = 400


def shots(provider: str, catalogue=EVENTS_9, **columns) -> pd.DataFrame:
    """40 goals and 360 other shots of one provider, all features known but those given."""
    known = pd.DataFrame({name: np.ones(N) for name in catalogue.names})
    key = {"provider": provider, "is_goal": np.arange(N) < 40, "is_penalty": False}
    return known.assign(**key, **columns)


IS_GOAL = np.arange(N) < 40


@pytest.mark.parametrize(
    ("catalogue", "feature"),
    [(c, name) for c in CATALOGUES.values() for name in c.names if name != "Penalty"],
)
def test_any_feature_whose_absence_knows_the_outcome_is_found(catalogue, feature):
    of_goals_alone = {feature: np.where(IS_GOAL, 1.0, np.nan)}
    known = learnt_from(shots("leaking", catalogue, **of_goals_alone), catalogue)
    assert known.n_left_out == N
    assert f"{feature} of leaking is missing in 0% of goals and 100% of other shots" in known.notes[0]


def test_only_the_provider_with_the_gap_is_left_out_and_the_note_says_what_to_do():
    stored = pd.concat([shots("leaking", Header=np.where(IS_GOAL, 1.0, np.nan)), shots("sound")])
    stored["provider"] = stored["provider"].astype("category")  # as they are read
    known = learnt_from(stored, EVENTS_9)
    assert set(known.shots["provider"].astype(str)) == {"sound"}
    assert (len(known.shots), known.n_left_out) == (N, N)
    (note,) = known.notes
    assert "No shot of leaking is learnt from until its feed leaves Header out of all shots" in note


@pytest.mark.parametrize("missing", [np.arange(N) % 4 == 0, np.ones(N, dtype=bool), np.zeros(N, dtype=bool)])
def test_a_gap_that_says_nothing_leaves_everything_as_it_is(missing):
    stored = shots("old", StrikeType=np.where(missing, np.nan, 3.0))
    known = learnt_from(stored, EVENTS_9)
    assert known.shots is stored
    assert (known.n_left_out, known.notes) == (0, ())


@pytest.mark.parametrize(("n_frames", "is_advised"), [(0, True), (19, True), (20, False), (N, False)])
def test_events_9_is_advised_where_fewer_than_one_in_twenty_shots_have_positions(n_frames, is_advised):
    has_frame = np.random.default_rng(1).permutation(N) < n_frames
    hidden = {name: np.where(has_frame, 1.0, np.nan) for name in BEST_17.names if name in NEED_A_FRAME}
    known = learnt_from(shots("events", BEST_17, **hidden), BEST_17)
    assert len(known.shots) == N
    if not is_advised:
        assert known.notes == ()
        return
    (note,) = known.notes
    assert note.startswith(f"{n_frames} of {N} shots have positions of players")
    assert 'catalogue = "events-9" below [training] in xgoals.toml' in note


def test_who_is_on_events_9_needs_no_advice():
    assert learnt_from(shots("events"), EVENTS_9).notes == ()
