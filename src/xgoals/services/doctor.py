"""``xgoals doctor``: what would go wrong tonight, a line a part, and what to do; nothing is started for the answer."""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import Literal

import psutil

from xgoals.domain.errors import XgoalsError
from xgoals.feeds import FEEDS, registered
from xgoals.services.airflow.components import api
from xgoals.services.airflow.files import is_somebody_else_s, processes_path
from xgoals.services.mail_check import check_mail
from xgoals.services.ports import is_free, who_listens
from xgoals.services.processes import remembered
from xgoals.settings import Database, Settings, config_path
from xgoals.store.database import is_embedded
from xgoals.store.embedded_address import left_address
from xgoals.store.migrate import head
from xgoals.store.probe import Probe, probe

LITTLE_ROOM_BYTES, NO_ROOM_BYTES = 5_000_000_000, 500_000_000
"""A match with tracking and its pages take some 50 MB, a backup's check as much again as the results."""
CLOCK_WARN_S, CLOCK_FAIL_S = 5.0, 60.0
INITS = frozenset({"init", "systemd", "tini", "dumb-init"})
"""Who takes care of processes without a parent."""
LOOKED_AT = 5_000
"""Files of an inbox, at most."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found of one part, and what to do about it."""

    part: str
    state: Literal["ok", "warn", "fail"]
    says: str
    do: str = ""


def examine(settings: Settings) -> Iterator[Finding]:
    """Look at every part; one that cannot be looked at is a finding, too."""
    parts: dict[str, Callable[[Settings], Iterator[Finding]]] = {
        "settings": _settings,
        "versions": _versions,
        "disk": _disk,
        "database": _databases,
        "feeds": _feeds,
        "inbox": _inboxes,
        "mail": _mail,
        "services": _services,
        "processes": _processes,
    }
    for part, look in parts.items():
        try:
            yield from look(settings)
        except (XgoalsError, OSError, psutil.Error, ValueError) as error:
            yield Finding(part, "fail", str(error))


def _settings(settings: Settings) -> Iterator[Finding]:
    path = config_path()
    yield Finding("settings", "ok", f"read from {path if path.is_file() else 'the environment and defaults'}")
    to = {who for kind in ("failure", "warning") for who in settings.email.recipients_of(kind)}
    if to == {"analysts@localhost"}:
        yield Finding(
            "settings",
            "warn",
            "failures and warnings go to analysts@localhost, the default",
            "Set recipients in [email] of xgoals.toml",
        )


def _versions(settings: Settings) -> Iterator[Finding]:
    """Whether what is installed is what xgoals asks for."""
    from packaging.requirements import Requirement

    wrong = []
    for line in requires("xgoals") or ():
        wanted = Requirement(line)
        if wanted.marker and not wanted.marker.evaluate({"extra": ""}):
            continue
        try:
            found = version(wanted.name)
        except PackageNotFoundError:
            wrong.append(f"{wanted.name} is missing")
            continue
        if not wanted.specifier.contains(found, prereleases=True):
            wrong.append(f"{wanted.name} {found} is not {wanted.specifier}")
    if wrong:
        do = "Install what the pins say: make env in a checkout, else pip install with -c constraints.txt"
        yield Finding("versions", "fail", "; ".join(wrong), do)
    else:
        names = ("xgoals", "apache-airflow", "xgboost", "numpy", "pandas")
        yield Finding("versions", "ok", ", ".join(f"{name} {version(name)}" for name in names))


def _disk(settings: Settings) -> Iterator[Finding]:
    there = next(folder for folder in (settings.home, *settings.home.parents) if folder.exists())
    use = shutil.disk_usage(there)
    says = f"{use.free / 1e9:,.1f} GB of {use.total / 1e9:,.1f} GB are free at {there}"
    do = f"See 'df -h {there}' and 'xgoals clean --dry-run'; 'xgoals clean' makes room"
    if use.free < LITTLE_ROOM_BYTES:
        yield Finding("disk", "fail" if use.free < NO_ROOM_BYTES else "warn", says, do)
    else:
        yield Finding("disk", "ok", says)
    if not os.access(there, os.W_OK | os.X_OK):
        yield Finding("disk", "fail", f"{there} may not be written", "Let this system user write there")


def _databases(settings: Settings) -> Iterator[Finding]:
    databases: tuple[Database, ...] = ("main", "demo")
    for database in databases:
        if is_embedded(settings, database) and left_address(settings.home) is None:
            if database == "main":
                yield Finding(
                    "database", "warn", "the embedded Postgres was never started", "Start it: xgoals up"
                )
            continue
        try:
            found = probe(settings, database)
        except XgoalsError as error:
            if database == "demo" and "does not exist" in str(error):
                continue  # nobody has asked for a demo yet
            yield Finding("database", "fail", f"{database}: {error}", _how_to_reach(settings, database))
            continue
        yield from _of_database(database, found)


def _how_to_reach(settings: Settings, database: Database) -> str:
    if is_embedded(settings, database):
        return "Start it: xgoals up"
    return "Check XGOALS_DATABASE_URL, and that the server runs and knows this user and database"


def _of_database(database: Database, found: Probe) -> Iterator[Finding]:
    says, newest = f"{database}: Postgres {found.server_version}", head()
    if found.schema_version is None:
        yield Finding("database", "warn", f"{says}, no results yet", "The first run makes them: xgoals run")
    elif found.schema_version > newest:
        yield Finding(
            "database",
            "fail",
            f"{says}, its schema {found.schema_version} is newer than this xgoals ({newest})",
            "Use the release that wrote it, or go back with: xgoals restore",
        )
    elif found.schema_version < newest:
        says = f"{says}, its schema {found.schema_version} is older than this xgoals ({newest})"
        yield Finding("database", "warn", says, "Make a backup, then: xgoals db upgrade")
    else:
        yield Finding("database", "ok", f"{says}, schema {found.schema_version}")
    yield _clock(database, found.clock_offset_s)
    for note in found.training_notes:
        yield Finding("training", "warn", f"{database}: {note}")


