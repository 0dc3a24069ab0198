"""How a run looks in the terminal: one line a task, with a bar; plain lines where the output is a file."""

import logging
from types import TracebackType

from rich.console import Console
from rich.progress import Progress, ProgressColumn, Task, TaskID, TextColumn, TimeElapsedColumn
from rich.progress_bar import ProgressBar

_FINAL = {"success", "failed", "upstream_failed", "skipped", "removed"}
_COLOURS = {"success": "green", "failed": "red", "running": "cyan", "up_for_retry": "yellow"}
_WORDS = {
    "success": "done",
    "failed": "failed",
    "upstream_failed": "not reached",
    "up_for_retry": "failed, tried again in a moment",
    "queued": "waiting",
    "scheduled": "waiting",
}


class _Bar(ProgressColumn):
    """Empty while a task waits, moving while it runs, filled as far as is known, full at the end."""

    def render(self, task: Task) -> ProgressBar:
        """The bar of one task."""
        return ProgressBar(
            total=task.total,
            completed=task.completed,
            width=28,
            pulse=task.fields["is_running"] and not task.completed,
            animation_time=task.get_time(),
            complete_style="cyan",
            finished_style="green",
        )


log = logging.getLogger(__name__)


class RunDisplay:
    """Shows the tasks of a run while they are worked on.

    Parameters
    ----------
    task_ids
        In the order of the work.
    console
        Where to; a default one writes to the terminal's error stream, so that results can be piped on.
    as_log
        Write lines of a log in place of all that.
    """

    def __init__(
        self, task_ids: tuple[str, ...], console: Console | None = None, *, as_log: bool = False
    ) -> None:
        self._console = console or Console(stderr=True, force_terminal=False if as_log else None)
        self._as_log = as_log
        self._states = dict.fromkeys(task_ids, "")
        self._progress = Progress(
            TextColumn("{task.description:<17}"),
            _Bar(),
            TextColumn("{task.fields[note]}"),
            TimeElapsedColumn(),
            console=self._console,
        )
        self._rows: dict[str, TaskID] = {
            task_id: self._progress.add_task(task_id, start=False, total=1, note="waiting", is_running=False)
            for task_id in task_ids
        }

    def __enter__(self) -> "RunDisplay":
        if self._console.is_terminal:
            self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._console.is_terminal:
            self._progress.stop()

    def say(self, line: str) -> None:
        """Print a line above the tasks."""
        self._say(line)

    def _say(self, line: str, **about: str) -> None:
        if self._as_log:
            log.info("%s", " ".join(line.split()), extra=about)
            return
        self._console.print(line, highlight=False, markup=False, soft_wrap=True)

    def task(self, task_id: str, state: str, seconds: float | None = None) -> None:
        """Show that a task has a new state; the same state again changes nothing."""
        if self._states.get(task_id) == state or task_id not in self._states:
            return
        self._states[task_id] = state
        word = _WORDS.get(state, state)
        if not self._console.is_terminal:
            if state not in ("queued", "scheduled"):
                took = "" if seconds is None else f" in {seconds:.1f} s"
                self._say(f"{task_id:<17} {word}{took}", step=task_id)
            return
        row, colour = self._rows[task_id], _COLOURS.get(state, "dim")
        self._progress.update(row, note=f"[{colour}]{word}[/]")
        if state == "running":
            self._progress.reset(
                row, total=None, start=True
            )  # the bar moves to and fro until a share is known
        elif state in _FINAL:
            self._progress.update(row, total=1, completed=1 if state == "success" else 0)
            self._progress.stop_task(row)

    def share(self, task_id: str, done: int, total: int) -> None:
        """Show how much of a running task's work is done."""
        if self._states.get(task_id) == "running" and total > 0:
            note = f"[cyan]{done:,} of {total:,}[/]"
            self._progress.update(self._rows[task_id], total=total, completed=done, note=note)
