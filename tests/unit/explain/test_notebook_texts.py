"""The notebooks as they stand in the repository: readable, in order, and about nobody real."""

import re

import pytest

import notebooks
from notebooks import FOOTBALL, OWN_MODEL
from reading_docs import DOCS

BOTH = pytest.mark.parametrize("path", [OWN_MODEL, FOOTBALL], ids=lambda path: path.stem)


@BOTH
def test_their_outputs_are_those_of_one_run_from_the_top(path):
    cells = notebooks.code_cells(notebooks.read(path))
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    outputs = [output for cell in cells for output in cell.outputs]
    assert {output.output_type for output in outputs} == {"display_data", "execute_result", "stream"}
    assert sum("image/png" in output.get("data", {}) for output in outputs) >= 2
    assert {output.name for output in outputs if output.output_type == "stream"} == {"stdout"}


@BOTH
def test_they_name_no_folder_of_somebodys_machine_and_stay_small(path):
    text = path.read_text("utf-8")
    assert not re.findall(r"/(?:home|root|tmp|work|Users)/", text)
    assert "postgresql" not in text  # an address has a password
    assert len(text) < 500_000


@BOTH
def test_what_they_point_to_is_there(path):
    cells = [cell.source for cell in notebooks.read(path).cells if cell.cell_type == "markdown"]
    links = re.findall(r"\]\(([^)]+)\)", "\n".join(cells))
    assert len(links) >= 3
    for link in links:
        file, _, heading = link.partition("#")
        page = (path.parent / file).resolve()
        assert page.is_relative_to(DOCS)
        headings = re.findall(r"^#+ (.*)$", page.read_text("utf-8"), re.MULTILINE)
        assert not heading or heading in {
            re.sub(r"[^\w -]", "", it.lower()).replace(" ", "-") for it in headings
        }


def test_the_tables_are_said_to_be_made_up():
    assert "**Every loan below is simulated**" in notebooks.read(OWN_MODEL).cells[0].source
    football = notebooks.read(FOOTBALL)
    assert "**The outputs below are of a simulated league**" in football.cells[0].source
    (newest,) = (cell for cell in notebooks.code_cells(football) if "bool_or(is_simulated)" in cell.source)
    assert re.search(r"simulated\s+True", newest.outputs[0].data["text/plain"])
