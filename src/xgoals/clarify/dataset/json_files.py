"""JSON and JSON Lines: rows of values that a path finds, or an object a row."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import orjson
import pandas as pd

from xgoals.clarify.columns import twins
from xgoals.clarify.config import AnalysisConfig
from xgoals.clarify.dataset.json_path import JsonPath, json_path
from xgoals.clarify.dataset.raw import Raw, bytes_of, check_headers, placeholders
from xgoals.domain.errors import SettingsError

_AS_OBJECTS = "Write an object a row, or say by features where the values of a row are"


def read_json_lines(path: Path, config: AnalysisConfig) -> Raw:
    """The columns of a file with a JSON value a line.

    With ``features`` each line's values are where that path leads, and ``label`` and ``predicted_label`` are paths as
    well; without it each line is an object, and its keys are the columns.

    Raises
    ------
    SettingsError
        If a line is no JSON (it is named), a path finds nothing, rows differ in length, or the names do not fit.
    """
    lines = list(_lines(path))
    where = [f"line {number}" for number, _ in lines]
    if config.features is None:
        return _of_objects(path, [value for _, value in lines], where, config)
    features = json_path(config.features, "features")
    rows = [features.of(value) for _, value in lines]
    paths = {"label": _path_to(config.label, "label")}
    paths["predicted_label"] = _path_to(config.predicted_label, "predicted_label")
    extra = {
        key: [found.of(value) for _, value in lines] for key, found in paths.items() if found is not None
    }
    return _of_rows(path, rows, where, extra, features, config)


def read_json_file(path: Path, config: AnalysisConfig) -> Raw:
    """The columns of a file that holds one JSON value: ``features`` leads to a list of rows, ``label`` to a list.

    Without ``features`` it is a list of objects, and their keys are the columns.

    Raises
    ------
    SettingsError
        As :func:`read_json_lines`.
    """
    content = _parsed(bytes_of(path), str(path))
    if config.features is None:
        if not isinstance(content, list):
            what = "the file holds no list of objects, and features does not say where the rows are"
            raise SettingsError(what, where=str(path), advice=_AS_OBJECTS)
        return _of_objects(path, content, [f"row {n + 1}" for n in range(len(content))], config)
    features = json_path(config.features, "features")
    rows = _list_at(features, content, "features", path)
    extra = {}
    for key, name in (("label", config.label), ("predicted_label", config.predicted_label)):
        if (found := _path_to(name, key)) is not None:
            extra[key] = _list_at(found, content, key, path)
            if len(extra[key]) != len(rows):
                what = f"{key} finds {len(extra[key]):,} values, features {len(rows):,} rows"
                raise SettingsError(what, where=str(path), advice="Both have to find one a row")
    return _of_rows(path, rows, [f"row {n + 1}" for n in range(len(rows))], extra, features, config)


def _path_to(name: str | int | None, key: str) -> JsonPath | None:
    """The path that a text is here; a number is a column's place."""
    return json_path(name, key) if isinstance(name, str) else None


def _list_at(path: JsonPath, content: object, key: str, file: Path) -> list[object]:
    found = path.of(content)
    if not isinstance(found, list) or not found:
        what = f"{key} does not lead to a list of {'rows' if key == 'features' else 'values'}"
        raise SettingsError(what, where=str(file), advice="Mend the path: [*].features, instances[*].values")
    return found


def _lines(path: Path) -> Iterator[tuple[int, object]]:
    """The value of every line that is not empty, and the line's number from 1."""
    for number, line in enumerate(bytes_of(path).removeprefix(b"\xef\xbb\xbf").splitlines(), 1):
        if line.strip():
            yield number, _parsed(line, f"{path}, line {number}")


def _parsed(data: bytes, where: str) -> object:
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError:
        pass
    try:
        return json.loads(data.decode("utf-8-sig"))  # which takes NaN
    except json.JSONDecodeError as error:
        what = f"broken JSON (line {error.lineno}, column {error.colno}: {error.msg})"
    except UnicodeDecodeError:
        what = "not in UTF-8"
    except (ValueError, RecursionError) as error:
        what = f"broken JSON ({error})"
    raise SettingsError(what, where=where, advice="Mend it there")


def _of_objects(path: Path, values: list[object], where: Sequence[str], config: AnalysisConfig) -> Raw:
    strange = next((n for n, value in enumerate(values) if not isinstance(value, dict)), None)
    if strange is not None:
        what = f"{where[strange]} is no object, and features does not say where the values of a row are"
        raise SettingsError(what, where=str(path), advice=_AS_OBJECTS)
    frame = pd.DataFrame(values)
    if frame.empty:
        raise SettingsError("there is no row in it", where=str(path))
    frame.columns = frame.columns.map(str)
    if config.headers is not None and set(config.headers) != set(frame.columns):
        absent = sorted(set(config.headers) ^ set(frame.columns))
        what = f"headers and the keys of the objects differ: {', '.join(absent)}"
        raise SettingsError(what, where=str(path), advice="Name every key in headers, or leave headers out")
    frame = frame[config.headers] if config.headers is not None else frame
    return Raw(path, frame, True)


def _of_rows(
    path: Path,
    rows: list[object],
    where: Sequence[str],
    extra: dict[str, list[object]],
    features: JsonPath,
    config: AnalysisConfig,
) -> Raw:
    width = _width(rows, where, path)
    names, has_names = _names(width, list(extra), features, config, path)
    frame = pd.DataFrame(rows, columns=names[:width])
    for name, values in zip(names[width:], extra.values(), strict=True):
        frame[name] = pd.Series(values)
    made = dict(zip(extra, names[width:], strict=True))
    return Raw(path, frame, has_names, label=made.get("label"), predicted_label=made.get("predicted_label"))


def _width(rows: list[object], where: Sequence[str], path: Path) -> int:
    strange = next((n for n, row in enumerate(rows) if not isinstance(row, list) or not row), None)
    if strange is not None:
        what = f"features does not lead to a list of values in {where[strange]}"
        raise SettingsError(what, where=str(path), advice="Mend the path or the row")
    widths = [len(row) for row in rows if isinstance(row, list)]
    other = next((n for n, width in enumerate(widths) if width != widths[0]), None)
    if other is not None:
        what = f"{where[0]} has {widths[0]} values, {where[other]} has {widths[other]}"
        raise SettingsError(what, where=str(path), advice="Every row needs the same")
    return widths[0]


def _names(
    width: int, extra: list[str], features: JsonPath, config: AnalysisConfig, path: Path
) -> tuple[list[str], bool]:
    """Names of the features, then label and predicted label, as Clarify orders ``headers``; whether there are any."""
    if config.headers is not None:
        n_named = width if len(config.headers) == width else width + len(extra)
        check_headers(config.headers, n_named, path)
        names, has_names = [*config.headers, *extra[: width + len(extra) - n_named]], True
    else:
        own = features.names if len(features.names) == width > 1 else None
        names, has_names = [*(own or placeholders(width)), *extra], own is not None
    if twin := twins(names):
        raise SettingsError(
            f"two columns are called {twin!r}", where=str(path), advice="Name all of them in headers"
        )
    return names, has_names
