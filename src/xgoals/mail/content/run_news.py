"""A run that ended well in one line and a few facts; a task that failed with its reason and the way on."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, get_args

from xgoals.domain.pipeline import Step
from xgoals.language import Language
from xgoals.mail.content.links import report_page, run_page, task_page
from xgoals.mail.content.news import Facts, Link, News
from xgoals.settings import Settings

_NIGHT = "scheduled"
"""Airflow's runs by the calendar have ids that begin so."""

_COUNTS = (
    ("matches_corrected", "corrected matches"),
    ("matches_older", "older deliveries, left alone"),
    ("shots_corrected", "corrected shots"),
    ("shots_withdrawn", "withdrawn shots"),
    ("matches_quarantined", "matches in quarantine"),
)
"""Figures of a run that are told where they are not zero."""

PARTS_OF_STEPS = {"find_matches": "ingest"}
"""Tasks that are a part of a step to people: who hears of the step hears of them."""

_STEP_ADVICE = {
    "ingest": "What was read before stays. Look into the quarantine and the source, then run again.",
    "build_features": "Nothing was lost. Run again after mending what the error names.",
    "train": "The champion stays in place and goes on scoring.",
    "register": "The champion stays in place and goes on scoring.",
    "compute_baseline": "The champion stays in place and goes on scoring.",
    "explain": "Numbers and reports of earlier runs stand.",
    "report": "All numbers are in the database; only the pages are missing.",
}


def health_news(run: Facts, settings: Settings, words: Language) -> News:
    """The health line of a run that reached its end.

    Parameters
    ----------
    run
        ``run_id, database, feeds, sources, started_at, ended_at, figures, seconds_by_task, is_simulated`` and, where
        known, ``champion, auc, log_loss, provider_auc, provider_log_loss``.
    """
    news = ", ".join(_what_is_new(run, words))
    took = words.seconds(run_seconds(run))
    subject = f"{_day(run, words)} — {news}, {took}"
    index = report_page(settings, run["database"])
    return News(
        run_id=run["run_id"],
        kind="health",
        matter="run",
        subject=f"xgoals: {subject}{_simulated(run, words)}",
        title=subject[:1].upper() + subject[1:],
        lead=" ".join(filter(None, [_came_to_its_end(run, words), champion_sentence(run, words)])),
        moment=_moment(run),
        is_simulated=bool(run["is_simulated"]),
        links=(
            Link(words.text("All reports"), index),
            Link(words.text("This run in Airflow"), run_page(settings, run["run_id"])),
        ),
        content={"facts": _facts(run, words), "steps": _steps(run)},
    )


def failure_news(
    run: Facts,
    settings: Settings,
    words: Language,
    *,
    task: str,
    error: Facts,
    map_index: int = -1,
    label: str = "",
    try_number: int = 1,
    goes_on: bool = False,
) -> News:
    """What failed, why, and what to do.

    Parameters
    ----------
    run
        ``run_id, database, feed, source, is_simulated`` and, where known, ``started_at``.
    task, map_index, label, try_number
        The task; of a mapped one, which part, and what that is called; which try it was.
    error
        ``what`` (a sentence) and, where known, ``where`` (file, match) and ``advice``.
    goes_on
        Whether the run goes on without it.
    """
    part = label or (str(map_index) if map_index >= 0 else "")
    step = PARTS_OF_STEPS.get(task, task)
    name = f"{step} [{part}]" if part else step
    subject = words.text("FAILED at %(task)s", task=name)
    page = task_page(settings, run["run_id"], task, map_index=map_index)
    advice = _STEP_ADVICE.get(step)
    return News(
        run_id=run["run_id"],
        kind="failure",
        matter=f"{task}{map_index if map_index >= 0 else ''} try {try_number}",
        subject=f"xgoals {subject}: {error['what']}{_simulated(run, words)}",
        title=subject,
        lead=" ".join(
            filter(
                None,
                [
                    _went_on(run, words) if goes_on else _stopped(run, words),
                    words.text(advice) if advice else None,
                ],
            )
        ),
        moment=_moment(run),
        is_simulated=bool(run["is_simulated"]),
        step=step,
        links=(
            Link(words.text("Log of the task"), page),
            Link(
                words.text("Retry: open the task, press the round arrow above (Clear, Shift+C)"),
                page,
            ),
            Link(words.text("This run in Airflow"), run_page(settings, run["run_id"])),
        ),
        content={
            "error": {
                "task": name,
                **{key: str(error.get(key) or "") for key in ("what", "where", "advice")},
            },
            "facts": _which_run(run, words),
        },
    )


def run_line(run: Facts, words: Language) -> str:
    """The health of a run in one sentence, for the foot of a digest."""
    return words.text(
        "The run took %(took)s. %(champion)s",
        took=words.seconds(run_seconds(run)),
        champion=champion_sentence(run, words),
    ).strip()


