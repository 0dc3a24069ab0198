"""The explorer over a whole first run: stored shots put back in find what was published of them; nothing is written."""

import asyncio
import csv
import io
import json

import httpx
import numpy as np
import pytest
from sqlalchemy import create_engine, text

from databases import default_settings
from xgoals.explore import api
from xgoals.explore.app import create_app
from xgoals.store.database import connect
from xgoals.store.reasons.given import read_reasons

ROOT = "/xgoals/api/v1/main/explore"
HOME = "http://127.0.0.1:8000"
N_SHOTS = 12


@pytest.fixture(scope="module")
def settings(stage_of_the_first_run, copy_database, tmp_path_factory):
    """The explained first run, in a database that refuses to be written to."""
    stage = stage_of_the_first_run("explained")
    url = copy_database(stage.database, "explorer")
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("alter database explorer set default_transaction_read_only = on"))
    engine.dispose()
    return default_settings(home=tmp_path_factory.mktemp("explorer"), database_url=url)


class Client:
    """A browser before the application, without a server."""

    def __init__(self, app, run_async):
        self._app, self._run = app, run_async

    def get(self, path, **options):
        return self._run(self._send("GET", path, **options))

    def post(self, path, **options):
        return self._run(self._send("POST", path, **options))

    def post_at_once(self, path, bodies):
        async def send():
            return await asyncio.gather(*(self._send("POST", path, json=body) for body in bodies))

        return self._run(send())

    async def _send(self, method, path, **options):
        transport = httpx.ASGITransport(self._app)
        async with httpx.AsyncClient(transport=transport, base_url=HOME) as browser:
            return await browser.request(method, path, **options)


@pytest.fixture(scope="module")
def client(settings, run_async):
    app = create_app(settings)
    yield Client(app, run_async)
    app.state.library.scorer.close()


@pytest.fixture(scope="module")
def connection(settings):
    engine = connect(settings, "main")
    with engine.connect() as connection:
        yield connection
    engine.dispose()


@pytest.fixture(scope="module")
def published(connection):
    """Some shots, one of them a penalty, with what was published of them."""
    rows = connection.execute(
        text(
            """select s.provider, s.match_id, s.shot_id, s.shot_key, s.is_penalty, x.xg, x.model_version,
                      x.model_version || coalesce('/' || x.sister, '') as scored_by
               from shot s join shot_xg x using (shot_key)
               join shot_reason r using (features_key)
               where x.publication is not null
                 and (not s.is_penalty or s.shot_key = (select min(p.shot_key) from shot p join shot_xg using (shot_key)
                                                        join shot_reason using (features_key) where p.is_penalty))
               order by s.is_penalty desc, md5(s.shot_id) limit :n"""
        ),
        {"n": N_SHOTS},
    ).all()
    assert [row.is_penalty for row in rows] == [True] + [False] * (N_SHOTS - 1)
    reasons = {
        key: of
        for row in rows
        for key, of in read_reasons(connection, [(row.provider, row.match_id)]).items()
    }
    return [(row, reasons[row.shot_key]) for row in rows]


