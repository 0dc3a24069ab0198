"""The digest of a matchday: results against chances with scorers, the best chances, the least likely goals.

What came later to a matchday, or was corrected, is a mail of the same shape: it begins with what is new, and its
totals are those of the whole matchday.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from xgoals.language import Language
from xgoals.mail.content.links import index_page, report_page, run_page
from xgoals.mail.content.news import Facts, Link, News, Picture
from xgoals.mail.content.run_summary import RunSummary
from xgoals.mail.content.wording import run_line, simulated_mark
from xgoals.settings import Settings

SHOWN_SHOTS = 3
"""So many of the best chances and of the surprises are told; the report has the rest."""
SHOWN_CHANGES = 12
SHOWN_OTHERS = 10
"""Of a long list so many are told; the rest is counted."""


@dataclass(frozen=True, slots=True)
class ShotState:
    """What is told of a shot."""

    is_goal: bool
    xg: float


@dataclass(frozen=True, slots=True)
class ShotChange:
    """A shot of which people were told otherwise.

    Attributes
    ----------
    match
        With its result.
    minute
        As football writes it.
    before, after
        None: not there.
    """

    match: str
    player: str | None
    team: str
    minute: str
    before: ShotState | None
    after: ShotState | None


@dataclass(frozen=True, slots=True)
class MatchdayUpdate:
    """What is new of a matchday that was told before: matches that came later (with results), and changed shots."""

    late: tuple[str, ...] = ()
    changes: tuple[ShotChange, ...] = ()


def digest_news(
    day: Facts,
    run: RunSummary,
    settings: Settings,
    words: Language,
    *,
    update: MatchdayUpdate | None = None,
    pictures: Sequence[Picture] = (),
    others: Sequence[str] = (),
) -> News:
    """What a matchday brought.

    Parameters
    ----------
    day
        ``title, competition, season, round, lead``, the clubs that are ``missing``; of
        :func:`xgoals.analysis.matchday.matchday_numbers` the ``totals``, ``matches`` (``sides``, and ``scorers,
        half_time, sent_off`` in words), ``best`` and ``surprises`` with ``clock``, ``card`` of
        each shot shown; ``path`` of the report of the matchday and of each match, None where there is none.
    update
        What is new, where something was told of the matchday before.
    pictures
        Of shots shown, each named by the shot's ``picture``.
    others
        Titles of further matchdays that the same run brought and that get no mail of their own.
    """
    return News(
        run_id=run.run_id,
        kind="digest",
        matter=day["title"],
        subject=f"xgoals: {_subject(day, update, words)}{simulated_mark(run, words)}",
        title=_headline(day, update, words),
        lead=day["lead"],
        moment=run.moment,
        is_simulated=run.is_simulated,
        links=_links(day, run, settings, words),
        pictures=tuple(pictures),
        content={
            "matches": [_match(match, settings) for match in day["matches"]],
            "reach": _reach(day),
            "best": [_shot(shot, pictures) for shot in day["best"][:SHOWN_SHOTS]],
            "surprises": [_shot(shot, pictures) for shot in day["surprises"][:SHOWN_SHOTS]],
            "others": _others(others, words),
            "missing": _missing(day["missing"], words),
            "late": list(update.late) if update else [],
            "changes": [_told(change, words) for change in update.changes[:SHOWN_CHANGES]] if update else [],
            "more_changes": max(0, len(update.changes) - SHOWN_CHANGES) if update else 0,
            "run_line": run_line(run, words),
        },
    )


def shown_shots(day: Facts) -> list[dict[str, Any]]:
    """The shots that a digest shows: the best chances, then the surprises."""
    return [*day["best"][:SHOWN_SHOTS], *day["surprises"][:SHOWN_SHOTS]]


def _links(day: Facts, run: RunSummary, settings: Settings, words: Language) -> tuple[Link, ...]:
    links = [
        Link(words.text("All reports"), index_page(settings, run.database)),
        Link(words.text("This run in Airflow"), run_page(settings, run)),
    ]
    if day["path"]:
        page = report_page(settings, day["path"])
        links.insert(0, Link(words.text("The report of the matchday"), page))
    return tuple(links)


def _subject(day: Facts, update: MatchdayUpdate | None, words: Language) -> str:
    """What is new, in one line: a first word with its totals, a late match by its result, a correction by its shot."""
    if update and update.changes:
        return f"{_headline(day, update, words)} — {_changes_in_short(update.changes, words)}"
    if update:
        return f"{_headline(day, update, words)} — {words.listing(list(update.late[:2]))}{_dots(update.late)}"
    totals = day["totals"]
    return words.text(
        "%(title)s — %(goals)s, %(xg)s expected",
        title=_title(day, words),
        goals=words.plural("One goal", "%(n)s goals", totals["goals"]),
        xg=words.number(totals["xg"], 1),
    )


def _reach(day: Facts) -> float:
    """The most xG of any side: the longest bar."""
    return max((side["xg"] for match in day["matches"] for side in match["sides"].values()), default=0) or 1.0


def _headline(day: Facts, update: MatchdayUpdate | None, words: Language) -> str:
    title = _title(day, words)
    if update and update.changes:
        return words.text("Correction: %(title)s", title=title)
    if update:
        return words.text("Added later: %(title)s", title=title)
    return title


def _title(day: Facts, words: Language) -> str:
    return f"{day['competition']} {day['season']}, {words.round_name(day['round'])}"


def _changes_in_short(changes: Sequence[ShotChange], words: Language) -> str:
    if len(changes) > 1:
        matches = len({change.match for change in changes})
        return words.text(
            "%(shots)s in %(matches)s",
            shots=words.plural("one shot", "%(n)s shots", len(changes)),
            matches=words.plural("one match", "%(n)s matches", matches),
        )
    told = _told(changes[0], words)
    return f"{told['who']}: {told['what']}"


def _told(change: ShotChange, words: Language) -> dict[str, str]:
    """A change in words: who (and when), what it is now and was before, in which match."""
    who = f"{change.player or words.text('Unknown player')} ({change.minute})"
    if change.after is None:
        what = words.text("no shot any more, was %(before)s", before=_state(change.before, words))
    elif change.before is None:
        what = words.text("a new shot, %(after)s", after=_state(change.after, words))
    else:
        what = words.text(
            "%(after)s, was %(before)s",
            after=_state(change.after, words),
            before=_state(change.before, words),
        )
    return {"who": who, "what": what, "team": change.team, "match": change.match}


def _state(shot: ShotState | None, words: Language) -> str:
    if shot is None:
        return ""
    return f"{words.text('goal') if shot.is_goal else words.text('no goal')} ({words.xg(shot.xg)} xG)"


def _missing(clubs: Sequence[str], words: Language) -> str:
    """Which matches are not there yet: where only two clubs lack one, it is theirs."""
    if not clubs:
        return ""
    if len(clubs) == 2:
        return words.text("Still missing: the match of %(clubs)s.", clubs=words.listing(list(clubs)))
    return words.text("Still missing: the matches of %(clubs)s.", clubs=words.listing(list(clubs)))


def _others(titles: Sequence[str], words: Language) -> list[str]:
    shown = list(titles[:SHOWN_OTHERS])
    if n := len(titles) - len(shown):
        shown.append(words.plural("One more", "%(n)s more", n))
    return shown


def _dots(told: Sequence[str]) -> str:
    return ", …" if len(told) > 2 else ""


def _match(match: Facts, settings: Settings) -> Facts:
    return {
        "sides": [match["sides"][side] for side in ("home", "away")],
        **{key: match[key] for key in ("scorers", "half_time", "sent_off")},
        "url": report_page(settings, match["path"]) if match["path"] else None,
    }


def _shot(shot: Facts, pictures: Sequence[Picture]) -> Facts:
    return {**shot, "picture": next((p for p in pictures if p.name == shot.get("picture")), None)}
