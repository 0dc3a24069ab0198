"""The notebook for football analysts, on the simulated league."""

import matplotlib as mpl
import pytest
from sqlalchemy import text
from sqlalchemy.exc import InternalError

import notebooks


@pytest.fixture
def in_its_folder(reach, tmp_path, monkeypatch):
    reach("explained")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_its_queries_answer_add_up_and_can_only_read(in_its_folder, capsys):
    from matplotlib import pyplot

    mpl.use("Agg")
    said = notebooks.run_here(notebooks.read(notebooks.FOOTBALL, DATABASE="main"))
    pyplot.close("all")
    assert len(said["best"]) == 8
    assert said["best"]["xg"].is_monotonic_decreasing
    assert said["told"].sum() == pytest.approx(said["shot"]["xg"], abs=1e-9)
    assert len(said["map_of"]) > 50
    assert said["map_of"]["x_m"].between(-52.5, 52.5).all()
    assert "0 players with 30 shots or more" in capsys.readouterr().out  # seven matchdays
    assert (in_its_folder / "best-chances.csv").read_text().startswith("minute,player,team")
    with pytest.raises(InternalError, match="read-only"), said["engine"].begin() as connection:
        connection.execute(text("delete from xgoals.shot_xg"))
    said["engine"].dispose()


@pytest.mark.slow
def test_it_runs_in_jupyter(in_its_folder):
    done = notebooks.run_in_kernel(notebooks.read(notebooks.FOOTBALL, DATABASE="main"), in_its_folder)
    pictures = [
        it for cell in notebooks.code_cells(done) for it in cell.outputs if "image/png" in it.get("data", {})
    ]
    assert len(pictures) == 2