def run_seconds(run: Facts) -> float | None:
    """How long a run took."""
    started, ended = _as_moment(run.get("started_at")), _as_moment(run.get("ended_at"))
    return (ended - started).total_seconds() if started and ended else None


def champion_sentence(run: Facts, words: Language) -> str:
    """Who the champion is and how good, beside the provider's own xG where that is known."""
    if not run.get("champion"):
        return ""
    values = {
        "name": str(run["champion"]),
        "auc": words.number(run.get("auc"), 3),
        "loss": words.number(run.get("log_loss"), 4),
    }
    if run.get("provider_auc") is None:
        return words.text(
            "Champion %(name)s: AUC %(auc)s, log loss %(loss)s on matches it had not seen.", **values
        )
    return words.text(
        "Champion %(name)s: AUC %(auc)s, log loss %(loss)s on matches it had not seen"
        " (the provider's own xG: %(provider_auc)s, %(provider_loss)s).",
        **values,
        provider_auc=words.number(run["provider_auc"], 3),
        provider_loss=words.number(run.get("provider_log_loss"), 4),
    )


def _what_is_new(run: Facts, words: Language) -> list[str]:
    figures = run["figures"] or {}
    n_read = figures.get("matches_read", 0)
    told = [words.plural("one match", "%(n)s matches", n_read) if n_read else words.text("nothing new")]
    if n := figures.get("matches_quarantined"):
        told.append(words.text("%(n)s in quarantine", n=words.count(n)))
    if str(figures.get("decision", "")).startswith("promoted"):
        told.append(words.text("new champion"))
    return told


def _came_to_its_end(run: Facts, words: Language) -> str:
    if not run["feeds"]:
        return words.text("The run came to its end.")
    return words.text("The run of %(feed)s came to its end.", feed=", ".join(run["feeds"]))


def _stopped(run: Facts, words: Language) -> str:
    if not run["feeds"]:
        return words.text("The run stopped.")
    return words.text("The run of %(feed)s stopped.", feed=", ".join(run["feeds"]))


def _went_on(run: Facts, words: Language) -> str:
    return words.text("The run of %(feed)s goes on without it.", feed=", ".join(run["feeds"]))


def _facts(run: Facts, words: Language) -> list[tuple[str, str]]:
    figures = run["figures"] or {}
    told = [(words.text(label), words.count(figures[key])) for key, label in _COUNTS if figures.get(key)]
    if "matches" in figures:
        told.append(
            (
                words.text("stored"),
                words.text(
                    "%(matches)s matches, %(shots)s shots",
                    matches=words.count(figures["matches"]),
                    shots=words.count(figures.get("shots")),
                ),
            )
        )
    told += [
        (words.text(key), str(figures[key]))
        for key in ("matchdays", "training", "decision")
        if figures.get(key)
    ]
    return told + _which_run(run, words)


def _steps(run: Facts) -> list[tuple[str, float]]:
    """How long each task took, in the order of the pipeline."""
    seconds: dict[str, float] = run["seconds_by_task"] or {}
    ordered = [step for step in get_args(Step) if step in seconds]
    return [(step, seconds[step]) for step in [*ordered, *(set(seconds) - set(ordered))]]


def _which_run(run: Facts, words: Language) -> list[tuple[str, str]]:
    return [
        (words.text("run"), str(run["run_id"])),
        (words.text("source"), sources_of(run)),
        (words.text("database"), str(run["database"])),
        (words.text("started"), words.moment(run.get("started_at"))),
    ]


def sources_of(run: Facts) -> str:
    """What a run read, as its mails name it: kind of the files and folder, of each feed."""
    return ", ".join(f"{feed} {source}" for feed, source in zip(run["feeds"], run["sources"], strict=True))


def _day(run: Facts, words: Language) -> str:
    started = _as_moment(run.get("started_at"))
    if started is None:
        return str(run["run_id"])
    day = words.day(started).rsplit(" ", 1)[0]
    if str(run["run_id"]).startswith(_NIGHT):
        return words.text("night of %(day)s", day=day)
    return words.text("run of %(day)s", day=day)


def _simulated(run: Facts, words: Language) -> str:
    return f" {words.text('(simulated)')}" if run["is_simulated"] else ""


def _moment(run: Facts) -> datetime:
    moment = _as_moment(run.get("ended_at")) or _as_moment(run.get("started_at"))
    if moment is None:
        raise ValueError("a run without any time cannot be told")
    return moment


def _as_moment(value: Any) -> datetime | None:
    return datetime.fromisoformat(value) if isinstance(value, str) else value


def texts_by_name() -> Sequence[str]:
    """Texts that are looked up by a variable: a test asks for their German."""
    return (*(label for _, label in _COUNTS), *_STEP_ADVICE.values(), "matchdays", "training", "decision")
