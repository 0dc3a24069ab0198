"""A timetable for leagues that want a run at a fixed delay after the last planned kick-off of a matchday."""

import logging
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from airflow.plugins_manager import AirflowPlugin
from airflow.sdk import CronTriggerTimetable
from airflow.timetables.base import DagRunInfo, DataInterval, TimeRestriction, Timetable
from pendulum import DateTime, instance

from xgoals.domain.errors import SettingsError
from xgoals.feeds import FEEDS
from xgoals.feeds.matchday import Matchday
from xgoals.feeds.schedule import SCHEDULE_FILE, PlannedMatch, read_planned_matches
from xgoals.settings import Schedule, Settings

log = logging.getLogger(__name__)


class AfterLastKickOff(Timetable):  # type: ignore[misc]
    """One run for each matchday, some hours after its last planned kick-off.

    Parameters
    ----------
    moments
        When the runs are due, in any order.

    Notes
    -----
    As with the nightly schedule, runs that were missed are made up for by one, the newest, and only if it is
    not older than `LATEST`.
    """

    description = "After the last planned kick-off of each matchday"
    LATEST = timedelta(days=1)

    def __init__(self, moments: Iterable[datetime]) -> None:
        self.moments = sorted({instance(moment).in_timezone("UTC") for moment in moments})

    def serialize(self) -> dict[str, Any]:
        """As Airflow keeps it."""
        return {"moments": [moment.isoformat() for moment in self.moments]}

    @classmethod
    def deserialize(cls, data: dict[str, Any]) -> "AfterLastKickOff":
        """The inverse of `serialize`."""
        return cls(datetime.fromisoformat(moment) for moment in data["moments"])

    @property
    def summary(self) -> str:
        """What the UI shows."""
        return f"after {len(self.moments)} matchdays"

    def infer_manual_data_interval(self, *, run_after: DateTime) -> DataInterval:
        """A run by hand covers the moment it is asked for."""
        return DataInterval.exact(run_after)

    def next_dagrun_info(
        self, *, last_automated_data_interval: DataInterval | None, restriction: TimeRestriction
    ) -> DagRunInfo | None:
        """The run after the last one; None when all matchdays are through."""
        after = last_automated_data_interval.end if last_automated_data_interval else None
        open_moments = [
            moment
            for moment in self.moments
            if (after is None or moment > after)
            and (restriction.earliest is None or moment >= restriction.earliest)
            and (restriction.latest is None or moment <= restriction.latest)
        ]
        if not restriction.catchup:
            open_moments = _without_missed(open_moments, instance(datetime.now().astimezone()))
        return DagRunInfo.exact(open_moments[0]) if open_moments else None


def time_schedule(settings: Settings) -> CronTriggerTimetable | AfterLastKickOff:
    """When the pipeline runs without being asked: every night, or after the matchdays of the schedule files.

    A schedule that cannot be used never takes the pipeline with it: without any moment the nights stand in for it.
    """
    schedule = settings.schedule
    nights = CronTriggerTimetable(schedule.nightly_cron, timezone=schedule.timezone)
    if schedule.hours_after_last_kick_off is None:
        return nights
    planned = [match for feed in FEEDS for match in _planned(settings.inbox(feed, "main") / SCHEDULE_FILE)]
    moments = moments_after(planned, timedelta(hours=schedule.hours_after_last_kick_off))
    if not moments:
        log.warning(
            "setting schedule.hours_after_last_kick_off: no schedule says when the matches kick off, so runs start"
            " every night. Lay a schedule.csv with a column kick_off into %s",
            settings.inbox("<feed>", "main"),
        )
        return nights
    return AfterLastKickOff(moments)


def _planned(path: Path) -> list[PlannedMatch]:
    """What a schedule file plans; nothing, with a warning, where it cannot be used."""
    try:
        return read_planned_matches(path) if path.is_file() else []
    except (SettingsError, OSError) as error:
        log.warning("%s", error)
        return []


def when(schedule: Schedule) -> str:
    """When the pipeline runs without being asked, as the list of DAGs says it."""
    if schedule.hours_after_last_kick_off is not None:
        return f"{schedule.hours_after_last_kick_off:g} h after the last kick-off of a matchday"
    return in_words(schedule.nightly_cron, schedule.timezone)


def in_words(cron: str, timezone: str) -> str:
    """A cron expression for people; one that is not a simple time of a day stands as it is."""
    minute, hour, *day = cron.split()
    if minute.isdigit() and hour.isdigit() and day[:2] == ["*", "*"]:
        time = f"{int(hour):02}:{int(minute):02} ({timezone})"
        if day[2] == "*":
            return f"every night at {time}"
        if day[2] in _DAYS:
            return f"{_DAYS[day[2]]} at {time}"
    return f"by the cron '{cron}' ({timezone})"


_DAYS = dict(
    zip(
        "01234567",
        ("Sundays", "Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays"),
        strict=True,
    )
)


def moments_after(planned: Iterable[PlannedMatch], delay: timedelta) -> list[datetime]:
    """When runs are due: for each matchday, the delay after its last planned kick-off."""
    last: defaultdict[Matchday, list[datetime]] = defaultdict(list)
    for match in planned:
        if match.kick_off is not None:
            last[match.matchday].append(match.kick_off)
    return sorted(max(kick_offs) + delay for kick_offs in last.values())


def _without_missed(moments: list[DateTime], now: DateTime) -> list[DateTime]:
    """Those to come, after the newest of those missed, if that is not too long ago."""
    missed = [moment for moment in moments if moment <= now and now - moment <= AfterLastKickOff.LATEST]
    return missed[-1:] + [moment for moment in moments if moment > now]


class XgoalsTimetables(AirflowPlugin):  # type: ignore[misc]
    """Lets Airflow read the timetable back from its database."""

    name = "xgoals_timetables"
    timetables = (AfterLastKickOff,)
