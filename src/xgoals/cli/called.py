"""How this program is called, for sentences that a person is to type after it."""

import os
import shlex
import shutil
import sys
from pathlib import Path


def called() -> str:
    """The command as it can be typed here again: ``xgoals``, ``.venv/bin/xgoals``, ``/opt/env/bin/xgoals``.

    Its name alone where the shell finds this very program under it, else its path from the working folder, or the whole
    path where it lies elsewhere.
    """
    program = Path(sys.argv[0])
    if program.stem != "xgoals":  # python -m xgoals.cli
        return shlex.join([_typed(Path(sys.executable)), "-m", "xgoals.cli"])
    return shlex.quote(_typed(program))


def _typed(program: Path) -> str:
    found = shutil.which(program.name)
    if found and Path(found).absolute() == program.absolute():
        return program.name
    from_here = os.path.relpath(program.absolute())
    return str(program.absolute()) if from_here.startswith(os.pardir) else from_here
