"""How long to wait before something that has died is started again."""

from dataclasses import dataclass

LONGEST_S = 300.0
WELL_AFTER_S = 600.0


@dataclass(slots=True)
class Backoff:
    """At once the first time, then after 2, 4, 8 ... seconds; what lived for ten minutes begins anew.

    Moments are seconds of a monotonic clock.
    """

    n_deaths: int = 0
    started_s: float = 0.0
    due_s: float | None = None

    def note_death(self, now_s: float) -> None:
        """It is dead; said as often as it is seen."""
        if self.due_s is not None:
            return
        if now_s - self.started_s > WELL_AFTER_S:
            self.n_deaths = 0
        self.due_s = now_s + (min(LONGEST_S, 2.0**self.n_deaths) if self.n_deaths else 0.0)
        self.n_deaths += 1

    @property
    def is_worth_telling(self) -> bool:
        """Whether people are told of its last death: of the 1st, 2nd, 4th, 8th ... in a row."""
        return self.n_deaths & (self.n_deaths - 1) == 0

    def is_due(self, now_s: float) -> bool:
        """Whether it is to be started now."""
        return self.due_s is not None and now_s >= self.due_s

    def note_start(self, now_s: float) -> None:
        """It was started."""
        self.started_s, self.due_s = now_s, None
