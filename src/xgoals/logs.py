"""How log lines look: sentences for people, or a JSON object a line for a collector of logs.

Airflow writes the lines of its own components and tasks; ``[logging] json_logs`` of its settings, which follows ours,
makes JSON of them, and what :func:`about` names stands in them, too.
"""

import json
import logging
import sys
import traceback
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from typing import Any, TextIO

from xgoals.domain.secrets import redacted
from xgoals.domain.text import printable
from xgoals.settings import Settings
from xgoals.settings.secrets import keep_what_is_secret

_FIRST = ("time", "level", "logger", "message", "run_id", "step", "database", "match", "error")
"""What every reader looks for stands first; further fields follow."""
_Event = MutableMapping[str, Any]


def set_up(settings: Settings | None, text_format: str = "%(message)s", stream: TextIO | None = None) -> None:
    """Let this process log what is ours from INFO on, and of others from WARNING on.

    Parameters
    ----------
    settings
        Say in which form; None, as where they cannot be read, means sentences.
    text_format
        Of sentences, as `logging.Formatter` takes it.
    stream
        Where to; the error stream by default.
    """
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(formatter(settings, text_format))
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    logging.getLogger("xgoals").setLevel(logging.INFO)


def formatter(settings: Settings | None, text_format: str = "%(message)s") -> logging.Formatter:
    """The form of this process's lines; for parameters see :func:`set_up`."""
    keep_what_is_secret(settings)
    if settings is None or not is_json(settings):
        return LineFormatter(text_format)
    import structlog
    from structlog.stdlib import ExtraAdder, ProcessorFormatter, add_log_level, add_logger_name

    return ProcessorFormatter(
        foreign_pre_chain=[
            structlog.contextvars.merge_contextvars,
            add_log_level,
            add_logger_name,
            ExtraAdder(),
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
        ],
        processors=[
            ProcessorFormatter.remove_processors_meta,
            structlog.processors.EventRenamer("message"),
            _with_error,
            _masked,
            _as_line,
        ],
    )


class LineFormatter(logging.Formatter):
    """Sentences, one a line: of a text with several lines all others are indented, and none looks like one of ours.

    Nothing in them colours the terminal or turns the direction of writing, and what is secret is masked.
    """

    def format(self, record: logging.LogRecord) -> str:
        """The line of a record, and those of its traceback."""
        return "\n    ".join(printable(redacted(super().format(record))).split("\n"))


def is_json(settings: Settings) -> bool:
    """Whether log lines are JSON."""
    return settings.logs.format == "json"


@contextmanager
def about(settings: Settings, **fields: str) -> Iterator[None]:
    """Name in every line from here what it is about: ``run_id``, ``step``, ``database``, ``match``.

    Sentences stay as they are: people know which log they read.
    """
    if not is_json(settings):
        yield
        return
    from structlog.contextvars import bound_contextvars

    with bound_contextvars(**fields):
        yield


def _with_error(_logger: Any, _method: str, event: _Event) -> _Event:
    """An exception becomes two fields: ``error``, in a line, and ``traceback``."""
    told = event.pop("exc_info", None)
    if isinstance(told, tuple) and told[1] is not None:
        event["error"] = "".join(traceback.format_exception_only(told[1])).strip()
        event["traceback"] = "".join(traceback.format_exception(told[1])).strip()
    return event


def _masked(_logger: Any, _method: str, event: _Event) -> _Event:
    """Takes passwords, keys and tokens out of whatever is logged."""
    # Names of files may hold what no reader of JSON takes.
    return {
        name: redacted(value.encode("utf-8", "replace").decode()) if isinstance(value, str) else value
        for name, value in event.items()
    }


def _as_line(_logger: Any, _method: str, event: _Event) -> str:
    """One line, whatever stands in it."""
    ordered = {name: event.pop(name) for name in _FIRST if name in event}
    return json.dumps(ordered | dict(event), default=str)
