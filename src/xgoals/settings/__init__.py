"""Settings: read once at the entrance, validated, unknown keys refused, then passed on as an argument.

What wins, first to last: environment variables (``XGOALS_HOME``, ``XGOALS_SCHEDULE__TIMEZONE``, ...), Airflow's
variable ``xgoals_settings`` (which `xgoals.orchestration.settings` hands over: nothing here knows Airflow), the file
``xgoals.toml`` (the path in ``XGOALS_CONFIG``, else in the working folder), the defaults below.
"""

import os
import tomllib
from collections.abc import Mapping
from contextvars import ContextVar
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    InitSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)
from pydantic_settings import SettingsError as PydanticSettingsError

from xgoals.domain.errors import SettingsError
from xgoals.settings.in_words import in_words, unknown_variable
from xgoals.settings.places import StoragePlace
from xgoals.settings.secrets import keep_what_is_secret
from xgoals.settings.sections import (
    Dag,
    Drift,
    Email,
    Fairness,
    Limits,
    Logs,
    MailKind,
    Metrics,
    Report,
    Retention,
    Schedule,
    Sources,
    Spark,
    Training,
    Ui,
    UiRole,
)

__all__ = [
    "AIRFLOW_VARIABLE",
    "Dag",
    "Database",
    "DatabaseRole",
    "Drift",
    "Email",
    "Fairness",
    "Limits",
    "Logs",
    "MailKind",
    "Metrics",
    "Report",
    "Retention",
    "Schedule",
    "Settings",
    "Sources",
    "Spark",
    "Training",
    "Ui",
    "UiRole",
    "asset_folder",
    "config_path",
    "load_settings",
    "overlooked_config",
]

Database = Literal["main", "demo"]
"""Two worlds: real data in ``main``, simulated data in ``demo``."""

DatabaseRole = Literal["owner", "writer", "reader"]
"""As whom a process works on results in the embedded server: only the owner changes the schema."""

AIRFLOW_VARIABLE = "xgoals_settings"
"""The variable of Airflow that may hold settings, as JSON."""

_SECRETS = ("database_url", "airflow_database_url", "backup_check_url")
"""What holds a password, and so has no place where everybody reads who may see variables."""

_variable: ContextVar[Mapping[str, Any] | None] = ContextVar("_variable", default=None)


class Settings(BaseSettings):
    """All settings; see the module's text for where they come from."""

    model_config = SettingsConfigDict(
        env_prefix="XGOALS_", env_nested_delimiter="__", extra="forbid", frozen=True
    )

    home: Path = Path(".xgoals")
    storage_url: StoragePlace | None = None
    database_url: SecretStr | None = None
    database_conn_id: Annotated[str, Field(min_length=1)] | None = None
    airflow_database_url: SecretStr | None = None
    backup_check_url: SecretStr | None = None
    database_role: DatabaseRole = "owner"
    schedule: Schedule = Schedule()
    dag: Dag = Dag()
    limits: Limits = Limits()
    training: Training = Training()
    email: Email = Email()
    fairness: Fairness = Fairness()
    report: Report = Report()
    ui: Ui = Ui()
    retention: Retention = Retention()
    drift: Drift = Drift()
    sources: Sources = Sources()
    spark: Spark = Spark()
    metrics: Metrics = Metrics()
    logs: Logs = Logs()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Environment over Airflow's variable over file over defaults."""
        file = _TomlFile(settings_cls, toml_file=config_path())
        variable = InitSettingsSource(settings_cls, init_kwargs=dict(_variable.get() or {}))
        return init_settings, env_settings, variable, file

    def inbox(self, feed: str, database: Database) -> Path:
        """Folder where files of a feed land, and what scheduled runs read; simulated ones have their own."""
        return (self.home if database == "main" else self.home / database) / "inbox" / feed


def config_path() -> Path:
    """The settings file: ``XGOALS_CONFIG``, else ``xgoals.toml`` in the working folder."""
    return Path(os.environ.get("XGOALS_CONFIG", "xgoals.toml"))


def overlooked_config(settings: Settings) -> Path | None:
    """A settings file in ``XGOALS_HOME`` that nobody reads: people put one there, and wonder."""
    there, read = settings.home / "xgoals.toml", config_path()
    if not there.is_file() or (read.is_file() and read.samefile(there)):
        return None
    return there


