"""What would change a statement that it stood in is a text like any other, wherever a person may write one."""

import json
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from random import Random
from urllib.parse import quote

import httpx
import pytest
import typer
from chain import TASKS, Run
from fastapi import FastAPI
from sqlalchemy import Engine, text
from states import differences, stored

from hostile import injections
from xgoals import cli
from xgoals.domain.errors import XgoalsError
from xgoals.feeds.archive import write_archive
from xgoals.feeds.simulator import simulate_league
from xgoals.orchestration.run_form import RUN_FORM, wanted_matches
from xgoals.settings import load_settings
from xgoals.steps import find_matches, ingest
from xgoals.steps.run_context import FeedSource, open_run

PROMISED = 200
LONGEST_S = 5.0
"""Every injected sleep takes longer."""
TOLD_BY_A_DATABASE = (
    "syntax error", "psycopg", "sqlalchemy", "postgresql 1", "unterminated", "traceback", "invalid input syntax",
    "sqlstate", "pg_user",
)  # fmt: skip

_SHOT = "simulated/{match}/{shot}"
COMMANDS: dict[str, tuple[str, ...]] = {
    "register": ("register", "--", "{x}"),
    "explain --shot": ("explain", "--shot={x}"),
    "explain --against": ("explain", f"--shot={_SHOT}", "--against={x}"),
    "explain --baseline": ("explain", f"--shot={_SHOT}", "--baseline={x}"),
    "explain --baseline segment": ("explain", f"--shot={_SHOT}", "--baseline=segment:team={x}"),
    "explain --reasons": ("explain", "--reasons={x}"),
    "explain --language": ("explain", f"--shot={_SHOT}", "--language={x}"),
    "report --match": ("report", "--match={x}"),
    "report --matchday": ("report", "--matchday={x}"),
    "report --language": ("report", "--match=no", "--language={x}"),
    "profile --feature": ("profile", "--feature={x}", "--to={file}"),
    "profile --team": ("profile", "--team={x}", "--to={file}"),
    "profile --player": ("profile", "--player={x}", "--to={file}"),
    "profile --where": ("profile", "--where=competition={x}", "--to={file}"),
    "profile --language": ("profile", "--language={x}", "--to={file}"),
    "ingest --feed": ("ingest", "--feed={x}"),
    "matches show": ("matches", "show", "--", "{x}"),
    "matches show --provider": ("matches", "show", "--provider={x}", "--", "{match}"),
    "matches delete": ("matches", "delete", "--yes", "--", "{x}"),
    "matches delete --provider": ("matches", "delete", "--yes", "--provider={x}", "--", "{match}"),
    "models show": ("models", "show", "--", "{x}"),
    "models diff": ("models", "diff", "--", "{x}", "{x}"),
    "models promote": ("models", "promote", "--", "{x}"),
    "models pin": ("models", "pin", "--", "{x}"),
    "models evaluate": ("models", "evaluate", "--", "{x}"),
    "models evaluate --slice": ("models", "evaluate", "--slice={x}", "--", "{x}"),
    "notifications list --limit": ("notifications", "list", "--limit={x}"),
    "export shots --database": ("export", "shots", "--to={file}", "--database={x}"),
}
"""Whatever asks the database for something that a person has written."""
OTHERS = frozenset(
    {
        # services, files and other machines
        "demo", "up", "systemd", "down", "status", "doctor", "metrics", "run", "simulate", "matches-csv", "feeds",
        "feed-check", "score", "clarify", "explore", "clean", "backup", "restore", "rotate-secrets", "provision",
        "db url", "db upgrade", "db psql", "fetch dfl", "fetch statsbomb", "fetch wyscout", "spark ingest",
        "spark features", "spark explain", "spark train", "spark copy", "spark sql",
        # nothing but a choice of the database, a number or a file
        "features", "train", "tune", "baseline", "drift", "export shots", "export explanations", "export reasons",
        "export actors", "export drift", "export bias", "export scenes", "models list", "models rollback",
        "notifications list", "notifications resend",
    }
)  # fmt: skip


@dataclass(frozen=True)
class Known:
    """What is stored: its engine, where it came from, a match and a shot of it."""

    engine: Engine
    source: Path
    match: str
    shot: str


@pytest.fixture
def known(home, tmp_path, tries, request) -> Known:
    """Two matches; at scale sixty of them, with a champion and all that is made of it."""
    source = tmp_path / "league.parquet"
    if tries.is_small:
        write_archive(source, islice(simulate_league(), 2))
        TASKS["ingest"](Run("first", source=source).opened())
    else:
        source = request.getfixturevalue("league")
        request.getfixturevalue("reach")("explained")
    with home.engine.connect() as connection:
        row = connection.execute(
            text("select match_id, shot_id from xgoals.shot order by 1, 2 limit 1")
        ).one()
    return Known(home.engine, source, *row)


