"""What the mails about a run's matchdays say: the numbers of their reports, and pictures of two moments."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from typing import Any

import pandas as pd
from sqlalchemy import Connection

from xgoals.analysis.matchday import matchday_numbers
from xgoals.language import Language
from xgoals.mail.content import News, Picture, RunSummary
from xgoals.mail.content.digest import digest_news, shown_shots
from xgoals.mail.matchday_changes import MatchdayNews, matchdays_with_news
from xgoals.report.matchday.sentences import matchday_lead
from xgoals.report.shot.card import ShotCard, deal_cards
from xgoals.report.shot.drawing import SceneView
from xgoals.report.shot.facts import add_facts, shot_cards
from xgoals.report.words.clock import clock
from xgoals.report.words.scorers import goals_in_words
from xgoals.settings import Settings
from xgoals.steps.pages.match_events import with_circumstances, with_events
from xgoals.steps.pages.match_pages import keepers_at_references, people_of, scope_id, shots_of
from xgoals.steps.pages.model_facts import model_facts
from xgoals.steps.run_context import log
from xgoals.store import explanations as explanation_store
from xgoals.store import registry, runs
from xgoals.store.match_news import MatchNews
from xgoals.store.reasons.given import read_reasons

MAX_DIGESTS = 3
"""A backfill brings many matchdays: the newest get a mail of their own, the others are named in it."""

Facts = dict[str, Any]


def digests_of_run(
    connection: Connection,
    run: RunSummary,
    champion: str,
    news: Iterable[MatchNews],
    settings: Settings,
    words: Language,
) -> Iterator[News]:
    """The mails about the newest matchdays of which something was published that no mail has told.

    Parameters
    ----------
    news
        The matches with such numbers.
    """
    days = matchdays_with_news(connection, news)
    if not days:
        return
    others = [day.title for day in days[MAX_DIGESTS:]]
    keys = {(match["provider"], match["match_id"]) for day in days[:MAX_DIGESTS] for match in day.matches}
    shots, model = _shots_and_model(connection, champion, keys)
    pages = {(r["kind"], r["scope_id"]): r["path"] for r in runs.list_reports(connection)}
    for news_of_day in days[:MAX_DIGESTS]:
        day = _day(connection, news_of_day, pages, shots, model, words)
        day["missing"] = _missing_as_run_says(run, day) or day["missing"]
        pictures = _pictures(day)
        yield digest_news(
            day, run, settings, words, update=news_of_day.update, pictures=pictures, others=others
        )


def _shots_and_model(
    connection: Connection, champion: str, matches: set[tuple[str, str]]
) -> tuple[pd.DataFrame, Facts]:
    shots = explanation_store.read_explained(connection, champion, matches=matches)
    unseen = registry.out_of_fold(connection, champion, shots["shot_key"].tolist())
    unseen = unseen[["shot_key", "xg_out_of_fold"]]
    shots = shots.merge(unseen, on="shot_key", how="left", validate="1:1")
    return with_circumstances(connection, shots, matches), model_facts(connection, champion)


def _missing_as_run_says(run: RunSummary, day: Facts) -> list[str]:
    """What a matchday lacks by its feed's schedule or clubs, where the run has judged it."""
    key = day["season"], day["round"]
    for state in run.figures.get("matchday_states") or ():
        competition = state.get("competition")
        names = (
            competition,
            f"{competition} ({state.get('provider')})",
        )  # where two providers have one of this name
        if day["competition"] in names and (state.get("season"), str(state["matchday"])) == key:
            return list(state.get("missing_by_name") or ())
    return []


def _day(
    connection: Connection,
    news: MatchdayNews,
    pages: Mapping[tuple[str, str], str],
    shots: pd.DataFrame,
    model: Facts,
    words: Language,
) -> Facts:
    of_day = shots_of(news.matches, shots)
    matches = with_events(connection, news.matches)
    paths = [{**match, "path": pages.get(("match", scope_id(match)))} for match in matches]
    numbers = matchday_numbers(paths, of_day)
    facts = {
        "matches": [
            {
                "path": one.match["path"],
                "sides": {side: asdict(own) for side, own in one.sides.items()},
                **asdict(goals_in_words(one, words)),
            }
            for one in numbers.matches
        ],
        "totals": asdict(numbers.totals),
        "best": shot_cards(numbers.highlights.best, model),
        "surprises": shot_cards(numbers.highlights.surprises, model),
    }
    shown = shown_shots(facts)
    add_facts(shown, paths, of_day)
    keys = [(match["provider"], match["match_id"]) for match in news.matches]
    people, reasons = people_of(connection, news.matches), read_reasons(connection, keys)
    usual = keepers_at_references(connection, reasons)
    deal_cards(shown, of_day, people, reasons, words, usual_keepers=usual)
    for shot in shown:
        shot["clock"] = clock(shot)
    return {
        **facts,
        **{key: news.matches[0][key] for key in ("competition", "season", "round")},
        "title": news.title,
        "path": pages.get(("matchday", news.title)),
        "lead": matchday_lead(numbers, words),
        "missing": news.missing,
    }


def _pictures(day: Facts) -> list[Picture]:
    """The best chance, and the goal that was hardest to see coming; a shot without known positions has none."""
    drawn = {"best-chance": day["best"][:1], "surprise": day["surprises"][:1]}
    pictures = []
    for name, chosen in drawn.items():
        for shot in chosen:
            try:
                picture = _picture(name, shot["card"])
            except Exception:  # a mail without a picture says all the same
                log.exception("The picture of shot %s could not be drawn", shot["shot_id"])
                continue
            if picture:
                shot["picture"] = name
                pictures.append(picture)
    return pictures


def _picture(name: str, card: ShotCard) -> Picture | None:
    from xgoals.mail.content.pictures import moment_of_shot

    if not isinstance(card.scene, SceneView) or not card.scene.positions_known:
        return None
    return Picture(name, moment_of_shot(card.scene, card.mouth), card.scene.alt)