def start(client, row):
    answer = client.get(f"{ROOT}/shots/{row.provider}/{row.match_id}/{row.shot_id}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def asked(client, what, scene, **query):
    answer = client.post(f"{ROOT}/{what}", json=scene, params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_stored_shot_put_back_in_has_its_published_number_parts_and_sister(client, published):
    for row, reasons in published:
        found = start(client, row)
        move = asked(client, "move", found["scene"])
        assert move["xg"] == pytest.approx(row.xg, abs=1e-9)
        assert found["published_xg"] == row.xg
        assert move["scored_by"] == row.scored_by
        assert move["average"] == pytest.approx(reasons.average_xg, abs=1e-9)
        assert move["is_penalty"] == row.is_penalty
        assert move["n_references"] == reasons.n_references
        values = {part["part"]: part["value"] for part in move["parts"]}
        wanted = {str(part): of.value for part, of in reasons.parts.items()}
        if row.is_penalty:
            assert set(values.values()) == {None}
            assert move["rank_pct"] is None
            continue
        assert values == {part: value if value is None else pytest.approx(value, abs=1e-9) for part, value in
                          wanted.items()}  # fmt: skip
        assert 0 <= move["rank_pct"] <= 100
        assert move["is_far"] == reasons.is_far


def test_at_rest_it_has_the_published_actors_and_certainty(client, published):
    for row, reasons in published:
        rest = asked(client, "rest", start(client, row)["scene"])
        players = {actor.player_n: actor for actor in reasons.actors}.values()
        assert [actor["takes"] for actor in rest["actors"]] == pytest.approx(
            [-actor.value for actor in players], abs=1e-9
        )
        assert [actor["is_ordinary"] for actor in rest["actors"]] == [actor.is_ordinary for actor in players]
        assert rest["nobody"] == (
            None if reasons.empty_xg is None else pytest.approx(reasons.empty_xg, abs=1e-9)
        )
        if rest["nobody"] is not None:
            taken = sum(actor["takes"] for actor in rest["actors"])
            assert rest["nobody"] - taken == pytest.approx(
                row.xg, abs=1e-6
            )  # XGBoost adds up in single precision
        assert rest["first"] == reasons.first
        assert rest["held_of_20"] == reasons.held_in
        for sure in rest["sure"]:
            of = reasons.parts[sure["part"]]
            assert (sure["holds_of_20"], sure["may_be_told"]) == (of.same_sign, of.is_told)
            assert sure["sd"] == pytest.approx(of.sd, abs=1e-9)
        assert all(shot["match_id"] != row.match_id for shot in rest["alike"])
        assert rest["alike_goals"] == sum(shot["outcome"] == "goal" for shot in rest["alike"])
        assert bool(rest["alike"]) != row.is_penalty


def test_without_the_match_that_it_is_from_the_champion_itself_answers(client, published):
    differs = 0
    for row, _ in published:
        scene = start(client, row)["scene"]
        move = asked(client, "move", {name: value for name, value in scene.items() if name != "shot"})
        assert move["scored_by"] == row.model_version
        differs += abs(move["xg"] - row.xg) > 1e-6
    assert differs > N_SHOTS / 2


def test_wherever_people_go_average_and_parts_are_the_xg(client, published):
    rng = np.random.default_rng(7)
    for row, _ in published[-4:]:
        scene = start(client, row)["scene"]
        for person in scene["people"]:
            person["x_m"] = min(person["x_m"] + rng.normal(0, 3), 52)
            person["y_m"] += rng.normal(0, 3)
        move, rest = asked(client, "move", scene), asked(client, "rest", scene)
        known = [part["value"] for part in move["parts"] if part["value"] is not None]
        assert move["average"] + sum(known) == pytest.approx(move["xg"], abs=1e-12)
        if rest["nobody"] is not None:
            taken = sum(actor["takes"] for actor in rest["actors"])
            assert rest["nobody"] - taken == pytest.approx(move["xg"], abs=1e-6)
        lonely = asked(client, "move", {**scene, "people": []})
        assert [part["value"] is None for part in lonely["parts"]] == [False, True, True, False]


def test_sentences_are_in_the_language_that_is_asked_for(client, published):
    row, _ = published[-1]
    scene = start(client, row)["scene"]
    assert "hundred" in asked(client, "move", scene, language="en")["sentences"][0]
    assert "hundert" in asked(client, "move", scene, language="de")["sentences"][0]
    assert client.post(f"{ROOT}/move", json=scene, params={"language": "fr"}).status_code == 422


def test_two_scenes_differ_by_what_was_moved(client, published):
    row = next(row for row, reasons in published if not row.is_penalty and reasons.empty_xg is not None)
    a = start(client, row)["scene"]
    same = asked(client, "compare", {"a": a, "b": a})
    assert [part["value"] for part in same["parts"]] == [0.0] * 4
    assert same["a"] == same["b"] == pytest.approx(row.xg, abs=1e-9)
    b = json.loads(json.dumps(a))
    for person in b["people"]:
        if person["is_keeper"] and not person["is_teammate"]:
            person["x_m"] -= 6
    found = asked(client, "compare", {"a": a, "b": b})
    values = {part["part"]: part["value"] for part in found["parts"]}
    assert (values["place"], values["opponents"], values["strike"]) == (0, 0, 0)
    assert values["keeper"] == pytest.approx(found["a"] - found["b"], abs=1e-12)
    assert found["scored_by"] == row.scored_by
    assert not found["has_seen"]
    penalty = {**a, "shot_type": "penalty"}
    refused = client.post(f"{ROOT}/compare", json={"a": a, "b": penalty})
    assert refused.status_code == 422
    assert "penalty is worth the rate" in refused.json()["detail"]
    wrong = client.post(f"{ROOT}/compare", json={"a": a, "b": {**a, "body_part": "hand"}})
    assert wrong.json()["detail"][0]["field"] == "b.body_part"


def test_of_two_matches_of_the_window_the_sister_of_the_first_speaks(client, published):
    rows = [row for row, _ in published if not row.is_penalty]
    one = rows[0]
    other = next(row for row in rows if row.scored_by != one.scored_by)
    a, b = (start(client, row)["scene"] for row in (one, other))
    found = asked(client, "compare", {"a": a, "b": b})
    assert found["a"] == pytest.approx(one.xg, abs=1e-9)
    assert found["scored_by"] == one.scored_by
    assert found["has_seen"]


def test_several_who_ask_at_once_get_their_own_answers_and_too_many_get_none(client, published, monkeypatch):
    scenes = [start(client, row)["scene"] for row, _ in published[-6:]]
    answers = client.post_at_once(f"{ROOT}/move", scenes * 2)
    assert [answer.status_code for answer in answers] == [200] * 12
    wanted = [pytest.approx(row.xg, abs=1e-9) for row, _ in published[-6:]]
    assert [answer.json()["xg"] for answer in answers] == wanted * 2
    monkeypatch.setattr(api, "MOST_WAITING", 0)
    refused = client.post(f"{ROOT}/move", json=scenes[0])
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "1")


def search(client, q, **options):
    answer = client.get(f"{ROOT}/shots", params={"q": q, **options})
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_shots_are_found_by_what_people_type(client, connection, published):
    row, _ = published[-1]
    title = start(client, row)
    shooter = title["shooter"].upper()
    found = search(client, f"{shooter} {title['team'][:5].lower()}", limit=100)
    assert row.shot_id in {shot["shot_id"] for shot in found}
    assert {shot["player"] for shot in found} >= {title["shooter"]}
    dates = [shot["match_date"] for shot in found]
    assert dates == sorted(dates, reverse=True)
    assert (
        search(client, "%")
        == search(client, "_")
        == search(client, "\\")
        == search(client, "nobody'--")
        == []
    )
    assert len(search(client, "", limit=3)) == 3
    newest = connection.scalar(text("select max(match_date)::text from match"))
    first = search(client, "")
    assert newest in {shot["match_date"] for shot in first}
    assert [shot["xg"] for shot in first] == sorted((shot["xg"] for shot in first), reverse=True)


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("main/explore/shots?limit=0", 422),
        ("main/explore/shots?limit=101", 422),
        ("main/explore/shots?q=%00", 422),
        (f"main/explore/shots?q={'a' * 201}", 422),
        ("main/explore/shots/simulator/none/none", 404),
        (f"main/explore/shots/x/y/{'z' * 201}", 422),
        ("elsewhere/explore/shots", 422),
        ("main/explore/move", 405),
    ],
)
def test_what_cannot_be_asked_is_refused_with_a_reason(client, path, code):
    answer = client.get(f"/xgoals/api/v1/{path}")
    assert answer.status_code == code, answer.text
    assert answer.json()["detail"]


