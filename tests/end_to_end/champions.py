"""What tests of champions ask and do: commands as a user types them, and SQL."""

import io
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout

import pytest
from sqlalchemy import text

from xgoals import cli
from xgoals.store.database import connect


def xgoals(*arguments):
    """A command as a user types it, in this process."""
    out, err, code = io.StringIO(), io.StringIO(), 0
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        patch.setattr(sys, "argv", ["xgoals", *arguments])
        try:
            cli.main()
        except SystemExit as end:
            code = end.code or 0
    return subprocess.CompletedProcess(arguments, code, out.getvalue(), err.getvalue())


def query(settings, sql):
    engine = connect(settings, "main")
    with engine.connect() as connection:
        rows = [tuple(row) for row in connection.execute(text(sql))]
    engine.dispose()
    return rows


def change(settings, *statements):
    engine = connect(settings, "main")
    with engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
    engine.dispose()


def champion(settings):
    rows = query(settings, "select model_version from champion")
    assert len(rows) <= 1
    return rows[0][0] if rows else None
