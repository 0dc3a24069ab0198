"""The index of all reports: one list, searched as one types, and complete without a script."""

from collections.abc import Mapping, Sequence
from typing import Any

from xgoals.language import language as speaker
from xgoals.report.render import local_link, render, script
from xgoals.report.shot_frame import Facts

KINDS = ("model", "article", "matchday", "match")


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
        where they apply ``competition, season, matchday, match_date, clubs, players`` (lists of names),
        ``model_version``.
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
    context = {
        "groups": [(kind, _of_kind(kind, reports)) for kind in KINDS],
        "n": len(reports),
        "database": database,
        "simulated": is_simulated,
        "script": script("index/search.js"),
    }
    return render("index/page.html", words, context)


def _of_kind(kind: str, reports: Sequence[Mapping[str, Any]]) -> list[Facts]:
    own = [_entry(report) for report in reports if report["kind"] == kind]
    own.sort(key=lambda entry: (entry["title"], entry["path"]))
    own.sort(key=lambda entry: entry["date"], reverse=True)
    return own


def _entry(report: Mapping[str, Any]) -> Facts:
    clubs, players = (list(report.get(key) or []) for key in ("clubs", "players"))
    date = report.get("match_date")
    about = [str(report[key]) for key in ("competition", "season") if report.get(key)]
    found_by = [report["title"], *about, *clubs, *players, report.get("matchday") or "", date or ""]
    return {
        "title": str(report["title"]),
        "path": local_link(str(report["path"])),
        "about": " ".join(about),
        "matchday": report.get("matchday"),
        "date": "" if date is None else str(date),
        "model_version": report.get("model_version") or "",
        "found_by": " ".join(str(part) for part in found_by).casefold(),
    }
