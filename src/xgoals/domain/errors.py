"""Errors that a user can act on. Anything else that is raised is a bug of ours."""

from dataclasses import dataclass
from typing import Literal

from xgoals.domain.secrets import redacted
from xgoals.domain.text import MAX_ERROR_CHARS, MAX_NAME_CHARS, MAX_SENTENCE_CHARS, printable, shortened

Severity = Literal["match", "shot", "value"]


class XgoalsError(Exception):
    """A problem outside the code: says what is wrong, where, and what to do.

    The command line prints it without a traceback and exits with ``exit_code``.
    """

    exit_code = 1

    def __init__(self, what: str, *, where: str | None = None, advice: str | None = None) -> None:
        self.what = shortened(redacted(printable(what)), MAX_ERROR_CHARS)
        self.where = redacted(printable(where)) if where else where
        self.advice = redacted(printable(advice)) if advice else advice
        super().__init__(self.what)

    def __str__(self) -> str:
        text = f"{self.where}: {self.what}" if self.where else self.what
        if not self.advice:
            return text
        return f"{text} {self.advice}" if text.endswith("?") else f"{text.rstrip('.')}. {self.advice}"

    def __reduce__(self) -> tuple[object, ...]:
        # Exceptions cross process boundaries (parallel ingest, Airflow); keyword arguments do not pickle.
        return _rebuild, (type(self), self.what, self.where, self.advice)


def _rebuild(kind: type[XgoalsError], what: str, where: str | None, advice: str | None) -> XgoalsError:
    return kind(what, where=where, advice=advice)


class SettingsError(XgoalsError):
    """The configuration cannot be used."""

    exit_code = 2


class SourceError(XgoalsError):
    """The source of a feed as a whole cannot be read (no folder, nothing in it)."""

    exit_code = 3


class FeedError(XgoalsError):
    """One match cannot be read: it is quarantined, the others go on."""

    exit_code = 4


class StoreError(XgoalsError):
    """The database cannot be reached, or its schema is not the expected one."""

    exit_code = 5


class ForbiddenError(StoreError):
    """The role that is logged in may not do this in the database; trying again does not help."""


class UnwritableError(StoreError):
    """A file cannot be written: the disk is full, or the place is not ours to write. No single match's fault."""


class UnseenError(StoreError):
    """Files that another machine has found are not to be seen on this one. No single match's fault, either."""


class ModelError(XgoalsError):
    """A model cannot be trained, loaded, explained or promoted."""

    exit_code = 6


class ServiceError(XgoalsError):
    """A local service (Postgres, Airflow) does not start or stop."""

    exit_code = 7


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong in a feed file, small enough to go on.

    Its texts are printable and short, whatever the feed has written: a problem can always be stored and shown.

    Attributes
    ----------
    path
        The file, or the folder where no single file is at fault.
    place
        Where in it, in words (``"shot 7, provider_xg"``).
    severity
        ``"match"`` (the match is left out), ``"shot"`` (the shot is) or ``"value"`` (one value is missing).
    provider, shot_id, field, value
        Which value of which shot is concerned, as far as one is.
    """

    path: str
    reason: str
    advice: str
    match_id: str | None = None
    place: str | None = None
    severity: Severity = "value"
    provider: str | None = None
    shot_id: str | None = None
    field: str | None = None
    value: str | None = None

    def __post_init__(self) -> None:
        for name in ("reason", "advice"):
            self._set(name, shortened(redacted(printable(getattr(self, name))), MAX_SENTENCE_CHARS))
        for name in ("match_id", "place", "provider", "shot_id", "field", "value"):
            if (text := getattr(self, name)) is not None:
                self._set(name, shortened(printable(text), MAX_NAME_CHARS))
        self._set("path", printable(self.path))

    def is_of(self, provider: str, match_id: str) -> bool:
        """Whether it is of this match; where nobody says whose, of every one of this id."""
        return self.match_id == match_id and self.provider in (None, provider)

    def _set(self, name: str, text: str) -> None:
        object.__setattr__(self, name, text)
