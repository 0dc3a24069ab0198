"""One shot: id, team, time, place and values."""

from collections.abc import Mapping
from dataclasses import replace

from xgoals.domain.bounds import (
    EVENT_N,
    FIRST_MINUTE,
    OFFICIAL,
    PERIOD_S,
    PROBABILITY,
    SECOND,
    SHOT_END_HEIGHT_M,
    SHOT_OUTSIDE_M,
    YEAR,
    is_ball_place,
    is_on,
    minutes_of,
)
from xgoals.domain.circumstances import Assist, Circumstances, ShotEnd
from xgoals.domain.match import Match
from xgoals.domain.plausible.notes import Notes, shown
from xgoals.domain.shot import Shot
from xgoals.domain.text import MAX_ID_CHARS, MAX_NAME_CHARS, clean, shortened

LEFT_OUT = "Shot left out; correct it where the file comes from"
DUPLICATE = "Shot left out; ask the provider which of the two stands"


def id_or_none(identity: str | None) -> str | None:
    """A clean id, or None."""
    text = clean(identity or "")
    return text if 0 < len(text) <= MAX_ID_CHARS else None


def _word(text: str) -> str:
    return shortened(clean(text), MAX_NAME_CHARS)


class ShotGate:
    """Checks the shots of one match in their order."""

    def __init__(self, match: Match, notes: Notes) -> None:
        self._match = match
        self._notes = notes
        self._teams = (match.home.team_id, match.away.team_id)
        self._ids: set[str] = set()
        self._moments: dict[tuple[object, ...], Shot] = {}
        self._last: Shot | None = None

    def checked(self, shot: Shot) -> Shot | None:
        """The shot without what cannot be; None where it is left out."""
        team_id = clean(shot.team_id)
        shot_id = id_or_none(shot.shot_id) or self._made_id(shot)
        reason = self._why_not(shot, shot_id, team_id)
        if reason is not None:
            self._notes.add(*reason, advice=LEFT_OUT, shot_id=shot_id, severity="shot")
            return None
        kept = self._bounded(replace(shot, shot_id=shot_id, team_id=team_id))
        if self._is_double(kept):
            return None
        self._ids.add(shot_id)
        self._last = kept
        return kept

    def _made_id(self, shot: Shot) -> str:
        """An id of when the shot was, for one that came without."""
        made = f"no-id-{shown(shot.period)}-{shown(shot.minute)}-{shown(shot.second)}"
        n = 1
        while (name := made if n == 1 else f"{made}-{n}") in self._ids:
            n += 1
        advice = "It is called after its time, and is another shot once that is corrected"
        self._notes.add("id", "a shot without a usable id", advice=advice, shot_id=name, value=shot.shot_id)
        return name

    def _why_not(self, shot: Shot, shot_id: str, team_id: str) -> tuple[str, str] | None:
        if shot_id in self._ids:
            return "id", "a second shot with the same id"
        if team_id not in self._teams:
            return "team", f"a shot of team '{team_id}', which does not play in this match"
        if shot.period not in FIRST_MINUTE:
            word = (
                "a shoot-out is no shot for the model" if shot.period == 5 else "a match has periods 1 to 4"
            )
            return "period", f"a shot in period {shot.period} is left out ({word})"
        return None

    def _bounded(self, shot: Shot) -> Shot:
        notes, shot_id = self._notes, shot.shot_id
        period_time_s = notes.within(shot.period_time_s, PERIOD_S, "period_time_s", shot_id=shot_id)
        minute, second = self._clock(shot, period_time_s)
        x_m, y_m = self._place(shot)
        event_time = shot.event_time
        if event_time is not None and event_time.year not in YEAR:
            notes.cannot_be("event_time", event_time.isoformat(), f"years {YEAR}", shot_id=shot_id)
            event_time = None
        return replace(
            shot,
            event_n=self._event_n(shot),
            minute=minute,
            second=second,
            period_time_s=period_time_s,
            player_id=id_or_none(shot.player_id),
            x_m=x_m,
            y_m=y_m,
            event_time=event_time,
            provider_xg=notes.within(shot.provider_xg, PROBABILITY, "provider_xg", shot_id=shot_id),
            official=self._official(shot.official, shot_id),
            raw={_word(key): _word(word) for key, word in shot.raw.items()},
            circumstances=self._circumstances(shot),
        )

    def _event_n(self, shot: Shot) -> int:
        after = self._last.event_n if self._last else -1
        return shot.event_n if shot.event_n in EVENT_N and shot.event_n > after else after + 1

    def _clock(self, shot: Shot, period_time_s: float | None) -> tuple[int, int]:
        """Minute and second; by the clock of the half where they cannot be, else as the shot before."""
        possible = minutes_of(shot.period)
        if shot.minute in possible and shot.second in SECOND:
            return shot.minute, shot.second
        if period_time_s is not None:
            whole_s, source = int(period_time_s), "the half's clock says"
            minute, second = FIRST_MINUTE[shot.period] + whole_s // 60, whole_s % 60
        elif self._last is not None and self._last.period == shot.period:
            minute, second, source = self._last.minute, self._last.second, "as the shot before"
        else:
            minute, second, source = FIRST_MINUTE[shot.period], 0, "the half's start"
        field, value, can = ("minute", shot.minute, possible)
        if shot.minute in possible:
            field, value, can = ("second", shot.second, SECOND)
        told = f"{field} = {shown(value)} cannot be ({can} can)"
        advice = f"Taken as {minute}:{second:02d}, {source}; correct it where the file comes from"
        self._notes.add(field, told, advice=advice, shot_id=shot.shot_id, value=shown(value))
        return minute, second

    def _place(self, shot: Shot) -> tuple[float | None, float | None]:
        x_m, y_m = shot.x_m, shot.y_m
        if x_m is None or y_m is None or x_m != x_m or y_m != y_m:
            return None, None
        if is_on(self._match.pitch, x_m, y_m, SHOT_OUTSIDE_M):
            return x_m, y_m
        pitch = self._match.pitch
        reason = (
            f"a shot from x_m = {x_m:.6g}, y_m = {y_m:.6g} cannot be: more than {SHOT_OUTSIDE_M:g} m outside of "
            f"a pitch of {pitch.length_m:g} m x {pitch.width_m:g} m"
        )
        advice = "Its place is left missing; correct it where the file comes from"
        self._notes.add("place", reason, advice=advice, shot_id=shot.shot_id, value=f"({x_m:.6g}, {y_m:.6g})")
        return None, None

    def _circumstances(self, shot: Shot) -> Circumstances:
        said = shot.circumstances
        assist = said.assist and replace(said.assist, player_id=self._passer(shot, said.assist))
        return replace(said, assist=assist, end=self._end(said.end, shot.shot_id))

    def _passer(self, shot: Shot, assist: Assist) -> str | None:
        """Who played the pass; nobody passes to himself."""
        player_id = id_or_none(assist.player_id)
        if player_id is None or player_id != id_or_none(shot.player_id):
            return player_id
        self._notes.add("assist", "the shooter's own pass", shot_id=shot.shot_id, value=player_id)
        return None

    def _end(self, end: ShotEnd | None, shot_id: str) -> ShotEnd | None:
        if end is None or end.x_m != end.x_m or end.y_m != end.y_m:
            return None
        if not is_ball_place(self._match.pitch, end.x_m, end.y_m):
            place = f"({shown(end.x_m)}, {shown(end.y_m)})"
            self._notes.add("end", f"a shot that ends at {place} m cannot be", shot_id=shot_id, value=place)
            return None
        return replace(end, z_m=self._notes.within(end.z_m, SHOT_END_HEIGHT_M, "end_z_m", shot_id=shot_id))

    def _official(self, official: Mapping[str, float], shot_id: str) -> dict[str, float]:
        checked = {
            _word(name): self._notes.within(value, OFFICIAL, _word(name), shot_id=shot_id)
            for name, value in official.items()
        }
        return {name: value for name, value in checked.items() if value is not None}

    def _is_double(self, shot: Shot) -> bool:
        """Whether the same shot has come under another id; where they differ in their end both stay, with a note."""
        if shot.player_id is None or shot.x_m is None:
            return False
        moment = (shot.team_id, shot.player_id, shot.period, shot.minute, shot.second, shot.x_m, shot.y_m)
        first = self._moments.setdefault(moment, shot)
        if first is shot:
            return False
        is_same = (first.outcome, first.period_time_s) == (shot.outcome, shot.period_time_s)
        reason = (
            f"the same player, second ({shot.minute}:{shot.second:02d}) and place as shot {first.shot_id}: it seems "
            "to be the same shot under a second id"
        )
        advice = DUPLICATE if is_same else "Both count; ask the provider which of the two stands"
        self._notes.add(
            "id", reason, advice=advice, shot_id=shot.shot_id, severity="shot" if is_same else "value"
        )
        return is_same
