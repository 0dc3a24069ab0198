"""What is known of a run while it goes on: its tasks, those of one name taken together, and how it ended."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from xgoals.domain.pipeline import TASK_IDS
from xgoals.services.runner.display import RunDisplay

_WORST_FIRST = (
    "failed", "up_for_retry", "running", "restarting", "queued", "scheduled", "none", "upstream_failed", "success",
)  # fmt: skip
Shares = Callable[[str], Mapping[str, tuple[int, int]]]
"""Run id -> for tasks under way that count their work: how much is done, and of how much."""


@dataclass(frozen=True, slots=True)
class TaskOutcome:
    """How a task ended; ``seconds`` of its last try. Several tasks of one name are told apart by ``map_index``."""

    task_id: str
    state: str = "none"
    seconds: float = 0.0
    try_number: int = 0
    error: str | None = None
    map_index: int = -1


@dataclass(frozen=True, slots=True)
class RunOutcome:
    """How a run ended. ``state`` is ``success`` only if every task succeeded, else ``failed``.

    ``tasks`` has one entry a task; for `ingest`, which may be several, the worst of them with the seconds of all.
    ``reached_its_end``: whether the last task succeeded, whatever became of single matches.
    """

    run_id: str
    state: str
    tasks: tuple[TaskOutcome, ...]
    seconds: float

    @property
    def failed_task(self) -> TaskOutcome | None:
        """The first task that failed, if one did."""
        return next(iter(self.failed_tasks), None)

    @property
    def failed_tasks(self) -> tuple[TaskOutcome, ...]:
        """All that failed: a run goes on without a broken match, and a later task may fail, too."""
        return tuple(task for task in self.tasks if task.state == "failed")

    @property
    def reached_its_end(self) -> bool:
        """Whether the run went on to its last task in spite of what failed."""
        return self.tasks[-1].state == "success"


@dataclass(slots=True)
class Follower:
    """Keeps what is known about a run's tasks, and shows it."""

    display: RunDisplay
    shares: Shares | None
    run_id: str = ""
    has_ended: bool = False
    began_s: float = field(default_factory=time.monotonic)
    task_began_s: float = 0.0
    instances: dict[str, dict[int, TaskOutcome]] = field(
        default_factory=lambda: {task_id: {-1: TaskOutcome(task_id)} for task_id in TASK_IDS}
    )

    def note(self, task_id: str, state: str, *, map_index: int = -1, **details: Any) -> None:
        """Take in the state of a task; details are fields of `TaskOutcome`."""
        if task_id not in self.instances:  # one that is there only with certain settings
            return
        instances = self.instances[task_id]
        known = instances.get(map_index, TaskOutcome(task_id, map_index=map_index))
        instances[map_index] = replace(known, state=state, **details)
        if map_index >= 0:
            instances.pop(-1, None)  # it stood for all of them while their number was not known
        self._show(task_id)
        if task_id != TASK_IDS[0]:  # one that begins shows that no more of those before it will come
            self._show(TASK_IDS[TASK_IDS.index(task_id) - 1])

    def _show(self, task_id: str) -> None:
        instances, task = self.instances[task_id], self.task(task_id)
        may_grow = -1 not in instances and not self.has_ended and not self._has_begun_after(task_id)
        if not (may_grow and task.state in ("success", "failed")):
            over = task.state in ("success", "failed")
            self.display.task(task_id, task.state, task.seconds if over else None)
        if len(instances) > 1:
            done = sum(instance.state in ("success", "failed") for instance in instances.values())
            self.display.share(task_id, done, len(instances))

    def _has_begun_after(self, task_id: str) -> bool:
        """Whether the task after this one has begun: in-process runs tell of an instance only when it begins."""
        later = TASK_IDS[TASK_IDS.index(task_id) + 1 :]
        return bool(later) and self.task(later[0]).state not in ("none", "scheduled")

    def task(self, task_id: str) -> TaskOutcome:
        """All instances of a task as one."""
        instances = self.instances[task_id].values()
        worst = min(instances, key=lambda task: (_rank(task.state), task.map_index))
        return replace(worst, seconds=sum(task.seconds for task in instances))

    def note_event(self, event: dict[str, Any]) -> None:
        """Take in what the child reports about a task."""
        self.run_id = event["run_id"]
        which = {"task_id": event["task_id"], "map_index": event["map_index"]}
        if event["state"] == "running":
            self.task_began_s = event["at_s"]
            self.note(**which, state="running", try_number=event["try_number"])
        else:
            seconds = event["at_s"] - self.task_began_s
            self.note(**which, state=event["state"], seconds=seconds, error=event.get("error"))

    def tick(self) -> None:
        """Ask how far the tasks under way are."""
        if self.shares and self.run_id:
            for task_id, (done, total) in self.shares(self.run_id).items():
                self.display.share(task_id, done, total)

    def outcome(self) -> RunOutcome:
        """How the run ended."""
        tasks = tuple(self.task(task_id) for task_id in self.instances)
        state = "success" if all(task.state == "success" for task in tasks) else "failed"
        return RunOutcome(self.run_id, state, tasks, time.monotonic() - self.began_s)


def _rank(state: str) -> int:
    return _WORST_FIRST.index(state) if state in _WORST_FIRST else len(_WORST_FIRST)
