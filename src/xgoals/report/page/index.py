"""The index of all reports: newest first, by competition and matchday, searched as one types, whole without script."""

import unicodedata
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from xgoals.language import language as speaker
from xgoals.report.facts import Facts
from xgoals.report.page.render import local_link, render

OF_A_MODEL = ("model", "article")
"""Kinds of reports about a model; the others are about matches."""


def index_page(
    reports: Sequence[Mapping[str, Any]],
    *,
    language: str = "en",
    is_simulated: bool = False,
    database: str = "main",
) -> str:
    """Write the index.

    Parameters
    ----------
    reports
        One dict a report: ``kind`` (model, article, matchday, match), ``title``, ``path`` relative to the index, and
        where they apply ``competition, season, matchday, round, match_date, clubs, players`` (lists of names), ``xg``
        (home, away), ``model_version``.
    language
        ``"en"`` or ``"de"``.
    is_simulated
        Whether the reports speak of invented matches.
    database
        The world they belong to.

    Returns
    -------
    str
        One self-contained HTML page.

    Raises
    ------
    ValueError
        If a path leads out of the reports' folder.
    """
    words = speaker(language)
    entries = [_entry(report) for report in reports]
    context = {
        "models": _newest_first([entry for entry in entries if entry["kind"] in OF_A_MODEL]),
        "seasons": _seasons([entry for entry in entries if entry["kind"] not in OF_A_MODEL]),
        "n": len(reports),
        "database": database,
        "simulated": is_simulated,
        "scripts": ["page/index.js"],
    }
    return render("page/index.html", words, context)


def _seasons(entries: list[Facts]) -> list[Facts]:
    """Competition and season, each with its rounds, each round with its own report and its matches; newest first."""
    seasons = []
    for about, own in _grouped(entries, "about"):
        rounds = [
            {
                "name": name,
                "date": max(entry["date"] for entry in part),
                "matchday": next((e for e in part if e["kind"] == "matchday"), None),
                "matches": _newest_first([e for e in part if e["kind"] == "match"]),
            }
            for name, part in _grouped(own, "round")
        ]
        rounds.sort(key=lambda found: str(found["date"]), reverse=True)
        date = max(entry["date"] for entry in own)
        seasons.append({"about": about, "date": date, "rounds": rounds, "n": len(own)})
    return sorted(seasons, key=lambda season: str(season["date"]), reverse=True)


def _grouped(entries: list[Facts], key: str) -> list[tuple[str, list[Facts]]]:
    ordered = sorted(entries, key=lambda entry: str(entry[key]))
    return [(str(name), list(part)) for name, part in groupby(ordered, key=lambda entry: entry[key])]


def _newest_first(entries: list[Facts]) -> list[Facts]:
    by_title = sorted(entries, key=lambda entry: (entry["title"], entry["path"]))
    return sorted(by_title, key=lambda entry: str(entry["date"]), reverse=True)


def _entry(report: Mapping[str, Any]) -> Facts:
    clubs, players = (list(report.get(key) or []) for key in ("clubs", "players"))
    date = report.get("match_date")
    matchday = report.get("matchday")
    name = report.get("round") or ("" if matchday is None else str(matchday))
    about = " ".join(str(report[key]) for key in ("competition", "season") if report.get(key))
    # a matchday's page is found by its clubs; players lead to their match
    own = [report["title"], about, name, date or "", *clubs, *(players if report["kind"] == "match" else [])]
    return {
        "kind": report["kind"],
        "title": str(report["title"]),
        "path": local_link(str(report["path"])),
        "about": about,
        "round": str(name),
        "xg": report.get("xg") if report["kind"] == "match" else None,
        "date": "" if date is None else str(date),
        "model_version": report.get("model_version") or "",
        "found_by": " ".join(dict.fromkeys(folded(" ".join(str(part) for part in own)).split())),
    }


def folded(text: str) -> str:
    """Lower case without accents, as the search folds what is typed: "Álex" is found by "alex"."""
    plain = unicodedata.normalize("NFD", text.casefold())
    return "".join(letter for letter in plain if not unicodedata.combining(letter))
