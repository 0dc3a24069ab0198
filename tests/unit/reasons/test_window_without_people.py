"""A window of a feed without positions: shots are compared by place and strike, keeper and opponents have no value."""

import hashlib
import random
from contextlib import suppress

import numpy as np
import pandas as pd
import pytest
from drawn import draw, frozen, matches_of

from xgoals.domain.errors import ModelError
from xgoals.domain.reason import Part
from xgoals.features.build import build_features
from xgoals.features.catalogue import EVENTS_9
from xgoals.features.scenes import Scenes
from xgoals.reasons.frozen import FrozenWindow, freeze
from xgoals.reasons.judges import Judge
from xgoals.reasons.of_shots import compare, reasons_of

NOBODY = pd.DataFrame({name: [] for name in ("row", "x_m", "y_m", "is_teammate", "is_keeper")}, dtype=object)
"""As a database answers where there is nobody: without types."""


class Arithmetic(Judge):
    """A model of events: distance and strike, and where the first touch is not known."""

    def __init__(self):
        super().__init__((), np.empty(0, dtype=np.int64))

    def __call__(self, rows, shot):
        named = dict(zip(EVENTS_9.names, rows.T, strict=True))
        strike = np.where(np.isnan(named["StrikeType"]), 5.0, named["StrikeType"])
        return 0.3 - 0.005 * named["DistanceToGoal"] + 0.01 * strike + 0.02 * (named["Header"] == 1)


def without_people(n: int, seed: int, *, strike: str = "direct") -> Scenes:
    return Scenes(draw(n, seed).shots.assign(ball_control=strike), NOBODY.astype({"row": int}))


def window_of(scenes: Scenes) -> FrozenWindow:
    features = build_features(scenes, EVENTS_9).to_numpy(dtype=np.float64)
    shots = scenes.shots.assign(shot_key=np.arange(len(scenes)))
    return freeze(shots, NOBODY, features, matches_of(scenes))


def test_it_is_frozen_and_comes_back():
    window = window_of(without_people(300, 1))
    content = window.packed()
    back = FrozenWindow.unpacked(content, hashlib.sha256(content).hexdigest())
    assert len(back) == 300
    assert len(back.scenes.people) == 0
    assert len(back.pool) == (~window.is_penalty).sum()
    assert frozen(draw(300, 1)).pool.scenes.people["is_keeper"].any(), "with keepers, only shots at keepers"


def test_damaged_bytes_are_refused_whatever_their_checksum_says():
    content, chance = window_of(without_people(60, 1)).packed(), random.Random(5)
    for _ in range(40):
        at = chance.randrange(len(content))
        damaged = chance.choice(
            [content[:at], content[at:], content[:at] + b"\x7f" * 60 + content[at + 60 :]]
        )
        sha256 = hashlib.sha256(damaged).hexdigest()
        for said in (sha256, hashlib.sha256(content).hexdigest()):
            with suppress(ModelError):  # nothing else; a prefix of the archive may be passed over
                FrozenWindow.unpacked(damaged, said)
    with pytest.raises(ModelError, match="are not those that were frozen"):
        FrozenWindow.unpacked(content[:200], hashlib.sha256(content[:200]).hexdigest())


def test_place_and_strike_add_up_and_nobody_takes_anything():
    window, asked = window_of(without_people(400, 1)), without_people(60, 9)
    features = build_features(asked, EVENTS_9).to_numpy(dtype=np.float64)
    compared = compare(asked, features, matches_of(asked), window, EVENTS_9)
    found = reasons_of(compared, matches_of(asked), Arithmetic(), 0.1, ())
    parts, plays = found.parts, compared.references.is_known.any(axis=1)
    assert plays.sum() > 40
    of = {part: parts[plays][:, number] for number, part in enumerate(Part)}
    assert np.isnan(of[Part.KEEPER]).all()
    assert np.isnan(of[Part.OPPONENTS]).all()
    xg = Arithmetic()(features, None)[plays]
    assert np.allclose(0.1 + of[Part.PLACE] + of[Part.STRIKE], xg, atol=1e-9)
    assert np.ptp(of[Part.PLACE]) > 0.02
