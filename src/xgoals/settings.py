"""Settings: read once at the entrance, validated, unknown keys refused, then passed on as an argument.

What wins, first to last: environment variables (``XGOALS_HOME``, ``XGOALS_SCHEDULE__TIMEZONE``, ...),
the file ``xgoals.toml`` (the path in ``XGOALS_CONFIG``, else in the working folder), the defaults below.
"""

import os
import tomllib
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from xgoals.domain.errors import SettingsError

Database = Literal["main", "demo"]
"""Two worlds: real data in ``main``, simulated data in ``demo``."""

Step = Literal["ingest", "build_features", "train", "register", "compute_baseline", "explain", "report"]


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


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Schedule(_Section):
    """When the pipeline starts by itself, and how often the model is trained anew."""

    nightly_cron: Annotated[str, AfterValidator(_cron)] = "30 4 * * *"
    timezone: Annotated[str, AfterValidator(_known_time_zone)] = "Europe/Berlin"
    retrain: Literal["weekly", "nightly", "always"] = "weekly"


class Training(_Section):
    """What a challenger is trained on, when it may replace the champion, and how long parameters are searched for."""

    catalogue: str = "best-17"
    seed: int = 20_150_801
    held_out_share: float = Field(0.2, gt=0, lt=0.9)
    min_matches: int = Field(20, ge=2)
    min_goals: int = Field(50, ge=2)
    promotion_margin_log_loss: float = Field(0.003, ge=0)
    approval: bool = False
    search_trials: int = Field(60, ge=1)
    search_minutes: float = Field(20, gt=0)


class Email(_Section):
    """Who is told; ``recipients_by_step`` overrides ``recipients`` for failures of a step."""

    sender: str = "xgoals@localhost"
    recipients: tuple[str, ...] = ("analysts@localhost",)
    recipients_by_step: dict[Step, tuple[str, ...]] = {}
    connection_id: str = "smtp_default"


class Ui(_Section):
    """Where Airflow's UI listens (loopback only) and who may enter."""

    port: int = Field(8080, ge=1024, le=65535)
    user: str = "admin"


class Settings(BaseSettings):
    """All settings; see the module's text for where they come from."""

    model_config = SettingsConfigDict(
        env_prefix="XGOALS_", env_nested_delimiter="__", extra="forbid", frozen=True
    )

    home: Path = Path(".xgoals")
    database_url: SecretStr | None = None
    airflow_database_url: SecretStr | None = None
    schedule: Schedule = Schedule()
    training: Training = Training()
    email: Email = Email()
    ui: Ui = Ui()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Environment over file over defaults."""
        file = TomlConfigSettingsSource(settings_cls, toml_file=config_path())
        return init_settings, env_settings, file

    @property
    def reports(self) -> Path:
        """Folder of the HTML reports, one subfolder a database."""
        return self.home / "reports"

    @property
    def outbox(self) -> Path:
        """Folder that receives mails as .eml files while no mail server is configured."""
        return self.home / "outbox"

    def inbox(self, feed: str) -> Path:
        """Folder where files of a feed land, and what scheduled runs read."""
        return self.home / "inbox" / feed


def config_path() -> Path:
    """The settings file: ``XGOALS_CONFIG``, else ``xgoals.toml`` in the working folder."""
    return Path(os.environ.get("XGOALS_CONFIG", "xgoals.toml"))


def load_settings(**overrides: object) -> Settings:
    """Read the settings of this process.

    Raises
    ------
    SettingsError
        If the file is not TOML, a key is unknown or a value is out of range; the message names the key.
    """
    path = config_path()
    try:
        settings = Settings(**overrides)  # type: ignore[arg-type]
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(
            f"not valid TOML: {error}", where=str(path), advice="Mend the line it names"
        ) from None
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        what = "unknown setting" if first["type"] == "extra_forbidden" else first["msg"]
        raise SettingsError(
            f"{key}: {what}", where=f"settings ({path} and XGOALS_* variables)", advice="See docs/settings.md"
        ) from None
    return settings.model_copy(update={"home": settings.home.expanduser().resolve()})


def asset_folder(name: Literal["dags", "sql", "templates"]) -> Path:
    """A folder that ships with xgoals: beside ``src/`` in a checkout, inside the package in a wheel."""
    here = Path(__file__).resolve().parent
    checkout = here.parents[1] / name
    return checkout if checkout.is_dir() else here / "_assets" / name
