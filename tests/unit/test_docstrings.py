"""Every public class, function and method says what it is.

Ruff's D rules see less: a method of a private class counts as private there, whatever its own name is.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

SOURCES = Path(__file__).resolve().parents[2] / "src" / "xgoals"
Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def public_definitions(node: ast.AST, path: str = "") -> Iterator[tuple[str, Definition]]:
    """Classes, functions and methods without a leading underscore; what a function defines for itself is not public."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, Definition):
            if not child.name.startswith("_"):
                yield path + child.name, child
            if isinstance(child, ast.ClassDef):
                yield from public_definitions(child, f"{path}{child.name}.")
        else:
            yield from public_definitions(child, path)


def sources() -> list[Path]:
    return sorted(SOURCES.rglob("*.py"))


def without_docstring(source: Path) -> list[str]:
    """What of a file has none, the file itself included."""
    module = ast.parse(source.read_text(encoding="utf-8"))
    missing = [name for name, found in public_definitions(module) if not ast.get_docstring(found)]
    return missing if ast.get_docstring(module) else ["the module", *missing]


def test_everything_public_has_a_docstring() -> None:
    missing = {str(source.relative_to(SOURCES)): without_docstring(source) for source in sources()}
    assert len(missing) > 500
    assert {source: names for source, names in missing.items() if names} == {}


def test_what_has_none_is_named(tmp_path: Path) -> None:
    file = tmp_path / "bare.py"
    file.write_text('def said():\n  """It is."""\nclass Silent:\n  def f(self): ...\n')
    assert without_docstring(file) == ["the module", "Silent", "Silent.f"]


def test_methods_of_private_classes_are_seen_and_functions_within_functions_are_not() -> None:
    module = ast.parse("class _A:\n def f(self):\n  def g(): ...\nif True:\n def h(): ...\ndef _i(): ...")
    assert [name for name, _ in public_definitions(module)] == ["_A.f", "h"]