def load_settings(*, variable: Mapping[str, Any] | None = None, **overrides: object) -> Settings:
    """Read the settings of this process.

    Parameters
    ----------
    variable
        What Airflow's variable `AIRFLOW_VARIABLE` holds, if it was asked for and there is one.
    overrides
        Single settings that win over all of it.

    Raises
    ------
    SettingsError
        If the file is not there or no TOML, a key or a variable is unknown or a value is out of range; the message
        names it.
    """
    keep_what_is_secret()
    path = config_path()
    if "XGOALS_CONFIG" in os.environ and (not path.exists() or path.is_dir()):
        raise SettingsError(
            "there is no such file",
            where=f"XGOALS_CONFIG={path}",
            advice="Mend the path, or unset the variable",
        )
    if unknown := unknown_variable(Settings):
        raise SettingsError(unknown, where="the environment", advice="See docs/settings.md")
    if os.environ.get("XGOALS_HOME", "unset").strip() == "":  # it would be the working folder
        raise SettingsError("it is empty", where="XGOALS_HOME", advice="Name a folder, or unset the variable")
    _refuse_secrets(variable or {})
    given = _variable.set(variable)
    try:
        settings = Settings(**overrides)  # type: ignore[arg-type]
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        where = f"settings ({path} and XGOALS_* variables)"
        if _holds(variable, first["loc"]):
            where = f"Airflow's variable {AIRFLOW_VARIABLE}"
        raise SettingsError(
            f"{key}: {in_words(first, Settings)}", where=where, advice="See docs/settings.md"
        ) from None
    except PydanticSettingsError as error:  # a list or a section in a variable is written as JSON
        raise SettingsError(
            str(error).split(" from source")[0],
            where="the environment",
            advice="""Lists and sections in variables are JSON, as XGOALS_EMAIL__RECIPIENTS='["a@example.org"]'""",
        ) from None
    finally:
        _variable.reset(given)
    if settings.database_url and settings.database_conn_id:
        raise SettingsError(
            "database_url and database_conn_id are both given, and only one can be meant",
            where=f"settings ({path}, XGOALS_* variables, Airflow's variable {AIRFLOW_VARIABLE})",
            advice="Take one of them out",
        )
    keep_what_is_secret(settings)
    return settings.model_copy(update={"home": _usable_home(settings.home)})


def _refuse_secrets(variable: Mapping[str, Any]) -> None:
    for name in _SECRETS:
        if name in variable:
            raise SettingsError(
                f"{name} holds a password, which everybody could read here who may see variables",
                where=f"Airflow's variable {AIRFLOW_VARIABLE}",
                advice=f"Name a connection by database_conn_id, or set XGOALS_{name.upper()} in the environment",
            )


def _holds(variable: Mapping[str, Any] | None, place: tuple[int | str, ...]) -> bool:
    """Whether the variable has something at the place of an error, which then is most likely about it."""
    found: Any = variable
    for part in place:
        if not isinstance(found, Mapping):
            break  # the error is inside of a value
        if part not in found:
            return False
        found = found[part]
    return variable is not None


def _usable_home(home: Path) -> Path:
    """The absolute path of ``XGOALS_HOME``, which is there or can be made.

    Raises
    ------
    SettingsError
        If it can not.
    """
    home = home.expanduser().resolve()
    there = next(folder for folder in (home, *home.parents) if folder.exists())
    if not there.is_dir():
        raise SettingsError(
            f"{there} is a file, no folder", where=f"home {home}", advice="Set XGOALS_HOME to another folder"
        )
    if there != home and not os.access(there, os.W_OK | os.X_OK):
        raise SettingsError(
            f"it cannot be made: {there} may not be written",
            where=f"home {home}",
            advice="Set XGOALS_HOME to a folder of yours, or let this system user write there",
        )
    return home


class _TomlFile(TomlConfigSettingsSource):
    """``xgoals.toml``, also as Windows' editors save it (UTF-8 with a byte order mark)."""

    def _read_file(self, file_path: Path | Traversable) -> dict[str, Any]:
        try:
            return tomllib.loads(file_path.read_bytes().decode("utf-8-sig"))
        except UnicodeDecodeError:
            raise SettingsError(
                "the file is not UTF-8", where=str(file_path), advice="Save it again with the encoding UTF-8"
            ) from None
        except tomllib.TOMLDecodeError as error:
            raise SettingsError(
                f"not valid TOML: {error}", where=str(file_path), advice="Mend the line it names"
            ) from None
        except OSError as error:
            raise SettingsError(
                f"the file cannot be read ({error.strerror})",
                where=str(file_path),
                advice="Let this system user read it",
            ) from None


def asset_folder(name: Literal["dags", "sql", "templates"]) -> Path:
    """A folder that ships with xgoals: beside ``src/`` in a checkout, inside the package in a wheel."""
    here = Path(__file__).resolve().parents[1]
    checkout = here.parents[1] / name
    return checkout if checkout.is_dir() else here / "_assets" / name
