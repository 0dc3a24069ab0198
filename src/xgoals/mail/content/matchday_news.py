"""The digest of a matchday: results against chances, the best chances, the goals nobody could see coming."""

from collections.abc import Sequence
from typing import Any

from xgoals.language import Language
from xgoals.mail.content.links import report_page, run_page
from xgoals.mail.content.news import Facts, Link, News, Picture
from xgoals.mail.content.run_news import run_line
from xgoals.settings import Settings

SHOWN_SHOTS = 3
"""So many of the best chances and of the surprises are told; the report has the rest."""


def digest_news(
    day: Facts,
    run: Facts,
    settings: Settings,
    words: Language,
    *,
    pictures: Sequence[Picture] = (),
    others: Sequence[str] = (),
) -> News:
    """What a matchday brought.

    Parameters
    ----------
    day
        ``title, competition, season, matchday, lead``; of :func:`xgoals.analysis.matchday.matchday_numbers` the
        ``totals``, ``matches`` (``sides``), ``best`` and ``surprises`` with ``clock`` and ``story`` of each shot told;
        ``path`` of the report of the matchday and of each match.
    run
        As for :func:`xgoals.mail.content.run_news.health_news`.
    pictures
        Of shots told, each named by the shot's ``picture``.
    others
        Titles of further matchdays that the same run brought and that get no mail of their own.
    """
    totals = day["totals"]
    title = _title(day, words)
    subject = words.text(
        "%(title)s — %(goals)s, %(xg)s expected",
        title=title,
        goals=words.plural("One goal", "%(n)s goals", totals["goals"]),
        xg=words.number(totals["xg"], 1),
    )
    simulated = f" {words.text('(simulated)')}" if run["is_simulated"] else ""
    index = report_page(settings, run["database"])
    return News(
        run_id=run["run_id"],
        kind="digest",
        matter=day["title"],
        subject=f"xgoals: {subject}{simulated}",
        title=title,
        lead=day["lead"],
        moment=run["ended_at"],
        is_simulated=bool(run["is_simulated"]),
        links=(
            Link(
                words.text("The report of the matchday"), report_page(settings, run["database"], day["path"])
            ),
            Link(words.text("All reports"), index),
            Link(words.text("This run in Airflow"), run_page(settings, run["run_id"])),
        ),
        pictures=tuple(pictures),
        content={
            "matches": [_match(match, run["database"], settings) for match in day["matches"]],
            "reach": max(
                (side["xg"] for match in day["matches"] for side in match["sides"].values()), default=0
            )
            or 1.0,
            "best": [_shot(shot, pictures) for shot in day["best"][:SHOWN_SHOTS]],
            "surprises": [_shot(shot, pictures) for shot in day["surprises"][:SHOWN_SHOTS]],
            "others": list(others),
            "run_line": run_line(run, words),
        },
    )


def told_shots(day: Facts) -> list[dict[str, Any]]:
    """The shots that a digest tells of."""
    return [*day["best"][:SHOWN_SHOTS], *day["surprises"][:SHOWN_SHOTS]]


def _title(day: Facts, words: Language) -> str:
    name = f"{day['competition']} {day['season']}"
    if day["matchday"] is None:
        return name
    return f"{name}, {words.text('Matchday %(n)s', n=words.count(day['matchday']))}"


def _match(match: Facts, database: str, settings: Settings) -> Facts:
    return {
        "sides": [match["sides"][side] for side in ("home", "away")],
        "url": report_page(settings, database, match["path"]) if match["path"] else None,
    }


def _shot(shot: Facts, pictures: Sequence[Picture]) -> Facts:
    return {**shot, "picture": next((p for p in pictures if p.name == shot.get("picture")), None)}
