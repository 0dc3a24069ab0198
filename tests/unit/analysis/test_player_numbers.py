"""Players in numbers: goals against chance, among how many, kinds, likeness, reasons, what people take."""

from dataclasses import replace
from datetime import date
from itertools import product
from math import prod

import numpy as np
import pandas as pd
import pytest

from players_by_hand import BACK, BLUES, KEEPER, MAKER, REDS, STRIKER, everybody, shot
from xgoals.analysis.player.chances import chances, chances_faced
from xgoals.analysis.player.everybody import Seen
from xgoals.analysis.player.goals import MIN_SHOTS, goals_against_xg, looked_at
from xgoals.analysis.player.kinds import Band, Kinds, Situation, Strike, Zone, kinds_of
from xgoals.analysis.player.numbers import player_numbers
from xgoals.analysis.player.profile import Aspect, Profiles, kinds_of_shots, own_overlap
from xgoals.analysis.player.reasons import mean_shots, reasons_against_all
from xgoals.analysis.player.seasons import season_lines
from xgoals.analysis.player.takes import MIN_SHOTS_FACED, Taken, most_taken, taken_by, taken_per_shot
from xgoals.analysis.takers import ordinary_takes, takes_per_shot
from xgoals.domain.page_keys import MatchKey, PlayerKey, SeasonKey
from xgoals.domain.reason import Part

HEADER = Kinds(Zone.GOAL_AREA, Strike.HEAD, Situation.CORNER, Band.GOOD)


def test_goals_against_xg_is_exact():
    rng = np.random.default_rng(3)
    xg = rng.uniform(0.05, 0.6, 7).tolist()
    shots = [shot(n, xg=value, outcome="goal" if n < 5 else "off_target") for n, value in enumerate(xg)]
    found = goals_against_xg(shots)
    by_hand = np.zeros(8)
    for went_in in product((0, 1), repeat=7):
        by_hand[sum(went_in)] += prod(p if hit else 1 - p for p, hit in zip(xg, went_in, strict=True))
    assert found.distribution == pytest.approx(by_hand.tolist())
    assert (found.n_shots, found.goals, found.xg) == (7, 5, pytest.approx(sum(xg)))
    assert found.chance == pytest.approx(min(1, 2 * by_hand[5:].sum()))
    likely = [n for n in range(8) if by_hand[: n + 1].sum() > 0.025 and by_hand[n:].sum() > 0.025]
    assert (found.fewest, found.most) == (likely[0], likely[-1])


def test_rebounds_count_one_by_one_so_that_goals_minus_xg_are_0_on_average():
    first, second = 0.4, 0.7
    ends = [  # how often, the goals, the shots that there are then: no rebound after a goal
        (first, 1, [shot(1, xg=first)]),
        ((1 - first) * second, 1, [shot(1, xg=first), shot(2, xg=second)]),
        ((1 - first) * (1 - second), 0, [shot(1, xg=first), shot(2, xg=second)]),
    ]
    mean = sum(
        often * (goals - sum(n * p for n, p in enumerate(goals_against_xg(shots).distribution)))
        for often, goals, shots in ends
    )
    assert mean == pytest.approx(0.0)


def test_nobody_without_shots_is_lucky():
    found = goals_against_xg([])
    assert (found.n_shots, found.goals, found.fewest, found.most, found.chance) == (0, 0, 0, 0, 1.0)


def test_one_player_is_held_against_all_with_enough_shots():
    def player(goals: int, n: int = MIN_SHOTS):
        return [shot(i, xg=0.1, outcome="goal" if i < goals else "saved") for i in range(n)]

    penalties = [shot(100 + i, is_penalty=True, xg=0.78, outcome="goal") for i in range(5)]
    all_ = [player(3), player(3), player(3), player(30), player(2, MIN_SHOTS - 1), player(7) + penalties]
    found = looked_at(all_, MIN_SHOTS)
    assert len(found.chances) == 5  # one has too few
    usual, sharp, hot = (found.among(goals_against_xg(player(n))) for n in (3, 30, 7))
    assert usual.n_as_rare == 5
    assert not usual.is_beyond_chance
    assert (sharp.n_as_rare, sharp.is_beyond_chance) == (1, True)
    assert (hot.n_as_rare, hot.is_beyond_chance) == (
        2,
        False,
    )  # his own chance is near .05, and five are looked at
    assert hot.by_chance == pytest.approx(5 * goals_against_xg(player(7)).chance)
    assert found.among(goals_against_xg(player(2, MIN_SHOTS - 1))) is None


