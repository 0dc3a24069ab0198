"""Which matches are compared where all would take too long: whole ones, the same ones whatever the order."""

import numpy as np
import pandas as pd

from xgoals.steps.explaining.own_baselines.stored import StoredShots, whole_matches


def stored(matches):
    """Shots of matches: ``{match: how many}``."""
    names = [name for name, n in matches.items() for _ in range(n)]
    yes = np.ones(len(names), dtype=bool)
    return StoredShots(
        pd.DataFrame({"provider": "a", "match_id": names}), np.zeros(len(names), dtype=np.int64), yes, yes
    )


def kept(shots, most):
    return whole_matches(shots, most).shots["match_id"].value_counts().to_dict()


SIZES = {f"m{number}": 2 + number % 5 for number in range(20)}


def test_whole_matches_as_many_as_there_is_room_for():
    found = kept(stored(SIZES), 30)
    assert found.items() <= SIZES.items()
    assert 30 - 6 < sum(found.values()) <= 30


def test_the_same_ones_from_any_order_and_all_where_there_is_room():
    turned = dict(reversed(SIZES.items()))
    assert kept(stored(turned), 30) == kept(stored(SIZES), 30)
    everything = stored(SIZES)
    assert whole_matches(everything, sum(SIZES.values())) is everything


def test_one_match_in_any_case():
    assert len(kept(stored(SIZES), 1)) == 1