def test_a_server_on_loopback_answers_no_other_name_page_or_form_of_body(client, published):
    scene = start(client, published[-1][0])["scene"]
    url = f"{ROOT}/move"
    assert client.post(url, json=scene, headers={"Host": "localhost:8000"}).status_code == 200
    assert client.post(url, json=scene, headers={"Host": "evil.example"}).status_code == 400
    assert client.get(f"{ROOT}/shots", headers={"Host": "evil.example"}).status_code == 400
    assert client.post(url, json=scene, headers={"Origin": HOME}).status_code == 200
    assert client.post(url, json=scene, headers={"Origin": "http://evil.example"}).status_code == 403
    assert client.post(url, json=scene, headers={"Origin": "null"}).status_code == 403
    assert (
        client.post(url, content=json.dumps(scene), headers={"Content-Type": "text/plain"}).status_code == 415
    )
    long = b'"' + b"a" * 70_000 + b'"'
    assert client.post(url, content=long, headers={"Content-Type": "application/json"}).status_code == 413
    for wrong, field in (
        ({**scene, "shot": {"provider": "p"}}, "shot.match_id"),
        ({**scene, "provider": "p", "match_id": "m"}, "shot"),
        (
            {**scene, "people": [{"x_m": 1.0, "y_m": 1.0, "is_teammate": False, "name": "n" * 101}]},
            "people.0.name",
        ),
    ):
        answer = client.post(url, json=wrong)
        assert answer.status_code == 422
        assert field in [mistake["field"] for mistake in answer.json()["detail"]]


def table(client, content, code=200, media_type="text/csv"):
    answer = client.post(f"{ROOT}/table", content=content, headers={"Content-Type": media_type})
    assert answer.status_code == code, answer.text
    return answer


