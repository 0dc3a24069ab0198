"""Whether there is the Java that Spark wants, before it tells the lack of it in pages."""

import os
import re
import shutil
import subprocess
from pathlib import Path

from xgoals.domain.errors import ServiceError

OLDEST = 17
ADVICE = f"Install Java {OLDEST} (Debian: apt-get install openjdk-17-jre-headless), or set JAVA_HOME to one"
ANSWERS_WITHIN_S = 60
_VERSION = re.compile(r'version "(?:1\.)?(\d+)')


def check_java() -> None:
    """Look for Java where Spark looks: ``JAVA_HOME``, else the PATH.

    Raises
    ------
    ServiceError
        If there is none, or it is too old.
    """
    home = os.environ.get("JAVA_HOME")
    java = str(Path(home) / "bin" / "java") if home else shutil.which("java")
    where = f"JAVA_HOME={home}" if home else "the PATH"
    if java is None or not os.access(java, os.X_OK):
        raise ServiceError("there is no Java, which Spark needs", where=where, advice=ADVICE)
    try:
        told = subprocess.run(  # noqa: S603  (Java, where Spark finds it)
            [java, "-version"], capture_output=True, text=True, check=False, timeout=ANSWERS_WITHIN_S
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ServiceError(f"Java cannot be started ({error})", where=java, advice=ADVICE) from None
    found = _VERSION.search(told.stderr + told.stdout)
    if found is not None and int(found[1]) < OLDEST:
        raise ServiceError(f"Java {found[1]} is too old for Spark", where=java, advice=ADVICE)
