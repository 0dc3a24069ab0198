"""docker-compose*.yml as a container engine reads them, and what it would give to a container, for processes.

Only what an engine alone can do is replaced: host names and ports of the network, paths of the image and its volumes.
"""

import os
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[1]
VARIABLE = re.compile(r"\$\{(\w+)(?::([-?])([^}]*))?\}")

Service = dict[str, Any]


def load(*names: str) -> dict[str, Any]:
    """Several files as ``docker compose -f ... -f ...`` joins them."""
    merged: dict[str, Any] = {}
    for name in names:
        merged = _merged(merged, _extended(yaml.safe_load((ROOT / name).read_text())))
    return merged


def _extended(loaded: dict[str, Any]) -> dict[str, Any]:
    for name, service in loaded["services"].items():
        if (base := service.pop("extends", None)) is not None:
            whole = load(base["file"])["services"][base["service"]]
            loaded["services"][name] = _merged(whole, service)
    return loaded


def _merged(before: Any, after: Any) -> Any:
    """Mappings are joined, ``volumes`` and ``ports`` too; all else is replaced."""
    if isinstance(before, dict) and isinstance(after, dict):
        joined = {name: _merged(before[name], after[name]) for name in before.keys() & after.keys()}
        for name in ("volumes", "ports"):
            if isinstance(before.get(name), list) and isinstance(after.get(name), list):
                joined[name] = [*before[name], *after[name]]
        return before | after | joined
    return after


def example() -> dict[str, str]:
    """The variables of .env.example."""
    lines = (ROOT / ".env.example").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def filled_in(**chosen: str) -> dict[str, str]:
    """The example with a made-up value for each secret, but those that are chosen."""
    secrets = [name for name, value in example().items() if not value]
    return example() | {name: f"s3cret{name.title().replace('_', '')}" for name in secrets} | chosen


def strings(node: Any) -> Iterator[str]:
    """All texts of a file."""
    if isinstance(node, dict):
        node = list(node.values())
    if isinstance(node, list):
        for item in node:
            yield from strings(item)
    else:
        yield str(node)


def substituted(value: Any, given: Mapping[str, str]) -> str:
    """As compose does it: ``${NAME:?message}`` and ``${NAME:-default}``."""

    def replace(match: re.Match[str]) -> str:
        name, kind, rest = match.groups()
        if given.get(name):
            return given[name]
        assert kind == "-", f"{name} is not set"
        return str(rest)

    return VARIABLE.sub(replace, str(value))


def environment_of(
    service: Service, given: Mapping[str, str], *, places: Mapping[str, str], home: Path
) -> dict[str, str]:
    """What a container has in its environment, with the places of this machine in place of the network's."""
    own = {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "HOME": str(home)}
    for name, value in service["environment"].items():
        if value is None and name not in given:  # handed on where it is set
            continue
        text = given[name] if value is None else substituted(value, given)
        for before, after in places.items():
            text = text.replace(before, after)
        own[name] = text
    return own