@pytest.fixture
def unharmed(known) -> Iterator[None]:
    """After the test everything is stored as before, and nobody has made or removed anything."""
    before = stored(known.engine), _objects(known.engine)
    yield
    after = stored(known.engine), _objects(known.engine)
    assert differences(before[0], after[0]).keys() <= {"seen_file"}, "seen files are no content"
    assert before[1] == after[1]


def _objects(engine: Engine) -> list[tuple[str, int]]:
    """Of this database: roles are the server's, and other tests make some meanwhile."""
    asked = """select 'relations', count(*) from pg_class where relpersistence = 'p'
               union all select 'functions', count(*) from pg_proc"""
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(asked))]


def test_every_option_of_a_command_is_tried(known, unharmed, tries, monkeypatch, capsys, tmp_path):
    n = tries(PROMISED, small=1)
    chance = Random(tries.seed)
    texts, commands = injections(n, tries.seed), list(COMMANDS)
    if tries.is_small:
        commands = chance.sample(commands, 6)
    for name in commands:
        for x in texts if tries.is_small else texts[len(name) % 2 :: 2]:
            given = {"x": x, "match": known.match, "shot": known.shot, "file": str(tmp_path / "out.csv")}
            arguments = [
                part.replace("{x}", "\0").format(**given).replace("\0", x) for part in COMMANDS[name]
            ]
            with _at_once(f"xgoals {arguments}, seed {tries.seed}"):
                code, said = _typed(arguments, monkeypatch, capsys)
            assert code != 0 or name in ("explain --reasons",), f"xgoals {arguments} did something: {said}"
            _is_told_in_words(said, f"xgoals {arguments}", x)
    tries.done(7, "statements in options of commands, each in every second one", n, PROMISED)


def test_every_command_is_tried_or_known_to_ask_nothing():
    found = {" ".join(path) for path in _commands(typer.main.get_command(cli.app), ())}
    tried = {next(c for c in found if f"{name} ".startswith(f"{c} ")) for name in COMMANDS}
    assert found == tried | OTHERS
    assert not (tried - {"export shots", "notifications list"}) & OTHERS


