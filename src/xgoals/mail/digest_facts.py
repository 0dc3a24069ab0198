"""What the digests of a run's matchdays say: the numbers of their reports, and pictures of two moments."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from functools import partial
from typing import Any

import pandas as pd
from sqlalchemy import Connection

from xgoals.analysis.matchday import matchday_numbers
from xgoals.analysis.reference import base_values
from xgoals.language import Language
from xgoals.mail.content import News, Picture, RunSummary
from xgoals.mail.content.digest import digest_news, shown_shots
from xgoals.report.scene_view import scene_view
from xgoals.report.sentences import shot_story
from xgoals.report.sentences_match import clock
from xgoals.report.sentences_matchday import matchday_lead
from xgoals.report.summarise_shots import shot_cards
from xgoals.steps.pages.model_facts import model_facts
from xgoals.steps.run_context import RunContext, log
from xgoals.store import explanations as explanation_store
from xgoals.store import records as record_store
from xgoals.store import registry, runs

MAX_DIGESTS = 3
"""A backfill brings many matchdays: the newest get a mail of their own, the others are named in it."""

Facts = dict[str, Any]
MatchKey = tuple[str, str]
"""Provider and match id."""


def digests_of_run(
    connection: Connection,
    context: RunContext,
    run: RunSummary,
    champion: str,
    published: set[MatchKey],
    words: Language,
) -> Iterator[News]:
    """The digests of the newest matchdays that have a report of this run and numbers that nobody has been told of.

    Parameters
    ----------
    published
        Provider and match id of the matches with such numbers.
    """
    days = _days_with_news(connection, context.run_id, published)
    if not days:
        return
    others = [report["title"] for report, _ in days[MAX_DIGESTS:]]
    match_ids = {match["match_id"] for _, matches in days[:MAX_DIGESTS] for match in matches}
    shots, model = _shots_and_model(connection, champion, match_ids)
    for report, matches in days[:MAX_DIGESTS]:
        day = _day(report, matches, shots, model, words)
        pictures = _pictures(connection, day, shots, words)
        yield digest_news(day, run, context.settings, words, pictures=pictures, others=others)


def _days_with_news(
    connection: Connection, run_id: str, published: set[MatchKey]
) -> list[tuple[Facts, list[Facts]]]:
    """The reports of matchdays with new numbers, each with its matches; the newest first."""
    reports = runs.list_reports(connection, run_id)
    fixtures = record_store.read_fixtures(connection)
    pages = {r["scope_id"]: r for r in reports if r["kind"] == "match"}
    days = []
    for report in (r for r in reports if r["kind"] == "matchday"):
        matches = _matches_of(report, fixtures, pages)
        if any((match["provider"], match["match_id"]) in published for match in matches):
            days.append((report, matches))
    return sorted(days, key=lambda day: max(str(match["match_date"]) for match in day[1]), reverse=True)


def _matches_of(report: Facts, fixtures: pd.DataFrame, pages: Mapping[str, Facts]) -> list[Facts]:
    """The fixtures with a page of the same matchday."""
    same_day = ("competition", "season", "matchday")
    rows: list[Facts] = [
        {str(key): value for key, value in row.items()} for row in fixtures.to_dict("records")
    ]
    found = []
    for row in rows:
        page = pages.get(f"{row['provider']}-{row['match_id']}")
        if page and all(page["facts"][key] == report["facts"][key] for key in same_day):
            found.append(row | {"matchday": report["facts"]["matchday"], "path": page["path"]})
    return found


def _shots_and_model(
    connection: Connection, champion: str, match_ids: set[str]
) -> tuple[pd.DataFrame, Facts]:
    shots = explanation_store.read_explained(connection, champion, match_ids=match_ids)
    unseen = registry.out_of_fold(connection, champion, shots["shot_key"].tolist())
    unseen = unseen[["shot_key", "xg_out_of_fold"]]
    return shots.merge(unseen, on="shot_key", how="left", validate="1:1"), model_facts(connection, champion)


def _day(report: Facts, matches: list[Facts], shots: pd.DataFrame, model: Facts, words: Language) -> Facts:
    of_day = shots[shots["match_id"].isin([match["match_id"] for match in matches])]
    numbers = matchday_numbers(matches, of_day)
    ordinary_xg = base_values(of_day, model).prediction_at_baseline
    facts = {
        "matches": [
            {"path": one.match["path"], "sides": {side: asdict(own) for side, own in one.sides.items()}}
            for one in numbers.matches
        ],
        "totals": asdict(numbers.totals),
        "best": shot_cards(numbers.highlights.best, model),
        "surprises": shot_cards(numbers.highlights.surprises, model),
    }
    for shot in shown_shots(facts):
        shot["clock"] = clock(shot)
        shot["story"] = shot_story(shot, ordinary_xg, words)
    return {
        **facts,
        **{key: report["facts"][key] for key in ("competition", "season", "matchday")},
        "title": report["title"],
        "path": report["path"],
        "lead": matchday_lead(numbers, words),
    }


def _pictures(connection: Connection, day: Facts, shots: pd.DataFrame, words: Language) -> list[Picture]:
    """The best chance, and the goal that was hardest to see coming; a shot without known positions has none."""
    drawn = {"best-chance": day["best"][:1], "surprise": day["surprises"][:1]}
    pictures = []
    for name, chosen in drawn.items():
        for shot in chosen:
            try:
                picture = _picture(connection, name, shot, shots, words)
            except Exception:  # a mail without a picture says all the same
                log.exception("The picture of shot %s could not be drawn", shot["shot_id"])
                continue
            if picture:
                shot["picture"] = name
                pictures.append(picture)
    return pictures


def _picture(
    connection: Connection, name: str, shot: Facts, shots: pd.DataFrame, words: Language
) -> Picture | None:
    from xgoals.mail.content.pictures import moment_of_shot

    row = shots[(shots["match_id"] == shot["match_id"]) & (shots["shot_id"] == shot["shot_id"])].iloc[0]
    people = record_store.read_people(connection, row["provider"], row["match_id"])
    people = people[people["shot_id"] == shot["shot_id"]].assign(goal_x_m=float(row["pitch_length_m"]) / 2)
    view = scene_view(shot, people)
    if view is None or not view["positions_known"]:
        return None
    says = partial(words.text, "%(player)s shoots from %(distance)s m in front of the goal line")
    player = shot["player"] or words.text("Unknown player")
    alt = says(player=player, distance=words.number(shot["depth_m"], 1))
    return Picture(name, moment_of_shot(view), alt)
