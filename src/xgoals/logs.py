"""How log lines look: sentences for people, or a JSON object a line for a collector of logs.

Airflow writes the lines of its own components and tasks; ``[logging] json_logs`` of its settings, which follows ours,
makes JSON of them, and what :func:`about` names stands in them, too.
"""

import json
import logging
import re
import sys
import traceback
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from typing import Any, TextIO
from urllib.parse import unquote, urlsplit

from xgoals.domain.text import printable
from xgoals.settings import Settings

_FIRST = ("time", "level", "logger", "message", "run_id", "step", "database", "match", "error")
"""What every reader looks for stands first; further fields follow."""
_IN_ADDRESSES = re.compile(r"(?<=://)([^:/@\s]*):[^@/\s]+@")
_IN_HEADERS = re.compile(r"(?i)\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{8,}")
_LEAST_SECRET_CHARS = 6
"""A shorter one would be found by chance in innocent words."""
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
    if settings is None or not is_json(settings):
        return LineFormatter(text_format)
    import structlog
    from structlog.stdlib import ExtraAdder, ProcessorFormatter, add_log_level, add_logger_name

    masked = _Masked(settings)
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
            masked,
            _as_line,
        ],
    )


class LineFormatter(logging.Formatter):
    """Sentences, one a line: of a text with several lines all others are indented, and none looks like one of ours.

    Nor does any reach the terminal that would colour it or turn the direction of writing.
    """

    def format(self, record: logging.LogRecord) -> str:
        """The line of a record, and those of its traceback."""
        return "\n    ".join(printable(super().format(record)).split("\n"))


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


class _Masked:
    """Takes passwords, keys and tokens out of whatever is logged."""

    def __init__(self, settings: Settings) -> None:
        self._secrets = tuple(_secrets_of(settings))

    def __call__(self, _logger: Any, _method: str, event: _Event) -> _Event:
        return {name: self._mask(value) if isinstance(value, str) else value for name, value in event.items()}

    def _mask(self, text: str) -> str:
        text = text.encode(
            "utf-8", "replace"
        ).decode()  # names of files may hold what no reader of JSON takes
        text = _IN_HEADERS.sub(r"\1 ***", _IN_ADDRESSES.sub(r"\1:***@", text))
        for secret in self._secrets:
            text = text.replace(secret, "***")
        return text


def _secrets_of(settings: Settings) -> Iterator[str]:
    """What the settings keep secret: of addresses their passwords."""
    given = (
        settings.database_url,
        settings.airflow_database_url,
        settings.backup_check_url,
        settings.metrics.token,
    )
    for text in (value.get_secret_value() for value in given if value is not None):
        secret = (urlsplit(text).password or "") if "://" in text else text
        for form in {secret, unquote(secret)}:
            if len(form) >= _LEAST_SECRET_CHARS:
                yield form


def _as_line(_logger: Any, _method: str, event: _Event) -> str:
    """One line, whatever stands in it."""
    ordered = {name: event.pop(name) for name in _FIRST if name in event}
    return json.dumps(ordered | dict(event), default=str)
