"""Own goals, cards and substitutions: whose, who, and when."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from xgoals.domain.bounds import FIRST_MINUTE, SECOND, minutes_of
from xgoals.domain.incident import Incident, IncidentKind
from xgoals.domain.match import Match, OwnGoal
from xgoals.domain.plausible.notes import Notes, shown
from xgoals.domain.plausible.shots import id_or_none
from xgoals.domain.text import clean


def checked_own_goals(own_goals: Iterable[OwnGoal], match: Match, notes: Notes) -> tuple[OwnGoal, ...]:
    """The own goals of a team of the match, each at a time that can be."""
    return tuple(_own_goals(own_goals, match, notes))


def checked_incidents(incidents: Iterable[Incident], match: Match, notes: Notes) -> tuple[Incident, ...]:
    """The cards and substitutions of a team of the match, each of somebody, at a time that can be."""
    return tuple(_incidents(incidents, match, notes))


def _own_goals(own_goals: Iterable[OwnGoal], match: Match, notes: Notes) -> Iterator[OwnGoal]:
    for n, goal in enumerate(own_goals, start=1):
        if goal.team_id not in (match.home.team_id, match.away.team_id):
            reason = f"an own goal for team '{goal.team_id}', which does not play in this match, is left out"
            notes.add(f"own goal {n}, team", reason)
            continue
        minute, period, second = goal.minute, goal.period, goal.second
        if minute not in minutes_of(1) and minute not in minutes_of(4):
            notes.cannot_be(f"own goal {n}, minute", minute, minutes_of(1))
            minute, period, second = 0, None, None
        if period is not None and (period not in FIRST_MINUTE or minute not in minutes_of(period)):
            notes.add(
                f"own goal {n}, period", f"minute {minute} is not of period {shown(period)}", value=period
            )
            period = None
        second = notes.whole_within(second, SECOND, f"own goal {n}, second")
        yield OwnGoal(goal.team_id, id_or_none(goal.player_id), minute, period, second)


def _incidents(incidents: Iterable[Incident], match: Match, notes: Notes) -> Iterator[Incident]:
    for n, incident in enumerate(incidents, start=1):
        checked = replace(
            incident,
            team_id=clean(incident.team_id),
            player_id=id_or_none(incident.player_id),
            replacement_id=id_or_none(incident.replacement_id),
        )
        why = _why_not(checked, match)
        if why is None:
            yield checked
        else:
            notes.add(f"{incident.kind} {n}", f"{why}, is left out", value=incident.player_id)


def _why_not(incident: Incident, match: Match) -> str | None:
    """What is wrong with a card or substitution; None where nothing is."""
    what = f"a {incident.kind.value.replace('_', ' ')}"
    if incident.team_id not in (match.home.team_id, match.away.team_id):
        return f"{what} of team '{incident.team_id}', which does not play in this match"
    if incident.period not in FIRST_MINUTE or incident.minute not in minutes_of(incident.period):
        return (
            f"{what} in minute {shown(incident.minute)} of period {shown(incident.period)}, which cannot be"
        )
    if incident.second not in SECOND:
        return f"{what} at second {shown(incident.second)}, which cannot be"
    is_substitution = incident.kind is IncidentKind.SUBSTITUTION
    if incident.player_id is None or (incident.replacement_id is None) is is_substitution:
        return f"{what} that does not say who"
    return None
