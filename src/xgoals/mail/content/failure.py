"""A task that failed for good: what failed, why, and what to do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from xgoals.domain.errors import XgoalsError
from xgoals.language import Language
from xgoals.mail.content.links import log_page, run_page, task_page
from xgoals.mail.content.news import Link, News
from xgoals.mail.content.run_summary import RunSummary
from xgoals.mail.content.wording import for_database, in_a_subject, simulated_mark, started, which_run
from xgoals.settings import Settings

PARTS_OF_STEPS = {"find_matches": "ingest"}
"""Tasks that are a part of a step to people: who hears of the step hears of them."""

_CHAMPION_STAYS = "The champion stays in place and goes on scoring."
_NO_CHAMPION = "There is no champion yet, so nothing is published; what was read stays."

KILLED = XgoalsError(
    "its process was ended from outside, without a word: most likely the system killed it because memory ran out",
    advice="Look for 'out of memory' in the system's journal (journalctl -k, dmesg), free memory or add some, then"
    " clear this task. If somebody has marked it failed by hand, nothing is wrong",
)
"""What is known of a task whose process cannot tell anything any more."""

_STEP_ADVICE = {
    "ingest": "What was read before stays.",
    "build_features": "Nothing was lost. Run again after mending what the error names.",
    "train": _CHAMPION_STAYS,
    "register": _CHAMPION_STAYS,
    "compute_baseline": _CHAMPION_STAYS,
    "explain": "Numbers and reports of earlier runs stand.",
    "report": "All numbers are in the database; only the pages are missing.",
}


@dataclass(frozen=True, slots=True)
class TaskFailure:
    """A task that has failed for good.

    Attributes
    ----------
    error
        Why, in words for people.
    map_index, label
        Of a mapped task, which part, and what that is called.
    try_number
        Which try it was.
    failed_at
        When, which is what the mail is dated by.
    """

    task: str
    error: XgoalsError
    map_index: int = -1
    label: str = ""
    try_number: int = 1
    failed_at: datetime = field(default_factory=lambda: datetime.now(UTC), compare=False)

    @property
    def matter(self) -> str:
        """Which outcome of the run it is: another part, or another try, is another one."""
        return f"{self.place} try {self.try_number}"

    @property
    def place(self) -> str:
        """The task, and the part of it."""
        return f"{self.task}{self.map_index if self.map_index >= 0 else ''}"

    def noted_error(self) -> dict[str, Any]:
        """Why it failed, as it is noted with the run."""
        error = self.error
        return {"of": self.matter, "what": error.what, "where": error.where, "advice": error.advice}

    def with_noted_error(self, noted: Mapping[str, Any] | None) -> "TaskFailure":
        """The same with the error that was noted, if that is of this try of this task."""
        if not noted or noted.get("of") != self.matter:
            return self
        error = XgoalsError(noted["what"], where=noted.get("where"), advice=noted.get("advice"))
        return replace(self, error=error)


def failure_news(
    failure: TaskFailure, run: RunSummary, settings: Settings, words: Language, *, goes_on: bool = False
) -> News:
    """What failed, why, and what to do.

    Parameters
    ----------
    goes_on
        Whether the run goes on without it.
    """
    step = PARTS_OF_STEPS.get(failure.task, failure.task)
    name = _name(failure, step)
    error = failure.error
    subject = words.text("FAILED at %(task)s", task=name)
    return News(
        dag_id=run.dag_id,
        run_id=run.run_id,
        kind="failure",
        matter=failure.matter,
        subject=f"xgoals {subject}: {in_a_subject(error.what)}{simulated_mark(run, words)}",
        title=subject,
        lead=_lead(run, step, words, goes_on=goes_on),
        moment=failure.failed_at,
        is_simulated=run.is_simulated,
        step=step,
        links=(
            Link(
                words.text("Log of the task"),
                log_page(
                    settings, run, failure.task, map_index=failure.map_index, try_number=failure.try_number
                ),
            ),
            Link(
                words.text("Retry: open the task, press the round arrow above (Clear, Shift+C)"),
                task_page(settings, run, failure.task, map_index=failure.map_index),
            ),
            Link(words.text("This run in Airflow"), run_page(settings, run)),
        ),
        content={
            "error": {
                "task": name,
                "what": error.what,
                "where": error.where or "",
                "advice": for_database(error.advice or "", run.database),
            },
            "facts": [*which_run(run, words), started(run, settings, words)],
        },
    )


def texts_by_name() -> Sequence[str]:
    """Texts that are looked up by a variable: a test asks for their German."""
    return (*_STEP_ADVICE.values(), _NO_CHAMPION)


def _name(failure: TaskFailure, step: str) -> str:
    part = failure.label or (str(failure.map_index) if failure.map_index >= 0 else "")
    return f"{step} [{part}]" if part else step


def _lead(run: RunSummary, step: str, words: Language, *, goes_on: bool) -> str:
    if not run.is_of_pipeline:
        return words.text("Its other tasks go on, and the pipeline does not wait for it.")
    state = _goes_on(run, words) if goes_on else _stopped(run, words)
    advice = _STEP_ADVICE.get(step)
    if advice is _CHAMPION_STAYS and not run.champion:
        advice = _NO_CHAMPION
    return f"{state} {words.text(advice)}" if advice else state


def _stopped(run: RunSummary, words: Language) -> str:
    if not run.feeds:
        return words.text("The run stopped.")
    return words.text("The run of %(feed)s stopped.", feed=", ".join(run.feeds))


def _goes_on(run: RunSummary, words: Language) -> str:
    return words.text("The run of %(feed)s goes on without it.", feed=", ".join(run.feeds))
