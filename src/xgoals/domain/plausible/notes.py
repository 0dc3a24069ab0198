"""What is noted about one match while it goes through the gate."""

import math

from xgoals.domain.bounds import Range
from xgoals.domain.errors import FeedError, Problem, Severity

LEFT_MISSING = "It is left missing; correct it where the file comes from"


class Notes:
    """Collects the problems of one match, each with its place, field and value."""

    def __init__(self, provider: str, match_id: str, path: str, place: str = "") -> None:
        self.provider = provider
        self.match_id = match_id
        self.path = path
        self.place = place
        self.problems: list[Problem] = []

    def add(
        self,
        field: str,
        reason: str,
        *,
        advice: str = LEFT_MISSING,
        shot_id: str | None = None,
        value: object = None,
        severity: Severity = "value",
    ) -> None:
        """Note what is wrong with a field, of a shot where it is one's."""
        shot = "" if shot_id is None else f"shot {shot_id}"
        self.problems.append(
            Problem(
                path=self.path,
                reason=reason,
                advice=advice,
                match_id=self.match_id,
                place=", ".join(part for part in (self.place, shot, field) if part),
                severity=severity,
                provider=self.provider,
                shot_id=shot_id,
                field=field,
                value=None if value is None else str(value)[:100],
            )
        )

    def cannot_be(self, field: str, value: object, possible: object, *, shot_id: str | None = None) -> None:
        """Note a value that is outside of what is possible."""
        self.add(
            field, f"{field} = {shown(value)} cannot be ({possible} can)", shot_id=shot_id, value=shown(value)
        )

    def within(
        self, value: float | None, possible: Range, field: str, *, shot_id: str | None = None
    ) -> float | None:
        """The value; None where it is missing (NaN, too), and None with a note where it cannot be."""
        if value is None or value != value:
            return None
        if value in possible:
            return value
        self.cannot_be(field, value, possible, shot_id=shot_id)
        return None

    def whole_within(
        self, value: int | None, possible: Range, field: str, *, shot_id: str | None = None
    ) -> int | None:
        """The same for a whole number."""
        checked = self.within(value, possible, field, shot_id=shot_id)
        return None if checked is None else int(checked)

    def refusal(self, what: str) -> FeedError:
        """The error that refuses the match as a whole."""
        return FeedError(
            what,
            where=f"{self.path}, match {self.match_id}",
            advice="Correct it where the file comes from, or ask the provider",
        )


def shown(value: object) -> str:
    """A value for a sentence: numbers without a tail of digits."""
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, int) and abs(value) >= 10**15:
        return f"a number of {math.ceil(value.bit_length() * math.log10(2))} digits"
    return str(value)[:100]
