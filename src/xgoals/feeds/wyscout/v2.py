"""Version 2: numbered events with tags."""

from collections.abc import Sequence

from xgoals.domain.shot import BallControl, BodyPart, Outcome, SetUp, Shot, ShotType, Technique
from xgoals.feeds.json_file import Json
from xgoals.feeds.json_values import id_of, items, number, obj, text_of, whole
from xgoals.feeds.wyscout import words
from xgoals.feeds.wyscout.shots import ShotReader, minute_of

SET_PIECE_S = 10.0
"""A chance so soon after a set piece of its team came of it."""


class ShotsV2(ShotReader):
    """Reads the events of one match in their order."""

    def read(self, events: Sequence[Json]) -> None:
        """Append all shots and own goals."""
        pieces: dict[int, tuple[str | None, float, SetUp]] = {}
        for event in events:
            code = _sub_event(event)
            period, seconds = words.PERIODS.get(str(event.get("matchPeriod"))), number(event.get("eventSec"))
            tags = {
                tag for item in items(event.get("tags")) if (tag := whole(obj(item).get("id"))) is not None
            }
            team_id = id_of(event.get("teamId"))
            if code in words.SHOT_TYPES:
                if period == words.SHOOT_OUT:
                    if code != words.PENALTY:
                        self.note_no_shoot_out(event)
                else:
                    self._shot(event, code, tags, period, seconds, _after(pieces, period, team_id, seconds))
            elif words.OWN_GOAL in tags and period not in (None, words.SHOOT_OUT):
                if seconds is None:
                    said = str(event.get("eventSec"))[:20]
                    self.note(
                        str(event.get("id")), "own goal", f"eventSec = {said} is no time", "It counts", said
                    )
                minute = minute_of(period, seconds or 0.0)[0]
                self.own_goal(team_id, _player(event), minute, event)
            if code in words.SET_PIECES and period is not None and seconds is not None:
                pieces[period] = (team_id, seconds, words.SET_PIECES[code])

    def _shot(
        self, event: Json, code: int, tags: set[int], period: int | None, seconds: float | None, set_up: SetUp
    ) -> None:
        shot_id = id_of(event.get("id")) or ""
        if period is None or seconds is None:
            said = f"matchPeriod = {str(event.get('matchPeriod'))[:20]}, eventSec = {str(event.get('eventSec'))[:20]}"
            reason = f"a shot without its time: {said}"
            self.note(shot_id, "period", reason, "Shot left out; correct its time", severity="shot")
            return
        outcome = words.outcome_of_tags(tags)
        if outcome is None:
            self.note(shot_id, "outcome", "no tag says what became of the shot", "It counts as no goal")
        shot_type = words.SHOT_TYPES[code]
        body_parts = [part for tag, part in words.BODY_TAGS.items() if tag in tags]
        x_m, y_m = self.place(next(iter(items(event.get("positions"))), None), shot_id)
        minute, second = minute_of(period, max(seconds, 0.0))
        self.shots.append(
            Shot(
                shot_id=shot_id,
                event_n=len(self.shots),
                period=period,
                minute=minute,
                second=second,
                period_time_s=seconds,
                team_id=id_of(event.get("teamId")) or "",
                player_id=self.shooter(_player(event), shot_id),
                x_m=x_m,
                y_m=y_m,
                body_part=self.body_part(_only(body_parts), f"tags {sorted(tags)}", shot_id),
                shot_type=shot_type,
                outcome=outcome or Outcome.OTHER,
                ball_control=BallControl.UNKNOWN,
                set_up=_set_up(shot_type, tags, set_up),
                technique=Technique.UNKNOWN,
                raw=_raw(event, tags),
            )
        )


def _sub_event(event: Json) -> int | None:
    """The number of a sub-event, under any of the names that it is delivered by; None where there is none."""
    for key in ("subEventId", "subEventName"):
        code = whole(event.get(key))
        if code in words.NUMBERS:
            return code
    named = words.SUB_EVENTS.get(text_of(event.get("subEventName")) or "")
    is_shot = whole(event.get("eventId")) == words.SHOTS or event.get("eventName") == "Shot"
    return named or (words.SHOT if is_shot else None)


def _only(parts: Sequence[BodyPart]) -> BodyPart:
    return parts[0] if len(parts) == 1 else BodyPart.UNKNOWN


def _after(
    pieces: dict[int, tuple[str | None, float, SetUp]],
    period: int | None,
    team_id: str | None,
    seconds: float | None,
) -> SetUp:
    """The last set piece, where it was the team's and a few seconds ago."""
    last = pieces.get(period or 0)
    if last is None or seconds is None or last[0] != team_id or not 0 <= seconds - last[1] <= SET_PIECE_S:
        return SetUp.OPEN_PLAY
    return last[2]


def _set_up(shot_type: ShotType, tags: set[int], after: SetUp) -> SetUp:
    if shot_type in words.SET_UP_OF_TYPE:
        return words.SET_UP_OF_TYPE[shot_type]
    return SetUp.COUNTER if words.COUNTER in tags else after


def _player(event: Json) -> str | None:
    player_id = id_of(event.get("playerId"))
    return None if player_id == words.NOBODY else player_id


def _raw(event: Json, tags: set[int]) -> dict[str, str]:
    said = {"event": event.get("eventName"), "sub_event": event.get("subEventName")}
    told = ", ".join(words.TAG_NAMES[tag] for tag in sorted(tags) if tag in words.TAG_NAMES)
    return {key: str(value) for key, value in said.items() if value is not None} | {"tags": told}
