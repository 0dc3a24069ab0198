"""What the terminal says when a run is over."""

import io
from pathlib import Path

from rich.console import Console

from xgoals.domain.pipeline import TASK_IDS
from xgoals.services.runner import run_pipeline
from xgoals.services.runner.display import RunDisplay
from xgoals.services.runner.following import RunOutcome, TaskOutcome
from xgoals.settings import Settings


def test_a_task_that_fails_after_a_broken_match_is_told_with_its_reason(tmp_path: Path) -> None:
    said = {"ingest": "match 7 is broken", "register": "there is no champion"}
    tasks = tuple(
        TaskOutcome(task_id, "failed" if task_id in said else "success", error=said.get(task_id))
        for task_id in TASK_IDS[:-1]
    )
    outcome = RunOutcome("run", "failed", (*tasks, TaskOutcome(TASK_IDS[-1], "upstream_failed")), 1.0)
    output = io.StringIO()
    with RunDisplay(TASK_IDS, Console(file=output, width=300)) as display:
        run_pipeline._say_how_it_ended(outcome, display, Settings(home=tmp_path))
    text = output.getvalue()
    assert [text.count(reason) for reason in said.values()] == [1, 1]
    assert text.index("match 7 is broken") < text.index("there is no champion")
    assert "task_id=register" in text