def _commands(command, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    if hasattr(command, "commands"):
        for name, sub in command.commands.items():
            yield from _commands(sub, (*path, name))
    else:
        yield path


def _typed(arguments: list[str], monkeypatch, capsys) -> tuple[int, str]:
    monkeypatch.setattr(sys, "argv", ["xgoals", *arguments])
    try:
        cli.main()
        code = 0
    except SystemExit as end:
        code = int(end.code or 0)
    streams = capsys.readouterr()
    return code, streams.out + streams.err


ASKED = (
    ("GET", "/api/v1/main/matches?competition={x}"), ("GET", "/api/v1/main/matches?season={x}"),
    ("GET", "/api/v1/main/matches?limit={x}"), ("GET", "/api/v1/main/matches?offset={x}"),
    ("GET", "/api/v1/{x}/matches"), ("GET", "/api/v1/main/matches/{x}/{match}/shots"),
    ("GET", "/api/v1/main/matches/simulated/{x}/shots"), ("GET", "/api/v1/main/explore/shots?q={x}"),
    ("GET", "/api/v1/main/explore/shots?limit={x}"), ("GET", "/api/v1/main/explore/shots?q=a&language={x}"),
    ("GET", "/api/v1/main/explore/shots/{x}/{match}/{shot}"), ("GET",
    "/api/v1/main/explore/shots/simulated/{x}/{shot}"),
    ("GET", "/api/v1/main/explore/shots/simulated/{match}/{x}"), ("GET", "/runs/{x}/none"), ("GET",
    "/runs/xgoals_pipeline/{x}"),
    ("GET", "/reports/main/{x}"), ("GET", "/reports/main/match/{x}.html"), ("GET", "/explore/{x}"), ("GET",
    "/explore/main?language={x}"),
    ("GET", "/explore/files/{x}"), ("POST", "/api/v1/main/score"), ("POST", "/api/v1/main/explore/move"),
    ("POST", "/api/v1/main/explore/rest"), ("POST", "/api/v1/main/explore/compare"), ("POST",
    "/api/v1/main/explore/table"),
)  # fmt: skip


def test_every_place_of_a_request_is_tried(known, unharmed, tries, run_async):
    n = tries(PROMISED, small=3)
    # Without Airflow, which takes seconds to load, the explorer's own server has part of the same addresses.
    ask, prefix = (
        (_client(run_async, explorer()), "/xgoals") if tries.is_small else (_client(run_async, ui()), "")
    )
    for x in injections(n, tries.seed):
        for method, path in ASKED:
            address = prefix + path.format(
                x=quote(x, safe=""), match=quote(known.match), shot=quote(known.shot)
            )
            for body in _bodies(path, x, known):
                what = f"{method} {address} {body!r}, seed {tries.seed}"
                with _at_once(what):
                    answer = ask(method, address, body)
                # Without a champion nobody can be asked what a scene is worth: 409.
                assert answer.status_code < 500, f"{what}: {answer.status_code} {answer.text}"
                _is_told_in_words(answer.text, what, x)
    tries.done(7, "statements in every place of a request", n, PROMISED)


def _bodies(path: str, x: str, known: Known) -> Iterator[tuple[str, bytes] | None]:
    scene = {"x_m": 41.5, "y_m": 0.0, "body_part": "head"}
    if path.endswith("table"):
        yield "text/csv", f"{x},x_m,y_m,body_part\n1,41.5,0,head\n".encode("utf-8", "replace")
        yield (
            "text/csv",
            f'shot_id,x_m,y_m,body_part,match_id\n"{x}",41.5,0,"{x}",{x}\n'.encode("utf-8", "replace"),
        )
        return
    if not path.endswith(("score", "move", "rest", "compare")):
        yield None
        return
    for field, value in (
        ("body_part", x), ("x_m", x), (x, 1), ("match", {"provider": x, "match_id": x}), ("match", x),
        ("shot", {"provider": "simulated", "match_id": known.match, "shot_id": x}), ("shot", x),
        ("people", [{"x_m": 45.0, "y_m": 0.0, "is_teammate": False, "name": x}]),
    ):  # fmt: skip
        posted = {**scene, field: value}
        yield (
            "application/json",
            json.dumps({"a": posted, "b": posted} if path.endswith("compare") else posted).encode(),
        )


def explorer() -> FastAPI:
    """The explorer's own application."""
    from xgoals.explore.app import create_app

    return create_app(load_settings())


def ui() -> FastAPI:
    """The application in Airflow's UI, for somebody who may see everything."""
    with warnings.catch_warnings():  # of what Airflow's own application imports
        warnings.simplefilter("ignore")
        from xgoals.orchestration.ui.app import create_app
        from xgoals.orchestration.ui.login import logged_in, may_read

    app = create_app(load_settings(ui={"warm_scoring": False}))
    app.dependency_overrides |= {may_read: lambda: None, logged_in: lambda: None}
    return app


def _client(run_async, app: FastAPI) -> Callable[..., httpx.Response]:
    """Ask as a program; errors that nobody has foreseen are raised."""

    async def send(method: str, path: str, body: tuple[str, bytes] | None) -> httpx.Response:
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url="http://localhost"
        ) as client:
            if body is None:
                return await client.request(method, path)
            return await client.request(method, path, content=body[1], headers={"Content-Type": body[0]})

    return lambda method, path, body: run_async(send(method, path, body))


def test_the_form_of_a_run_asks_for_texts(known, unharmed, tries):
    n = tries(PROMISED, small=2)
    empty = {name: param.value for name, param in RUN_FORM.items()}
    for x in injections(n, tries.seed):
        for field, value in (
            ("match_ids", [x]),
            ("match_ids", [f"simulated:{x}"]),
            ("competition", x),
            ("season", x),
        ):
            settings = load_settings()
            run = open_run(
                settings, database="main", sources=[FeedSource("archive", known.source)],
                dag_run_id=f"form {x}", started_at=None,
            )  # fmt: skip
            with _at_once(f"{field}={value!r}, seed {tries.seed}"):
                try:
                    portions = find_matches.find_matches(run, wanted_matches({**empty, field: value}))
                except XgoalsError as refusal:
                    _is_told_in_words(str(refusal), f"{field}={value!r}", x)
                    continue
            for portion in portions:
                assert ingest.ingest_matches(run, portion) == []
    tries.done(7, "statements in the form of a run", n, PROMISED)


class _at_once:  # noqa: N801 (reads as a word)
    """What is done takes no longer than it takes; nobody sleeps in the database."""

    def __init__(self, what: str) -> None:
        self._what = what

    def __enter__(self) -> None:
        self._began = time.monotonic()

    def __exit__(self, _type: object, error: BaseException | None, _trace: object) -> None:
        assert time.monotonic() - self._began < LONGEST_S, f"{self._what} took too long"
        if error is not None and not isinstance(error, AssertionError | XgoalsError):
            raise AssertionError(f"{self._what}: {error!r}") from error


def _is_told_in_words(said: str, what: str, x: str) -> None:
    """Nothing of what a database says about a statement; what was asked for may be repeated."""
    rest = said.casefold()
    for form in (x, x.replace("'", "&#x27;"), json.dumps(x)[1:-1]):
        rest = rest.replace(form.casefold(), "")
    found = [word for word in TOLD_BY_A_DATABASE if word in rest and word not in x.casefold()]
    assert not found, f"{what}: {said[:2000]}"
