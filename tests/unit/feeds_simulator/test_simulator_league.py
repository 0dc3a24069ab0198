"""The league as a league: reproducible, scores that add up, a real calendar, plausible matches."""

import hashlib
import itertools
import os
import subprocess
import sys
from collections import Counter
from datetime import date

import numpy as np
import pytest

from xgoals.domain.errors import SettingsError
from xgoals.domain.scene import MatchRecord
from xgoals.feeds.simulator import simulate_league, simulate_matchday


class TestReproducible:
    def test_the_same_seed_gives_the_same_records(self, league: list[MatchRecord]) -> None:
        first = list(itertools.islice(simulate_league(), 40))
        assert first == league[:40]

    def test_another_seed_gives_others(self, league: list[MatchRecord]) -> None:
        assert next(simulate_league(seed=2)).shots != league[0].shots

    @pytest.mark.parametrize(("season", "matchday"), [(1, 1), (2, 17), (3, 34)])
    def test_a_matchday_alone_is_the_one_of_the_league(
        self, league: list[MatchRecord], season: int, matchday: int
    ) -> None:
        start = (season - 1) * 306 + (matchday - 1) * 9
        assert simulate_matchday(season, matchday) == league[start : start + 9]

    def test_the_league_goes_on_after_the_last_season(self, league: list[MatchRecord]) -> None:
        known = {r.match.match_id for r in league}
        coming = simulate_matchday(4, 1)
        assert {r.match.season for r in coming} == {"2026/27"}
        assert not known & {r.match.match_id for r in coming}
        assert {r.match.home for r in coming} < {r.match.home for r in league}

    def test_another_process_with_another_hash_seed_gives_the_same(self, league: list[MatchRecord]) -> None:
        code = (
            "import hashlib;from xgoals.feeds.simulator import simulate_matchday;"
            "print(hashlib.sha256(repr(simulate_matchday(1, 1)).encode()).hexdigest())"
        )
        environment = {**os.environ, "PYTHONHASHSEED": "7"}
        out = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment
        )
        assert out.stdout.strip() == hashlib.sha256(repr(league[:9]).encode()).hexdigest()


class TestScores:
    def test_the_score_is_the_number_of_goals(self, league: list[MatchRecord]) -> None:
        for record in league:
            goals = Counter(s.team_id for s in record.shots if s.is_goal)
            match = record.match
            assert (match.home_score, match.away_score) == (
                goals[match.home.team_id],
                goals[match.away.team_id],
            )

    def test_results_look_like_football(self, league: list[MatchRecord]) -> None:
        scores = [(r.match.home_score or 0, r.match.away_score or 0) for r in league]
        assert 0.38 < np.mean([h > a for h, a in scores]) < 0.50
        assert 0.20 < np.mean([h == a for h, a in scores]) < 0.30
        assert 2.4 < np.mean([h + a for h, a in scores]) < 3.1
        assert max(max(s) for s in scores) <= 10

    def test_clubs_differ_and_the_better_shots_win(self, league: list[MatchRecord]) -> None:
        points: Counter[str] = Counter()
        xg_difference: Counter[str] = Counter()
        for record in league:
            match = record.match
            for mine, other, won in ((match.home, match.away, 1), (match.away, match.home, -1)):
                margin = won * ((match.home_score or 0) - (match.away_score or 0))
                points[mine.name] += 3 if margin > 0 else int(margin == 0)
                for shot in record.shots:
                    sign = 1 if shot.team_id == mine.team_id else -1
                    assert shot.team_id in (mine.team_id, other.team_id)
                    xg_difference[mine.name] += sign * (shot.provider_xg or 0)  # type: ignore[assignment]
        names = sorted(points)
        per_season = np.array([points[n] for n in names]) / 3
        assert 55 < per_season.max() < 90
        assert 15 < per_season.min() < 40
        assert np.corrcoef(per_season, [xg_difference[n] for n in names])[0, 1] > 0.85


class TestCalendar:
    def test_everybody_meets_everybody_at_home_and_away(self, league: list[MatchRecord]) -> None:
        for season in ("2023/24", "2024/25", "2025/26"):
            pairs = Counter(
                (r.match.home.name, r.match.away.name) for r in league if r.match.season == season
            )
            assert len(pairs) == 18 * 17
            assert set(pairs.values()) == {1}

    def test_each_matchday_every_club_plays_once(self, league: list[MatchRecord]) -> None:
        days: dict[tuple[str, int | None], list[str]] = {}
        for r in league:
            days.setdefault((r.match.season, r.match.matchday), []).extend(
                [r.match.home.name, r.match.away.name]
            )
        assert len(days) == 3 * 34
        assert all(len(clubs) == len(set(clubs)) == 18 for clubs in days.values())

    def test_nobody_is_at_home_more_than_three_times_running(self, league: list[MatchRecord]) -> None:
        for club in {r.match.home.name for r in league}:
            venues = [
                r.match.home.name == club
                for r in league[:306]
                if club in (r.match.home.name, r.match.away.name)
            ]
            assert max(len(list(run)) for _, run in itertools.groupby(venues)) <= 3
            assert sum(venues) == 17

    def test_matches_are_played_friday_to_sunday_from_august_to_may(self, league: list[MatchRecord]) -> None:
        for record in league:
            match = record.match
            assert match.kick_off is not None
            assert match.match_date == match.kick_off.date()
            assert match.match_date.weekday() in (4, 5, 6)
            year = int(match.season[:4])
            assert date(year, 8, 12) <= match.match_date <= date(year + 1, 5, 31)

    def test_kick_offs_rise_within_the_league(self, league: list[MatchRecord]) -> None:
        times = [r.match.kick_off for r in league]
        assert times == sorted(times, key=lambda t: t.timestamp() if t else 0)


