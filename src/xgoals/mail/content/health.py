"""The health line of a run that ended well, and a few facts."""

from collections.abc import Sequence
from typing import get_args

from xgoals.domain.pipeline import Step
from xgoals.language import Language
from xgoals.mail.content.links import index_page, run_page
from xgoals.mail.content.news import Link, News
from xgoals.mail.content.run_summary import RunSummary
from xgoals.mail.content.wording import champion_sentence, local, simulated_mark, started, which_run
from xgoals.settings import Settings

_NIGHT = "scheduled"
"""Airflow's runs by the calendar have ids that begin so."""

_FIRST, *_REST = get_args(Step)
_ORDER = ("find_matches", _FIRST, "sum_up", *_REST)
"""Of the tasks, and of what they do one after the other."""

_COUNTS = (
    ("matches_corrected", "corrected matches"),
    ("matches_older", "older deliveries, left alone"),
    ("shots_corrected", "corrected shots"),
    ("shots_withdrawn", "withdrawn shots"),
    ("matches_quarantined", "matches in quarantine"),
    ("reports_failed", "pages that could not be written"),
)
"""Figures of a run that are told where they are not zero."""

_TEXTS = (
    ("matchdays", "matchdays"),
    ("training", "training"),
    ("training_notes", "what training has left out, or advises"),
)
"""Figures of a run that are texts."""


def health_news(run: RunSummary, settings: Settings, words: Language) -> News:
    """The health line of a run that reached its end."""
    took = words.seconds(run.duration_s)
    subject = f"{_day(run, settings, words)} — {', '.join(_what_is_new(run, words))}, {took}"
    index = index_page(settings, run.database)
    return News(
        run_id=run.run_id,
        kind="health",
        matter="run",
        subject=f"xgoals: {subject}{simulated_mark(run, words)}",
        title=subject[:1].upper() + subject[1:],
        lead=" ".join(filter(None, [_came_to_its_end(run, words), champion_sentence(run, words)])),
        moment=run.moment,
        is_simulated=run.is_simulated,
        links=(
            Link(words.text("All reports"), index),
            Link(words.text("This run in Airflow"), run_page(settings, run)),
        ),
        content={"facts": _facts(run, settings, words), "steps": _steps(run)},
    )


def texts_by_name() -> Sequence[str]:
    """Texts that are looked up by a variable: a test asks for their German."""
    return tuple(label for _, label in (*_COUNTS, *_TEXTS))


def _what_is_new(run: RunSummary, words: Language) -> list[str]:
    n_read = run.figures.get("matches_read", 0)
    told = [words.plural("one match", "%(n)s matches", n_read) if n_read else words.text("nothing new")]
    if n := run.figures.get("matches_quarantined"):
        told.append(words.text("%(n)s in quarantine", n=words.count(n)))
    if run.verdict and run.verdict.verdict == "promoted":
        told.append(words.text("new champion"))
    return told


def _came_to_its_end(run: RunSummary, words: Language) -> str:
    if not run.feeds:
        return words.text("The run came to its end.")
    return words.text("The run of %(feed)s came to its end.", feed=", ".join(run.feeds))


def _facts(run: RunSummary, settings: Settings, words: Language) -> list[tuple[str, str]]:
    figures = run.figures
    told = [(words.text(label), words.count(figures[key])) for key, label in _COUNTS if figures.get(key)]
    if "matches" in figures:
        stored = words.text(
            "%(matches)s matches, %(shots)s shots",
            matches=words.count(figures["matches"]),
            shots=words.count(figures.get("shots")),
        )
        told.append((words.text("stored"), stored))
    told += [(words.text(label), str(figures[key])) for key, label in _TEXTS if figures.get(key)]
    if run.verdict:
        told.append((words.text("decision"), str(run.verdict)))
    return [*told, *which_run(run, words), started(run, settings, words)]


def _steps(run: RunSummary) -> list[tuple[str, float]]:
    """How long each task took, in the order of the pipeline."""
    seconds = run.seconds_by_task
    ordered = [step for step in _ORDER if step in seconds]
    return [(step, seconds[step]) for step in [*ordered, *sorted(set(seconds) - set(ordered))]]


def _day(run: RunSummary, settings: Settings, words: Language) -> str:
    """The night, or the day, that the run belongs to, where it is scheduled."""
    started_at = local(run.started_at, settings)
    if started_at is None:
        return run.run_id
    day = words.day(started_at).rsplit(" ", 1)[0]
    if run.run_id.startswith(_NIGHT):
        return words.text("night of %(day)s", day=day)
    return words.text("run of %(day)s", day=day)