def test_kinds_at_their_borders():
    def kinds(**columns):
        row = {
            "x_m": 42.5, "y_m": 0.0, "pitch_length_m": 105.0, "body_part": "right_foot", "shot_type": "open_play",
            "set_up": "open_play", "xg": 0.1,
        }  # fmt: skip
        return kinds_of(pd.DataFrame([row | columns]))[0]

    zones = {
        (52.5 - 5.5, 9.16): Zone.GOAL_AREA, (52.5 - 5.6, 0): Zone.NEAR, (52.5 - 11, 0): Zone.NEAR,
        (52.5 - 16.5, 0): Zone.BOX, (52.5 - 16.5, 9.2): Zone.BOX_LEFT, (52.5 - 3, -9.2): Zone.BOX_RIGHT,
        (52.5 - 16.6, 12): Zone.EDGE, (52.5 - 25, 12.1): Zone.EDGE_LEFT, (52.5 - 20, -30): Zone.EDGE_RIGHT,
        (52.5 - 25.1, 0): Zone.FAR, (np.nan, 0): Zone.UNKNOWN,
    }  # fmt: skip
    assert {place: kinds(x_m=place[0], y_m=place[1]).zone for place in zones} == zones
    assert kinds(body_part="head").strike is Strike.HEAD
    assert kinds(shot_type="penalty", set_up="corner").situation is Situation.PENALTY
    assert kinds(shot_type="free_kick", set_up="free_kick").situation is Situation.DIRECT_FREE_KICK
    assert kinds(set_up="free_kick").situation is Situation.FREE_KICK
    assert kinds(set_up="rebound").situation is Situation.OPEN_PLAY
    assert [kinds(xg=xg).band for xg in (0.029, 0.03, 0.3)] == [Band.TINY, Band.SMALL, Band.LARGE]


def _profiles():
    far = Kinds(Zone.FAR, Strike.RIGHT_FOOT, Situation.OPEN_PLAY, Band.TINY)
    own = [far] * 20 + [HEADER] * 20
    others = {
        "twin": own,
        "header": [HEADER] * 40,
        "half": [replace(kinds, zone=Zone.EDGE) for kinds in own],
        "few": own[:29],
    }
    by_player = {
        PlayerKey("p", name): [shot(n, kinds=kinds) for n, kinds in enumerate(of)]
        for name, of in others.items()
    }
    by_player[STRIKER] = [shot(n, kinds=kinds) for n, kinds in enumerate(own)]
    by_player[STRIKER] += [shot(90 + n, is_penalty=True) for n in range(9)]
    shots = [of for own_shots in by_player.values() for of in own_shots]
    return Profiles.of(shots, by_player)


def test_the_likest_shots_are_those_of_the_same_kinds():
    alike = _profiles().most_like(STRIKER)
    assert [other.player.player_id for other in alike] == ["twin", "half", "header"]
    assert [other.overlap for other in alike] == pytest.approx([1.0, 0.75, 0.5])
    assert alike[0].n_shots == 40
    assert alike[1].by_aspect == pytest.approx(
        {Aspect.PLACE: 0.0, Aspect.STRIKE: 1.0, Aspect.SITUATION: 1.0, Aspect.QUALITY: 1.0}
    )


def test_what_two_share_is_what_both_do_more_than_all():
    twin = _profiles().most_like(STRIKER)[0]
    assert twin.traits
    for trait in twin.traits:
        assert min(trait.own, trait.other) > trait.average
        assert not isinstance(trait.kind, Band)


def test_few_shots_have_no_likeness():
    assert _profiles().most_like(PlayerKey("p", "few")) == ()
    assert _profiles().most_like(PlayerKey("p", "nobody")) == ()


def test_halves_of_one_kind_are_the_same_and_mixed_ones_less():
    same = [shot(n) for n in range(30)]
    mixed = [shot(n, kinds=HEADER) if n % 3 == 0 else shot(n) for n in range(30)]
    assert own_overlap(same) == pytest.approx(1.0)
    assert 0.7 < own_overlap(mixed) < 1.0
    assert own_overlap(mixed) == own_overlap(mixed)


