"""A league in which everybody and everything bears a hostile name, ids too."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import cycle

from xgoals.domain.match import Match, Player, Team
from xgoals.domain.scene import MatchRecord
from xgoals.domain.text import is_id

Renamed = Callable[[str], str]


def with_hostile_names(
    records: Iterable[MatchRecord], names: Sequence[str], *, ids: bool = True
) -> Iterator[MatchRecord]:
    """The same matches: each name and id is one of these, wherever it comes again the same one.

    With ``ids`` every player, team, shot and match has an id made of such a name, too, as far as it may be one.
    """
    given = _Given(names)
    id_of = _Ids(names) if ids else str
    for record in records:
        yield _renamed(record, given, id_of)


class _Given:
    """One name after the other."""

    def __init__(self, names: Sequence[str]) -> None:
        self._next = cycle(names)
        self._given: dict[str, str] = {}

    def __call__(self, what: str) -> str:
        if what not in self._given:
            self._given[what] = next(self._next)
        return self._given[what]


class _Ids:
    """A name before the old id, which stays its own."""

    def __init__(self, names: Sequence[str]) -> None:
        self._given = _Given([name[:40] for name in names])

    def __call__(self, old: str) -> str:
        return f"{self._given(old)}{old}"


def _renamed(record: MatchRecord, name: Renamed, id_of: Renamed) -> MatchRecord:
    def known(old: str | None) -> str | None:
        return None if old is None else id_of(f"p{old}")

    match, shot_ids = record.match, {shot.shot_id: id_of(f"s{shot.shot_id}") for shot in record.shots}
    team_ids = {team.team_id: id_of(f"t{team.team_id}") for team in record.teams}
    teams = {team.team_id: Team(team_ids[team.team_id], name(f"team {team.name}")) for team in record.teams}
    return replace(
        record,
        match=_match(match, teams, name, id_of),
        teams=tuple(teams.values()),
        players=tuple(
            Player(id_of(f"p{one.player_id}"), name(f"player {one.player_id}"),
                   name(f"short {one.player_id}") if n % 3 == 0 else None)
            for n, one in enumerate(record.players)
        ),
        shots=tuple(
            replace(
                shot, shot_id=shot_ids[shot.shot_id], team_id=team_ids[shot.team_id], player_id=known(shot.player_id),
                raw={**shot.raw, name("raw key"): name(f"raw {n}")},
                circumstances=shot.circumstances if shot.circumstances.assist is None else replace(
                    shot.circumstances,
                    assist=replace(shot.circumstances.assist, player_id=known(shot.circumstances.assist.player_id)),
                ),
            )
            for n, shot in enumerate(record.shots)
        ),
        scenes=tuple(
            replace(scene, shot_id=shot_ids[scene.shot_id],
                    people=tuple(replace(one, player_id=known(one.player_id)) for one in scene.people))
            for scene in record.scenes
        ),
        clips=tuple(
            replace(clip, shot_id=shot_ids[clip.shot_id], player_ids=tuple(id_of(f"p{one}") for one in clip.player_ids))
            for clip in record.clips
        ),
        own_goals=tuple(
            replace(goal, team_id=team_ids[goal.team_id], player_id=known(goal.player_id))
            for goal in record.own_goals
        ),
        incidents=tuple(
            replace(one, team_id=team_ids[one.team_id], player_id=known(one.player_id),
                    replacement_id=known(one.replacement_id))
            for one in record.incidents
        ),
    )  # fmt: skip


def _match(match: Match, teams: dict[str, Team], name: Renamed, id_of: Renamed) -> Match:
    """A third of the matches is of a competition of its own, with stages in place of matchdays."""
    is_cup = (match.matchday or 0) % 3 == 0
    match_id = id_of(f"m{match.match_id}")
    kind = "cup" if is_cup else "league"
    return replace(
        match,
        match_id=match_id if is_id(match_id) else f"m{match.match_id}",
        competition=name(f"competition {kind}"),
        competition_id=id_of(kind),
        season=name(f"season {kind}"),
        season_id=id_of(f"season {kind}"),
        home=teams[match.home.team_id],
        away=teams[match.away.team_id],
        matchday=None if is_cup else match.matchday,
        stage=name(f"stage {match.matchday}") if is_cup else None,
    )
