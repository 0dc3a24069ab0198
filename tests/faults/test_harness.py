"""The harness itself: moments come in the order of the work, the dead are dead, and what is stored can be compared."""

import signal

from chain import Run, moments_of, work
from moments import Kind, Moment
from states import differences, stored
from warm import run_warm


def test_a_task_dies_at_its_moment_and_another_goes_on_from_there(home, thirty_matches):
    run = Run("first", source=thirty_matches)
    killed = run_warm(work, "ingest", run, Moment(Kind.BEFORE_COMMIT, 20), env=home.env)
    assert killed.code == -signal.SIGKILL
    half = stored(home.engine)
    assert 0 < int(half["match"].split()[0]) < 30
    moments = run_warm(moments_of, "ingest", run, env=home.env).result()
    assert {Kind.START, Kind.WRITE, Kind.BEFORE_COMMIT, Kind.AFTER_COMMIT} <= {
        moment.kind for moment in moments
    }
    whole = stored(home.engine)
    assert int(whole["match"].split()[0]) == 30
    assert {"match", "shot"} <= differences(half, whole).keys()
    assert run_warm(work, "ingest", run, env=home.env).code == 0
    assert differences(whole, stored(home.engine)) == {}


def test_an_error_comes_back_as_it_was_raised(home):
    ended = run_warm(work, "no such task", Run("first"), env=home.env)
    assert isinstance(ended.error, KeyError)