def test_shares_by_kind_have_their_intervals_and_leave_penalties_out():
    shots = [shot(n, kinds=HEADER, xg=0.2, outcome="goal" if n == 0 else "saved") for n in range(10)]
    shots += [shot(20 + n) for n in range(30)] + [shot(99, is_penalty=True)]
    found = kinds_of_shots(shots, Profiles.of(shots, {}).average)
    heads = next(row for row in found[Aspect.STRIKE] if row.kind is Strike.HEAD)
    assert (heads.n_shots, heads.goals, heads.xg) == (10, 1, pytest.approx(2.0))
    assert heads.share == heads.average == 0.25
    assert heads.low < 0.25 < heads.high
    assert all(sum(row.share for row in rows) == pytest.approx(1.0) for rows in found.values())


def _with_reasons(n: int, *, place: float, people: bool = True, **changes):
    values = {Part.PLACE: place, Part.STRIKE: 0.01}
    if people:
        values |= {Part.KEEPER: 0.0, Part.OPPONENTS: -0.02}
    xg = 0.1 + sum(values.values())
    return shot(n, xg=xg, reasons=values, match=MatchKey("p", f"m{n % 8}"), **changes)


def test_reasons_add_up_to_the_whole_difference():
    own = [_with_reasons(n, place=0.05 + 0.001 * n) for n in range(24)]
    others = [_with_reasons(100 + n, place=0.0, shooter=MAKER) for n in range(60)]
    found = reasons_against_all(own, mean_shots([*own, *others]))
    assert [part.part for part in found.parts] == list(Part)
    assert sum(part.more for part in found.parts) == pytest.approx(found.xg - found.xg_of_all)
    place = found.parts[0]
    assert place.holds
    assert place.interval.low < place.more < place.interval.high
    assert not found.parts[1].holds  # all keepers alike


def test_where_nobody_s_position_is_known_place_and_strike_are_the_reasons():
    own = [_with_reasons(n, place=0.05, people=False) for n in range(24)]
    usual = mean_shots([*own, *(_with_reasons(100 + n, place=0.3) for n in range(50))])
    found = reasons_against_all(own, usual)
    assert [part.part for part in found.parts] == [Part.PLACE, Part.STRIKE]
    assert found.xg_of_all == pytest.approx(found.xg)  # the others' positions are known: another kind of shot


def test_too_few_reasons_are_no_mean():
    own = [_with_reasons(n, place=0.05) for n in range(19)] + [shot(50 + n) for n in range(20)]
    assert reasons_against_all(own, mean_shots(own)) is None


def test_chances_stand_in_one_list_each_and_penalties_in_none():
    shots = [shot(n, xg=n / 20, outcome="goal" if n % 2 else "off_target") for n in range(1, 19)]
    shots.append(shot(30, xg=0.99, is_penalty=True))
    found = chances(shots, 4)
    assert [of.shot_key for of in found.best] == [18, 17, 16, 15]
    assert [of.shot_key for of in found.missed] == [14, 12, 10, 8]
    assert [of.shot_key for of in found.unlikely] == [1, 3, 5, 7]


def test_saves_and_goals_let_in():
    shots = [shot(1, xg=0.3), shot(2, xg=0.6), shot(3, xg=0.9, outcome="off_target")]
    shots += [
        shot(4, xg=0.5, outcome="goal"),
        shot(5, xg=0.02, outcome="goal"),
        shot(6, xg=0.8, is_penalty=True),
    ]
    found = chances_faced(shots)
    assert [of.shot_key for of in found.saves] == [2, 1]
    assert [of.shot_key for of in found.let_in] == [5, 4]


def test_a_line_a_season_and_club_the_newest_first():
    old = replace(REDS, season=SeasonKey("League", "2022/2023"))
    shots = [
        shot(1, club=old, match_date=date(2023, 1, 1), outcome="goal"),
        shot(2, club=BLUES, match_date=date(2023, 9, 1), match=MatchKey("p", "m2")),
        shot(3, club=REDS, match_date=date(2024, 2, 1), match=MatchKey("p", "m3"), is_penalty=True, xg=0.78),
        shot(4, club=REDS, match_date=date(2024, 2, 1), match=MatchKey("p", "m3")),
    ]
    lines = season_lines(shots, lambda of: of.club)
    assert [(line.club.name, line.club.season.season) for line in lines] == [
        ("Reds", "2023/2024"), ("Blues", "2023/2024"), ("Reds", "2022/2023"),
    ]  # fmt: skip
    assert (lines[0].n_matches, lines[0].everything.n_shots, lines[0].plain.n_shots) == (1, 2, 1)
    assert lines[2].everything.goals == 1