class TestMatches:
    def test_ids_are_unique(self, league: list[MatchRecord]) -> None:
        shots = [s.shot_id for r in league for s in r.shots]
        assert len(shots) == len(set(shots))
        assert len({r.match.match_id for r in league}) == len(league)

    def test_shots_come_in_order_and_scenes_beside_them(self, league: list[MatchRecord]) -> None:
        for record in league:
            assert [s.event_n for s in record.shots] == list(range(len(record.shots)))
            assert [s.shot_id for s in record.shots] == [s.shot_id for s in record.scenes]
            clock = [(s.period, s.period_time_s, s.event_time) for s in record.shots]
            assert clock == sorted(clock)
            assert {s.period for s in record.shots} <= {1, 2}
            assert all(s.minute == 45 * (s.period - 1) + (s.period_time_s or 0) // 60 for s in record.shots)
            assert all(0 <= (s.period_time_s or 0) < 54 * 60 for s in record.shots)

    def test_rebounds_follow_within_five_seconds_on_a_shot_that_stayed_out(
        self, league: list[MatchRecord]
    ) -> None:
        rebounds = 0
        for record in league:
            for before, shot in itertools.pairwise(record.shots):
                gap = (shot.period_time_s or 0) - (before.period_time_s or 0)
                if shot.set_up == "rebound":
                    rebounds += 1
                    assert 1 <= gap <= 5
                    assert before.outcome in ("saved", "blocked", "woodwork")
                    assert before.team_id == shot.team_id
                elif before.period == shot.period:
                    assert gap > 15
            assert not record.shots or record.shots[0].set_up != "rebound"
        assert 0.03 < rebounds / sum(len(r.shots) for r in league) < 0.06

    def test_frames_and_event_clock_agree(self, league: list[MatchRecord]) -> None:
        offsets = []
        for record in league:
            for shot, scene in zip(record.shots, record.scenes, strict=True):
                assert scene.frame_n is not None
                assert scene.clock_offset_s is not None
                frame_s = (scene.frame_n - (10_000 if shot.period == 1 else 100_000)) / 25
                assert shot.period_time_s == pytest.approx(frame_s + scene.clock_offset_s, abs=0.006)
                offsets.append(scene.clock_offset_s)
        assert np.mean(offsets) == pytest.approx(0.8, abs=0.06)
        assert np.std(offsets) == pytest.approx(1.65, abs=0.08)
        assert (min(offsets), max(offsets)) >= (-2.5, -2.5)
        assert max(offsets) <= 6

    def test_everybody_is_on_the_pitch_and_slower_than_the_fastest(self, league: list[MatchRecord]) -> None:
        for record in league:
            for shot, scene in zip(record.shots, record.scenes, strict=True):
                places = [(shot.x_m, shot.y_m), *((p.x_m, p.y_m) for p in scene.people)]
                assert all(
                    x is not None and abs(x) <= 52.5 and y is not None and abs(y) <= 34 for x, y in places
                )
                assert all(np.hypot(p.vx_ms or 0, p.vy_ms or 0) < 9.5 for p in scene.people)

    def test_people_belong_to_the_right_side_and_nobody_is_there_twice(
        self, league: list[MatchRecord]
    ) -> None:
        for record in league[:60]:
            club = {p.player_id: p.player_id[:7] for p in record.players}
            assert len(club) == len(record.players)
            for shot, scene in zip(record.shots, record.scenes, strict=True):
                assert shot.player_id is not None
                there = [shot.player_id, *(p.player_id for p in scene.people)]
                assert len(there) == len(set(there))
                for person in scene.people:
                    assert person.player_id is not None
                    assert (club[person.player_id] == club[shot.player_id]) == person.is_teammate

    def test_all_of_it_says_that_it_is_simulated(self, league: list[MatchRecord]) -> None:
        assert {(r.match.provider, r.match.is_simulated) for r in league} == {("simulated", True)}

    def test_forwards_score_most(self, league: list[MatchRecord]) -> None:
        goals = Counter((r.match.season, s.player_id) for r in league for s in r.shots if s.is_goal)
        assert 10 <= goals.most_common(1)[0][1] <= 35


class TestSmallLeagues:
    def test_four_clubs_play_six_matchdays(self) -> None:
        records = list(simulate_league(seasons=1, clubs=4))
        assert len(records) == 12
        assert {r.match.matchday for r in records} == set(range(1, 7))

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            ({"clubs": 5}, "5 clubs"),
            ({"clubs": 2}, "2 clubs"),
            ({"clubs": 20}, "20 clubs"),
            ({"seasons": 0}, "season 0"),
            ({"seed": -1}, "negative"),
        ],
    )
    def test_impossible_leagues_are_refused(self, arguments: dict[str, int], message: str) -> None:
        with pytest.raises(SettingsError, match=message):
            next(simulate_league(**arguments))

    @pytest.mark.parametrize("matchday", [0, 35])
    def test_impossible_matchdays_are_refused(self, matchday: int) -> None:
        with pytest.raises(SettingsError, match="1 to 34"):
            simulate_matchday(1, matchday)
