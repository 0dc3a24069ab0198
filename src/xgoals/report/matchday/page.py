"""The matchday report: results against chances, and the shots that people will talk about."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from xgoals.analysis.matchday import matchday_numbers
from xgoals.analysis.reference import base_values
from xgoals.analysis.shots import validate_shots
from xgoals.domain.difference import ShotDifference
from xgoals.domain.match import MatchStatus
from xgoals.domain.provider_level import ProviderLevel
from xgoals.language import Language
from xgoals.language import language as speaker
from xgoals.report.facts import Facts
from xgoals.report.matchday.facts import CardPaths, MatchdayFacts, matchday_facts
from xgoals.report.matchday.sentences import expected_by_chance, luckiest_by_chance, matchday_lead
from xgoals.report.page.render import local_link, render
from xgoals.report.page.run import sources
from xgoals.report.shot.anchors import anchors
from xgoals.report.shot.card import PEOPLE, Reasons, deal_cards
from xgoals.report.shot.facts import add_facts
from xgoals.report.shot.usual import UsualKeepers
from xgoals.report.words.clock import clock
from xgoals.report.words.difference_sentence import differences_of_a_matchday
from xgoals.report.words.level_badge import level_notes


def matchday_report(
    matchday: Mapping[str, Any],
    matches: Sequence[Mapping[str, Any]],
    shots: pd.DataFrame,
    model: Mapping[str, Any],
    *,
    people: pd.DataFrame | None = None,
    models: Mapping[str, Mapping[str, Any]] | None = None,
    reasons: Reasons | None = None,
    differences: Mapping[int, ShotDifference] | None = None,
    usual_keepers: UsualKeepers | None = None,
    levels: Mapping[str, ProviderLevel] | None = None,
    season_path: str | None = None,
    language: str = "en",
) -> str:
    """Write the report of one matchday.

    Parameters
    ----------
    matchday
        ``competition, season``, ``matchday`` (a number, or None where the competition has none) and, where known,
        ``round`` (what the round is called: a number, "Semi-finals", a date).
    matches
        Its matches, as for :func:`xgoals.report.match_report`; ``path`` of a match's own report, relative to this
        page, where there is one. Those that were not played to their end (``status``) are named and not counted.
    shots
        The shots of all of them, with the published numbers.
    model
        The champion.
    people
        Everybody but the shooters, as for :func:`xgoals.report.match_report`, and ``match_id``; None where nobody's
        place is known.
    models
        The models that published the numbers, by version; without it all are taken for the champion's.
    reasons
        Why the shots have their published numbers, by ``shot_key``.
    differences
        Why they differ from the provider's own, by ``shot_key``.
    usual_keepers
        How far off their lines keepers usually stand at such shots, by ``shot_key``.
    levels
        By provider: the levels that numbers of this page are not at.
    season_path
        Of the season's page, relative to this one, where there is one.
    language
        ``"en"`` or ``"de"``.

    Returns
    -------
    str
        One self-contained HTML page.
    """
    words = speaker(language)
    validate_shots(shots, model)
    counted = [{**match, "path": _path(match)} for match in matches if counts(match)]
    shots = shots[shots["match_id"].isin([match["match_id"] for match in counted])]
    day, paths = matchday_numbers(counted, shots), _card_paths(counted, shots)
    facts = matchday_facts(day, model, words, models, paths)
    add_facts(facts.shown, counted, shots)
    people = pd.DataFrame(columns=PEOPLE) if people is None else people
    deal_cards(
        facts.shown, shots, people, reasons or {}, words, differences=differences, usual_keepers=usual_keepers
    )
    for shot in facts.shown:
        shot["clock"] = clock(shot)
        shot["path"] = paths.get((shot["match_id"], shot["shot_id"]))
    simulated = any(match.get("is_simulated") for match in matches) or bool(
        shots["is_simulated"].astype(bool).any()
    )
    context = {
        **{key: getattr(facts, key) for key in _OF_FACTS},
        "matchday": {key: matchday.get(key) for key in ("competition", "season", "matchday", "round")},
        "season_path": season_path,
        "not_counted": [f"{m['home_team']} – {m['away_team']}" for m in matches if not counts(m)],
        "reach": max((abs(team.over) for team in day.teams), default=1.0) or 1.0,
        "differences": _differences(facts, shots, differences or {}, paths, words),
        "unlikely": expected_by_chance(day.teams, words),
        "luckiest": luckiest_by_chance(day.players, words),
        "said": {"lead": matchday_lead(day, words)},
        "base": base_values(shots, model),
        "model": model,
        "run": {"sources": sources(shots), "is_simulated": simulated},
        "level_notes": level_notes(levels or {}, words),
        "styles": ["matchday/matchday.css"],
    }
    return render("matchday/page.html", words, context)


_OF_FACTS = ("matches", "best", "surprises", "sitters", "teams", "ends")


def _differences(
    facts: MatchdayFacts,
    shots: pd.DataFrame,
    differences: Mapping[int, ShotDifference],
    paths: CardPaths,
    words: Language,
) -> list[Facts]:
    """Where we and the provider differ most, of shots that stand in no other list, with the way to their cards."""
    told = {shot["shot_key"] for shot in facts.shown}
    others = {key: of for key, of in differences.items() if key not in told}
    rows = differences_of_a_matchday(shots, others, words)
    return [{**row, "path": paths.get((row["match_id"], row["shot_id"]))} for row in rows]


def counts(match: Mapping[str, Any]) -> bool:
    """Whether a match was played to its end, so that its result and its finishing count."""
    return MatchStatus(match.get("status") or MatchStatus.PLAYED).counts


def _path(match: Mapping[str, Any]) -> str | None:
    path = match.get("path")
    return None if path is None else local_link(str(path))


def _card_paths(matches: Sequence[Mapping[str, Any]], shots: pd.DataFrame) -> CardPaths:
    """Where each shot has its card, by match and shot id; a match without a page has none."""
    return {
        (match["match_id"], shot_id): f"{match['path']}#{anchor}"
        for match in matches
        if match["path"] is not None
        for shot_id, anchor in anchors(shots[shots["match_id"] == match["match_id"]]).items()
    }