def _actors(n_shots: int, seed: int = 1):
    rng = np.random.default_rng(seed)
    rows = [
        (key, "p", player, is_keeper, float(rng.normal(0.02, 0.05)), True)
        for key in range(n_shots)
        for player, is_keeper in (("keeper", True), ("back", False), (f"other{key % 3}", False))
    ]
    columns = ["shot_key", "provider", "player_id", "is_keeper", "takes", "is_ordinary"]
    references = {key: rng.choice(n_shots, 6, replace=False).tolist() for key in range(n_shots)}
    return pd.DataFrame(rows, columns=columns), references


def test_takes_agree_with_the_export_s():
    frame, references = _actors(60)
    shots = {n: shot(n, match=MatchKey("p", f"m{n % 9}")) for n in range(60)}
    pairs = [(key, of) for key, found in references.items() for of in found]
    found = taken_by(frame, pd.DataFrame(pairs, columns=["shot_key", "reference_key"]), shots)
    exported = frame.assign(
        role=np.where(frame["is_keeper"], "keeper", "opponent"),
        match_id=[f"m{key % 9}" for key in frame["shot_key"]],
        player=frame["player_id"],
        team="Reds",
    )
    rows = takes_per_shot(exported.assign(ordinary=ordinary_takes(exported, references)))
    for role, key in (("keeper", KEEPER), ("opponent", BACK)):
        own = taken_per_shot(found[role][key])
        row = rows[(rows["player_id"] == key.player_id) & (rows["role"] == role)].iloc[0]
        assert (own.n_shots, own.n_matches) == (row["n_shots"], row["n_matches"])
        assert (own.takes, own.ordinary, own.more) == pytest.approx(
            (row["takes_per_shot"], row["ordinary_per_shot"], row["more"])
        )
        assert own.interval.low < own.more < own.interval.high


def test_what_is_taken_is_told_of_enough_shots_and_guesses_lead_no_list():
    taken = [Taken(shot(n), 0.01 * n, 0.01, n != 5) for n in range(MIN_SHOTS_FACED)]
    assert taken_per_shot(taken).n_guessed == 1
    assert taken_per_shot([*taken[1:], replace(taken[0], ordinary=None)]) is None
    most = most_taken(taken[:6], 3)
    assert [of.shot.shot_key for of in most] == [4, 3, 2]


def test_a_player_is_told_from_every_side():
    shots = [
        shot(n, outcome="goal" if n < 3 else "saved", maker=MAKER if n == 1 else None) for n in range(12)
    ]
    shots += [shot(20, is_penalty=True, xg=0.78), shot(21, keeper=None, outcome="off_target")]
    seen = {BACK: (Seen(REDS, 7, 2), Seen(BLUES, 5, 1))}
    all_ = everybody(shots, taken={"opponent": {BACK: [Taken(shots[0], 0.2, 0.1, True)]}}, seen=seen)
    striker, keeper, maker, back = (player_numbers(key, all_) for key in (STRIKER, KEEPER, MAKER, BACK))
    assert (striker.shooter.everything.n_shots, striker.shooter.plain.n_shots) == (14, 13)
    assert (striker.keeper, striker.opponent) == (None, None)
    assert (keeper.keeper.saved.n_goals, keeper.keeper.saved.n_shots) == (9, 12)
    assert (keeper.keeper.n_penalties, keeper.keeper.n_penalties_saved) == (1, 1)
    assert keeper.keeper.everything.goals == 3
    assert (maker.maker.n_shots, maker.maker.goals, maker.shooter) == (1, 1, None)
    assert (back.opponent.n_seen, back.opponent.n_changed, back.opponent.taken) == (12, 1, None)
    assert [of.takes for of in back.opponent.most] == [0.2]
    nobody = player_numbers(PlayerKey("p", "nobody"), all_)
    assert (nobody.name, nobody.shooter, nobody.maker, nobody.keeper, nobody.opponent) == (
        "",
        None,
        None,
        None,
        None,
    )
