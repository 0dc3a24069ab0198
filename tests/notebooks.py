"""The notebooks of ``docs``: what they say, run here cell by cell or in a kernel of their own."""

from pathlib import Path
from typing import Any

import nbformat

FOLDER = Path(__file__).parents[1] / "docs" / "notebooks"
OWN_MODEL = FOLDER / "explain-your-own-xgboost-model.ipynb"
FOOTBALL = FOLDER / "for-football-analysts.ipynb"


def read(path: Path, **instead: str) -> nbformat.NotebookNode:
    """A notebook; ``DATABASE="main"`` replaces what a cell says of ``DATABASE``, in quotation marks."""
    notebook = nbformat.read(path, as_version=4)
    for name, value in instead.items():
        (cell,) = (cell for cell in code_cells(notebook) if f'\n{name} = "' in f"\n{cell.source}")
        before, _, rest = cell.source.partition(f'{name} = "')
        cell.source = f'{before}{name} = "{value}"' + rest.partition('"')[2]
    return notebook


def code_cells(notebook: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    """Those that are run."""
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def run_here(notebook: nbformat.NotebookNode) -> dict[str, Any]:
    """Run the cells in this process, which costs no kernel; what they have named."""
    names: dict[str, Any] = {"__name__": "notebook"}
    for number, cell in enumerate(code_cells(notebook), start=1):
        exec(compile(cell.source, f"cell {number}", "exec"), names)
    return names


def run_in_kernel(notebook: nbformat.NotebookNode, folder: Path) -> nbformat.NotebookNode:
    """Run it as Jupyter does, in a folder; its outputs."""
    from nbclient import NotebookClient

    where = {"metadata": {"path": str(folder)}}
    return NotebookClient(notebook, timeout=300, kernel_name="python3", resources=where).execute()