def _clock(database: Database, offset_s: float) -> Finding:
    if abs(offset_s) <= CLOCK_WARN_S:
        return Finding("clock", "ok", f"{database}: {offset_s:+.1f} s beside ours")
    where = "ahead of" if offset_s > 0 else "behind"
    return Finding(
        "clock",
        "fail" if abs(offset_s) > CLOCK_FAIL_S else "warn",
        f"{database}: the server's clock is {abs(offset_s):,.0f} s {where} ours",
        "Let both machines follow a time server (chrony, systemd-timesyncd)",
    )


def _feeds(settings: Settings) -> Iterator[Finding]:
    """Those of other packages: each is loaded once."""
    for problem in registered().problems:
        yield Finding("feeds", "fail", f"{problem.where}: {problem.what}", problem.advice or "")
    others = [known for known in FEEDS.values() if not known.is_ours]
    for known in others:
        if (trouble := known.trouble) is not None:
            yield Finding("feeds", "fail", trouble.what, trouble.advice or "")
        else:
            yield Finding("feeds", "ok", f"{known.name}: {known.about.files}, of the package {known.package}")
    if not others:
        yield Finding("feeds", "ok", f"the {len(FEEDS)} of xgoals, none of another package")


def _inboxes(settings: Settings) -> Iterator[Finding]:
    for feed in FEEDS:
        folder = settings.inbox(feed, "main")
        if not folder.exists():
            continue
        unreadable, n = [], 0
        for parent, folders, files in os.walk(folder):
            for path in (Path(parent) / name for name in (*folders, *files)):
                n += path.is_file()
                if not os.access(path, os.R_OK | (os.X_OK if path.is_dir() else 0)):
                    unreadable.append(path)
            if n >= LOOKED_AT:
                break
        if unreadable or not os.access(folder, os.R_OK | os.X_OK):
            first = unreadable[0] if unreadable else folder
            says = f"{feed}: {max(1, len(unreadable))} files or folders may not be read, the first is {first}"
            yield Finding("inbox", "fail", says, f"Let this system user read them: chmod -R u+rX {folder}")
        else:
            yield Finding("inbox", "ok", f"{feed}: {n} files{' and more' * (n >= LOOKED_AT)} in {folder}")
    if not any(settings.inbox(feed, "main").exists() for feed in FEEDS):
        yield Finding("inbox", "ok", f"nothing has come yet; files go to {settings.home / 'inbox'}/<feed>")


def _mail(settings: Settings) -> Iterator[Finding]:
    never_started = settings.airflow_database_url is None and left_address(settings.home) is None
    if never_started and not is_somebody_else_s(settings):
        says = "not asked: Airflow's connections lie in its database, which was never started"
        yield Finding("mail", "warn", says, "xgoals up, then again: xgoals doctor")
        return
    answers, says = check_mail(settings)
    if answers is None:
        yield Finding(
            "mail", "warn", f"no mail server is configured: mails are files in {settings.outbox}", says
        )
    elif answers:
        yield Finding("mail", "ok", says)
    else:
        yield Finding(
            "mail", "fail", says, "The mails wait until it answers: xgoals notifications list --waiting"
        )


def _services(settings: Settings) -> Iterator[Finding]:
    if is_somebody_else_s(settings):
        says = f"the Airflow that runs the DAGs ({settings.ui.address}) is not ours to judge"
        yield Finding("services", "ok", f"{says}; see its own health page")
        return
    if client := api(settings):
        with client:
            client.health()
        yield Finding("services", "ok", "Airflow answers; 'xgoals status' has its components")
    elif is_free(settings.ui.port):
        yield Finding("services", "warn", "Airflow does not run: no night, no watcher", "Start it: xgoals up")
    else:
        says = (
            f"Airflow does not run, and port {settings.ui.port} is taken by {who_listens(settings.ui.port)}"
        )
        yield Finding(
            "services", "warn", says, "End that program, or set [ui] port in xgoals.toml; then: xgoals up"
        )


def _processes(settings: Settings) -> Iterator[Finding]:
    if is_somebody_else_s(settings):
        yield Finding("processes", "ok", "not looked at: those of another Airflow are its own")
        return
    orphans = orphaned(settings)
    if not orphans:
        yield Finding("processes", "ok", "none was left behind")
        return
    listed = ", ".join(f"{process.pid} ({' '.join(process.cmdline())[:60]})" for process in orphans[:5])
    yield Finding(
        "processes",
        "warn",
        f"{len(orphans)} were left behind by a component that was killed, and may hold the database: {listed}",
        f"xgoals down; if they are still there: kill {' '.join(str(process.pid) for process in orphans)}",
    )


def orphaned(settings: Settings) -> list[psutil.Process]:
    """Processes of Airflow that work for this ``XGOALS_HOME`` and whose parent is gone."""
    ours = {process.pid for one in remembered(processes_path(settings)) if (process := one.find())}
    found = []
    for process in psutil.process_iter():
        try:
            parent = process.parent()
            has_parent = parent is not None and parent.pid != 1 and parent.name() not in INITS
            if has_parent or process.pid in ours or "airflow" not in " ".join(process.cmdline()):
                continue
            if process.environ().get("XGOALS_HOME") == str(settings.home):
                found.append(process)
        except psutil.Error:
            continue  # gone, or another user's
    return found