def test_a_table_gets_the_numbers_and_reasons_that_the_same_scenes_get_one_by_one(client, published):
    names = (
        "x_m",
        "y_m",
        "body_part",
        "shot_type",
        "set_up",
        "technique",
        "ball_control",
        "since_own_shot_s",
    )
    out = io.StringIO()
    write = csv.writer(out, delimiter=";")
    write.writerow([*names, "is_won_in_the_air", "pitch_length_m", "pitch_width_m", "provider", "match_id",
                    "keeper_x_m", "keeper_y_m", "opponents", "teammates"])  # fmt: skip
    moves = []
    for row, _ in published:
        scene = start(client, row)["scene"]
        scene |= {"shooter_vx_ms": None, "shooter_vy_ms": None}  # a table has no speeds
        moves.append(asked(client, "move", scene))
        keeper = next(([p["x_m"], p["y_m"]] for p in scene["people"] if p["is_keeper"] and not p["is_teammate"]),
                      ["", ""])  # fmt: skip
        places = [
            "; ".join(f"{p['x_m']} {p['y_m']}" for p in scene["people"]
                      if p["is_teammate"] == mates and (mates or not p["is_keeper"]))
            for mates in (False, True)
        ]  # fmt: skip
        write.writerow([*(scene[name] for name in names), "yes" if scene["is_won_in_the_air"] else "no",
                        scene["pitch"]["length_m"], scene["pitch"]["width_m"], row.provider, row.match_id,
                        *keeper, *places])  # fmt: skip
    answer = table(client, out.getvalue().encode())
    assert (answer.headers["X-Rows-Scored"], answer.headers["X-Mistakes"]) == (str(N_SHOTS), "0")
    rows = list(csv.DictReader(io.StringIO(answer.text), delimiter=";"))
    for row, move in zip(rows, moves, strict=True):
        assert float(row["xg"]) == pytest.approx(move["xg"], abs=1e-6)
        assert (row["scored_by"], row["n_alike"]) == (move["scored_by"], str(move["n_alike"]))
        for part in move["parts"]:
            told = row[f"xg_{part['part']}"]
            assert (float(told) if told else None) == (
                None if part["value"] is None else pytest.approx(part["value"], abs=1e-6)
            )
        assert (float(row["rank_pct"]) if row["rank_pct"] else None) == (
            None if move["rank_pct"] is None else pytest.approx(move["rank_pct"], abs=1e-5)
        )


def test_good_rows_of_a_table_are_scored_beside_bad_ones_and_a_table_without_good_ones_is_refused(client):
    good = table(client, client.get(f"{ROOT}/template.csv").content)
    assert (good.headers["X-Rows-Scored"], good.headers["X-Mistakes"]) == ("3", "0")
    mixed = table(client, b"x_m,y_m,body_part\n40,0,head\n99,0,head\n")
    assert (mixed.headers["X-Rows-Scored"], mixed.headers["X-Mistakes"]) == ("1", "1")
    first, second = csv.DictReader(io.StringIO(mixed.text))
    assert 0 < float(first["xg"]) < 1
    assert (second["xg"], second["mistake"]) == ("", "x_m: 99 m is off the pitch, it ends at 52.5 m")
    (mistake,) = table(client, b"x_m,y_m,body_part\n99,0,head\n", 422).json()["detail"]
    assert (mistake["row"], mistake["column"], mistake["value"]) == (2, "x_m", "99")
    assert "lacks x_m" in table(client, b"a,b\n1,2\n", 422).json()["detail"]
    assert "2,000" in table(client, b"x_m,y_m,body_part\n" + b"1,2,head\n" * 2001, 422).json()["detail"]
    table(client, b"x" * (api.MAX_TABLE_BYTES + 1), 413)
    table(client, b"x_m,y_m,body_part\n40,0,head\n", 415, "application/json")


def test_the_page_and_its_files_are_served_and_nothing_else(client):
    page = client.get("/xgoals/explore", follow_redirects=True)
    assert page.status_code == 200
    assert page.url.path == "/xgoals/explore/main"
    assert "connect-src 'self'" in page.headers["Content-Security-Policy"]
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    assert 'lang="de"' in client.get("/xgoals/explore/main?language=de").text
    assert client.get("/xgoals/explore/files/main.js").headers["Content-Type"].startswith("text/javascript")
    for path in (
        "explore/files/page.html",
        "explore/files/..%2Fde.toml",
        "reports/main/none.html",
        "explore/nope",
    ):
        assert client.get(f"/xgoals/{path}").status_code in (404, 422), path
