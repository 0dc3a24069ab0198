"""The sections of the settings, their defaults, and what values are taken."""

from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal, get_args
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, field_validator

from xgoals.domain.model import CatalogueName
from xgoals.domain.pipeline import Step

MailKind = Literal["digest", "health", "failure", "warning"]
"""What a mail is about: a matchday, a run that ended well, one that failed, something that wants a person."""


def _known_time_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        raise ValueError(
            f"'{name}' is not a time zone of the IANA database, such as 'Europe/Berlin'"
        ) from None
    return name


def _cron(expression: str) -> str:
    from croniter import croniter

    if not croniter.is_valid(expression):
        raise ValueError(f"'{expression}' is not a cron expression of five fields, such as '30 4 * * *'")
    return expression


def _address(text: str) -> str:
    """A plain ASCII address; whatever could become a second address or a header of its own is refused."""
    from email.errors import MessageError
    from email.headerregistry import Address

    try:
        address = Address(addr_spec=text)
    except (ValueError, IndexError, MessageError):
        address = Address()
    if not (address.username and address.domain and text.isascii() and text.isprintable()) or " " in text:
        raise ValueError(f"{text!r} is not an e-mail address")
    return text


def _web_address(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.query or parts.fragment:
        raise ValueError(f"{text!r} is not a web address, such as 'https://xgoals.example.org'")
    return text.rstrip("/")


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Schedule(_Section):
    """When the pipeline starts by itself, and how often the model is trained anew.

    ``hours_after_last_kick_off`` takes the place of ``nightly_cron`` where it is given. The inbox is looked at
    every ``poll_s``; files count as arrived once they have not changed for ``settle_s``. A matchday that lacks
    something ``deadline_hours`` after its newest file is reported as partial. A run that is not over
    ``late_after_minutes`` after it was due is late.
    """

    nightly_cron: Annotated[str, AfterValidator(_cron)] = "30 4 * * *"
    timezone: Annotated[str, AfterValidator(_known_time_zone)] = "Europe/Berlin"
    retrain: Literal["weekly", "nightly", "always"] = "weekly"
    hours_after_last_kick_off: float | None = Field(None, gt=0, le=168)
    watch_inbox: bool = True
    poll_s: float = Field(5.0, ge=1, le=600)
    settle_s: float = Field(15.0, ge=1, le=3600)
    deadline_hours: float = Field(24.0, gt=0)
    late_after_minutes: float = Field(120.0, gt=0)
    weekly_cron: Annotated[str, AfterValidator(_cron)] = "0 2 * * 1"


class Dag(_Section):
    """How Airflow treats the DAGs and their tasks: whose they are, where they run, how often they are tried.

    ``pool`` and ``queue`` are Airflow's own defaults where they are not given. A task that may succeed later is tried
    ``retries`` times more, after one to two times ``retry_delay_s``, then twice as long, and so on up to five minutes.
    ``ingest_at_once`` matches are read at a time, on all workers together.
    """

    owner: str = Field("xgoals", min_length=1, max_length=500)
    tags: tuple[Annotated[str, Field(min_length=1, max_length=100)], ...] = ("xgoals",)
    pool: Annotated[str, Field(min_length=1, max_length=256)] | None = None
    queue: Annotated[str, Field(min_length=1, max_length=256)] | None = None
    priority_weight: int = Field(1, ge=1, le=1_000_000)
    retries: int = Field(3, ge=0, le=100)
    retry_delay_s: float = Field(20.0, ge=1, le=86_400)
    ingest_at_once: int = Field(2, ge=1, le=1000)


class Limits(_Section):
    """How long what may take long is waited for, so that nothing is waited for for ever.

    A task of Airflow is ended after its ``task_minutes`` (laid over the defaults; ``other``: all not named). Who waits
    for another writer, a row or a table gives up after ``wait_minutes``. A run gives reasons for ``reasons_minutes``.
    """

    task_minutes: dict[str, Annotated[float, Field(gt=0)]] = {}
    wait_minutes: float = Field(120.0, gt=0)
    reasons_minutes: float = Field(2.0, ge=0)

    @field_validator("task_minutes")
    @classmethod
    def _known_tasks(cls, given: dict[str, float]) -> dict[str, float]:
        for name in given:
            if name not in _TASK_NAMES:
                raise ValueError(f"'{name}' is no task; there are {', '.join(_TASK_NAMES)}")
        return given

    @property
    def wait(self) -> timedelta:
        """How long somebody waits for another."""
        return timedelta(minutes=self.wait_minutes)

    def task_timeout(self, task_id: str) -> timedelta:
        """How long a task may take, the waiting included."""
        minutes = _TASK_MINUTES | self.task_minutes
        return timedelta(minutes=minutes.get(task_id, minutes["other"]))


# A portion of a backfill is hundreds of matches; with a million shots of history, training takes hours, too.
_TASK_MINUTES = {
    "ingest": 720.0,
    "train": 360.0,
    "explain": 360.0,
    "search_hyperparameters": 720.0,
    "spark_ingest": 2880.0,
    "load_archive": 1440.0,
    "other": 180.0,
}
_TASK_NAMES = (
    "find_matches",
    *get_args(Step),
    *("search_hyperparameters", "make_room", "check_backup", "spark_ingest", "load_archive", "other"),
)


class Training(_Section):
    """What a challenger is trained on, when it may replace the champion, and how long parameters are searched for."""

    catalogue: CatalogueName = "best-17"
    seed: int = 20_150_801
    held_out_share: float = Field(0.2, gt=0, lt=0.9)
    min_matches: int = Field(20, ge=2)
    min_goals: int = Field(50, ge=2)
    promotion_margin_log_loss: float = Field(0.003, ge=0)
    approval: bool = False
    search_trials: int = Field(60, ge=1)
    search_minutes: float = Field(20, gt=0)
    glass_box: bool = True


Address = Annotated[str, AfterValidator(_address)]
Somebody = Annotated[tuple[Address, ...], Field(min_length=1)]


class Email(_Section):
    """Who is told of what, in which language, and how long a mail server is waited for.

    A failure or warning of a step goes to ``recipients_by_step`` where that names the step. Else, and for
    everything that belongs to no step, ``recipients_by_kind`` counts, and where that does not name the kind,
    ``recipients``. A digest or health mail may be sent to nobody (an empty list), a failure may not.
    """

    sender: Address = "xgoals@localhost"
    recipients: Somebody = ("analysts@localhost",)
    recipients_by_kind: dict[MailKind, tuple[Address, ...]] = {}
    recipients_by_step: dict[Step, Somebody] = {}
    language: Literal["en", "de"] = "en"
    connection_id: str = "smtp_default"
    timeout_s: float = Field(10.0, gt=0, le=120)
    patience_s: float = Field(30.0, gt=0, le=600)
    keep_trying_days: float = Field(3.0, gt=0)

    @field_validator("recipients_by_kind")
    @classmethod
    def _somebody_hears_of_trouble(cls, given: dict[MailKind, Any]) -> dict[MailKind, Any]:
        for kind in ("failure", "warning"):
            if kind in given and not given[kind]:
                raise ValueError(f"nobody would hear of a {kind}: name at least one address")
        return given

    def recipients_of(self, kind: MailKind, step: str | None = None) -> tuple[str, ...]:
        """Who gets a mail of this kind (about this step), everybody once."""
        by_step = {str(known): who for known, who in self.recipients_by_step.items()}
        if kind in ("failure", "warning") and step in by_step:
            return tuple(dict.fromkeys(by_step[step]))
        return tuple(dict.fromkeys(self.recipients_by_kind.get(kind, self.recipients)))


class Retention(_Section):
    """After how many days what may go; `xgoals clean` and the weekly maintenance hold to it.

    Feed files, published numbers, champions and decisions stay for ever.
    """

    reports_days: int = Field(730, ge=1)
    clips_days: int = Field(365, ge=1)
    outbox_days: int = Field(90, ge=1)
    logs_days: int = Field(60, ge=1)
    runs_days: int = Field(365, ge=1)
    challengers_days: int = Field(90, ge=1)
    airflow_days: int = Field(180, ge=1)


class Drift(_Section):
    """When drift over matchdays is an alarm.

    Attributions have drifted where the nDCG of their ranking is below ``attribution_ndcg_below``, and below what chance
    leaves; 0.9 is the limit of SageMaker's Model Monitor.
    """

    attribution_ndcg_below: float = Field(0.9, ge=0, le=1)


class Fairness(_Section):
    """From which difference on it matters whether goals and xG of a club are apart, in goals per 100 shots."""

    margin_per_100_shots: float = Field(1.0, gt=0, le=10)


class Report(_Section):
    """How reports speak."""

    language: Literal["en", "de"] = "en"


UiRole = Literal["viewer", "user", "op", "admin"]
UserName = Annotated[str, Field(pattern=r"^[A-Za-z0-9._@-]{1,64}$")]


class Ui(_Section):
    """Where Airflow's UI listens (loopback only), who may enter, how others reach it, and whether it scores at once.

    ``user`` is the administrator; ``users`` are the others, with their roles.
    """

    port: int = Field(8080, ge=1024, le=65535)
    user: UserName = "admin"
    users: dict[UserName, UiRole] = {}
    warm_scoring: bool = True
    base_url: Annotated[str, AfterValidator(_web_address)] | None = None

    @property
    def address(self) -> str:
        """What links in mails start with: ``base_url``, else the UI on this machine."""
        return self.base_url or f"http://127.0.0.1:{self.port}"

    @property
    def roles(self) -> dict[str, UiRole]:
        """Everybody who may enter, with the role."""
        return {**self.users, self.user: "admin"}


class Sources(_Section):
    """Which folders a run may be told to read in the UI, beside what lies in ``XGOALS_HOME``.

    Whoever may trigger a run there is not for that reason to read every folder of the server. A terminal is not asked:
    who starts ``xgoals run`` reads with his own rights.
    """

    roots: tuple[Path, ...] = ()


class Spark(_Section):
    """Where Spark works: ``master`` (``local[2]``, ``spark://host:7077``, ``yarn``), or a Spark Connect server.

    ``remote`` (``sc://host:15002``) takes the place of ``master``. ``conf`` is handed to the session as it is.
    """

    master: str = "local[*]"
    remote: str | None = None
    conf: dict[str, str] = {}


_LEAST_TOKEN_CHARS = 16


class Metrics(_Section):
    """What is told to a monitoring system: Airflow's own figures, sent, and those of xgoals, to be fetched.

    ``airflow`` says how Airflow sends its own to ``host`` and ``port`` (StatsD: UDP, 8125; OpenTelemetry: OTLP over
    HTTP, 4318). ``endpoint``: whether ``/xgoals/metrics`` answers who shows the ``token``; `xgoals up` makes one where
    none is given.
    """

    airflow: Literal["off", "statsd", "otel"] = "off"
    host: Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{1,253}$")] = "localhost"
    port: int | None = Field(None, ge=1, le=65535)
    endpoint: bool = False
    token: SecretStr | None = None

    @field_validator("token")
    @classmethod
    def _hard_to_guess(cls, given: SecretStr | None) -> SecretStr | None:
        text = given.get_secret_value() if given else ""
        if text and (len(text) < _LEAST_TOKEN_CHARS or not text.isascii() or not text.isprintable()):
            raise ValueError(f"at least {_LEAST_TOKEN_CHARS} printable ASCII characters are wanted")
        return given if text else None

    @property
    def sent_to_port(self) -> int:
        """The port that Airflow's own figures are sent to."""
        return self.port or (4318 if self.airflow == "otel" else 8125)


class Logs(_Section):
    """How log lines look: sentences for people, or a JSON object a line for a collector of logs."""

    format: Literal["text", "json"] = "text"
