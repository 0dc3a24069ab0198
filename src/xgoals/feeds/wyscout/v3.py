"""Version 3: events with a type in words, and the provider's own xG."""

from collections.abc import Sequence

from xgoals.domain.bounds import FIRST_MINUTE
from xgoals.domain.shot import BallControl, BodyPart, Outcome, SetUp, Shot, ShotType, Technique
from xgoals.feeds.json_file import Json
from xgoals.feeds.json_values import id_of, items, number, obj, text_of, whole
from xgoals.feeds.wyscout import words
from xgoals.feeds.wyscout.shots import ShotReader


class ShotsV3(ShotReader):
    """Reads the events of one match."""

    def read(self, events: Sequence[Json]) -> None:
        """Append all shots and own goals."""
        for event in events:
            kind = obj(event.get("type"))
            primary, secondary = text_of(kind.get("primary")) or "", _words(kind.get("secondary"))
            period = words.PERIODS.get(str(event.get("matchPeriod")))
            shot_type = words.shot_type_v3(primary, secondary)
            if period == words.SHOOT_OUT:
                minute = whole(event.get("minute"))
                if (
                    shot_type not in (None, ShotType.PENALTY)
                    and minute is not None
                    and minute < FIRST_MINUTE[3]
                ):
                    self.note_no_shoot_out(event)
            elif shot_type is not None:
                self._shot(event, shot_type, secondary, period)
            elif primary == "own_goal" or "own_goal" in secondary:
                team_id = id_of(obj(event.get("team")).get("id"))
                self.own_goal(team_id, _player(event), whole(event.get("minute")) or 0, event)

    def _shot(self, event: Json, shot_type: ShotType, secondary: frozenset[str], period: int | None) -> None:
        shot_id = id_of(event.get("id")) or ""
        said, details = event.get("matchPeriod"), obj(event.get("shot"))
        if period is None:
            reason = f"a shot without its period: matchPeriod = {str(said)[:20]}"
            self.note(shot_id, "period", reason, "Shot left out; correct its period", severity="shot")
            return
        outcome = words.outcome_of_zone(details)
        if outcome is None:
            zone = str(details.get("goalZone"))[:20]
            reason = f"goalZone = {zone} does not say what became of the shot"
            self.note(shot_id, "outcome", reason, "It counts as no goal", zone)
        x_m, y_m = self.place(event.get("location"), shot_id)
        period_time_s = self._period_time_s(event.get("matchTimestamp"), period, shot_id)
        minute, second = whole(event.get("minute")), whole(event.get("second"))
        self.shots.append(
            Shot(
                shot_id=shot_id,
                event_n=len(self.shots),
                period=period,
                minute=-1 if minute is None else minute,
                second=-1 if second is None else second,
                period_time_s=period_time_s,
                team_id=id_of(obj(event.get("team")).get("id")) or "",
                player_id=self.shooter(_player(event), shot_id),
                x_m=x_m,
                y_m=y_m,
                body_part=self._body_part(details, secondary, shot_id),
                shot_type=shot_type,
                outcome=outcome or Outcome.OTHER,
                ball_control=BallControl.UNKNOWN,
                set_up=_set_up(event, shot_type, secondary),
                technique=Technique.UNKNOWN,
                provider_xg=self._provider_xg(details.get("xg"), shot_id),
                raw=_raw(event, secondary, details),
            )
        )

    def _body_part(self, details: Json, secondary: frozenset[str], shot_id: str) -> BodyPart:
        word = details.get("bodyPart")
        found = words.body_part_v3(word, secondary)
        return self.body_part(found, f"bodyPart = {str(word)[:20]}", shot_id)

    def _provider_xg(self, value: object, shot_id: str) -> float | None:
        xg = number(value)
        if xg is None and value is not None:
            said = str(value)[:20]
            self.note(shot_id, "provider_xg", f"xg = '{said}' is no number", "It is left missing", said)
        return xg

    def _period_time_s(self, timestamp: object, period: int, shot_id: str) -> float | None:
        seconds = _seconds_of_period(timestamp, period)
        if seconds is None:
            said = str(timestamp)[:20]
            reason = f"matchTimestamp = {said} is no time"
            self.note(shot_id, "period_time_s", reason, "Minute and second count", said)
        return seconds


def _player(event: Json) -> str | None:
    player_id = id_of(obj(event.get("player")).get("id"))
    return None if player_id == words.NOBODY else player_id


def _words(value: object) -> frozenset[str]:
    return frozenset(word for item in items(value) if (word := text_of(item)))


def _set_up(event: Json, shot_type: ShotType, secondary: frozenset[str]) -> SetUp:
    if shot_type in words.SET_UP_OF_TYPE:
        return words.SET_UP_OF_TYPE[shot_type]
    possession = event.get("possession")
    types = _words(obj(possession).get("types"))
    found = next((set_up for word, set_up in words.POSSESSIONS if word in types), None)
    found = found or next((set_up for word, set_up in words.SHOTS_AFTER.items() if word in secondary), None)
    return found or SetUp.OPEN_PLAY


def _seconds_of_period(timestamp: object, period: int) -> float | None:
    """``00:46:03.250`` in the second half -> 63.25."""
    try:
        hours, minutes, seconds = str(timestamp).split(":")
        since_kick_off_s = int(hours) * 3600 + int(minutes) * 60 + float(seconds)
    except (ValueError, OverflowError):
        return None
    return since_kick_off_s - 60 * FIRST_MINUTE[period]


def _raw(event: Json, secondary: frozenset[str], details: Json) -> dict[str, str]:
    known = secondary & {"head_shot", *words.SHOTS_AFTER}
    said = {
        "type": text_of(obj(event.get("type")).get("primary")),
        "body_part": text_of(details.get("bodyPart")),
        "secondary": ", ".join(sorted(known)),
    }
    return {key: word for key, word in said.items() if word}
