"""JSON for programs: what is stored comes out, a posted scene gets the stored number, bad input a clear answer."""

import json
import math
from urllib.parse import quote

import pytest
from sqlalchemy import text

from xgoals.store.database import connect
from xgoals.store.records import read_records

# The first of these tests waits for a server of Airflow and a whole run of the steps.
pytestmark = pytest.mark.timeout(900)

SCENE = {
    "x_m": 41.5, "y_m": 3.0, "body_part": "right_foot",
    "people": [{"x_m": 51.5, "y_m": 0.5, "is_teammate": False, "is_keeper": True}],
}  # fmt: skip


@pytest.fixture(scope="module")
def client(server):
    with server.client() as client:
        yield client


@pytest.fixture(scope="module")
def records(served):
    engine = connect(served, "demo")
    with engine.connect() as connection:
        yield list(read_records(connection))
    engine.dispose()


def posted(shot, scene, pitch, since_own_shot_s=None):
    """A stored scene in the words of the API."""
    people = [
        {"x_m": p.x_m, "y_m": p.y_m, "is_teammate": p.is_teammate, "is_keeper": p.is_keeper}
        for p in scene.people
    ]
    return {
        "x_m": shot.x_m, "y_m": shot.y_m, "body_part": shot.body_part, "shot_type": shot.shot_type,
        "ball_control": shot.ball_control, "set_up": shot.set_up, "technique": shot.technique, "people": people,
        "shooter_vx_ms": scene.shooter_vx_ms, "shooter_vy_ms": scene.shooter_vy_ms,
        "pitch": {"length_m": pitch.length_m, "width_m": pitch.width_m}, "since_own_shot_s": since_own_shot_s,
    }  # fmt: skip


def since_own_shot_s(shot, shots):
    before = [
        s for s in shots if (s.team_id, s.period) == (shot.team_id, shot.period) and s.event_n < shot.event_n
    ]
    return shot.period_time_s - before[-1].period_time_s if before else None


def test_matches_are_listed_newest_first_and_in_stretches(client, records):
    every = client.get("/xgoals/api/v1/demo/matches?limit=1000").json()
    assert {m["match_id"] for m in every} == {r.match.match_id for r in records}
    assert [m["match_date"] for m in every] == sorted((m["match_date"] for m in every), reverse=True)
    assert client.get("/xgoals/api/v1/demo/matches?limit=5&offset=7").json() == every[7:12]
    first = every[0]
    assert first["home_shots"] + first["away_shots"] == len(
        next(r for r in records if r.match.match_id == first["match_id"]).shots
    )
    assert client.get("/xgoals/api/v1/demo/matches?competition=None+of+that+name").json() == []


def test_a_match_s_shots_come_with_values_that_add_up_to_the_published_number(client, records):
    record = records[-1]
    shots = client.get(
        f"/xgoals/api/v1/demo/matches/{record.match.provider}/{record.match.match_id}/shots"
    ).json()
    assert [s["shot_id"] for s in shots] == [s.shot_id for s in record.shots]
    total = 0.0
    for shot in shots:
        assert shot["xg"] == pytest.approx(shot["base_value"] + sum(shot["shap_values"].values()), abs=1e-9)
        assert shot["xg"] == pytest.approx(shot["base_value"] + sum(shot["group_values"].values()), abs=1e-9)
        assert set(shot["features"]) == set(shot["shap_values"])
        total += shot["xg"]
    (listed,) = [
        m for m in client.get("/xgoals/api/v1/demo/matches").json() if m["match_id"] == record.match.match_id
    ]
    assert listed["home_xg"] + listed["away_xg"] == pytest.approx(total)


def test_a_stored_scene_that_is_posted_gets_the_stored_number_and_its_reasons(client, records):
    n_rebounds = n_compared = 0
    for record in records[-8:]:
        match, scenes = record.match, {scene.shot_id: scene for scene in record.scenes}
        stored = client.get(f"/xgoals/api/v1/demo/matches/{match.provider}/{match.match_id}/shots").json()
        for shot, known in list(zip(record.shots, stored, strict=True))[::3]:
            gap_s = since_own_shot_s(shot, record.shots)
            n_rebounds += gap_s is not None and 1 <= gap_s <= 5
            n_compared += 1
            body = posted(shot, scenes[shot.shot_id], match.pitch, gap_s)
            body |= {"provider": match.provider, "match_id": match.match_id}
            answer = client.post("/xgoals/api/v1/demo/score", json=body)
            assert answer.status_code == 200, answer.text
            scored = answer.json()
            assert (scored["model_version"], scored["scored_by"]) == (
                known["model_version"],
                known["scored_by"],
            )
            assert "/" in known["scored_by"], "by the sister that has not seen the match"
            assert scored["xg"] == pytest.approx(known["xg"], abs=1e-9)
            assert scored["base_value"] == pytest.approx(known["base_value"], abs=1e-9)
            assert scored["shap_values"] == pytest.approx(known["shap_values"], abs=1e-9)
            assert scored["group_values"] == pytest.approx(known["group_values"], abs=1e-9)
    assert n_compared > 50


def test_the_least_that_can_be_said_is_enough(client):
    answer = client.post("/xgoals/api/v1/demo/score", json={"x_m": 41.5, "y_m": 0.0, "body_part": "head"})
    assert answer.status_code == 200
    assert 0 < answer.json()["xg"] < 1
    assert answer.json()["features"]["GoalkeeperInterception"] is None


def _copy_champion(connection, champion):
    for table in ("model_version", "baseline"):
        columns = connection.scalars(
            text(
                """select column_name from information_schema.columns where table_schema = 'xgoals'
                   and table_name = :table and column_name not in ('model_version', 'seal')
                   order by ordinal_position"""
            ),
            {"table": table},
        ).all()
        names = ", ".join(columns)
        connection.execute(
            text(
                f"""insert into {table} (model_version, {names})
                    select 'xg-copy', {names} from {table} where model_version = :champion"""
            ),
            {"champion": champion},
        )


def test_the_next_champion_answers_at_once_and_the_one_before_after_a_rollback(client, served):
    """A copy of the champion under another name becomes champion, then the first one again."""
    engine = connect(served, "demo")

    def crown(name):
        with engine.begin() as connection:
            connection.execute(text("update champion set model_version = :name"), {"name": name})

    with engine.begin() as connection:
        champion = connection.scalar(text("select model_version from champion"))
        _copy_champion(connection, champion)
    try:
        for name in ("xg-copy", champion):
            crown(name)
            assert client.post("/xgoals/api/v1/demo/score", json=SCENE).json()["model_version"] == name
    finally:
        crown(champion)
        with engine.begin() as connection:
            connection.execute(text("delete from model_version where model_version = 'xg-copy'"))
        engine.dispose()


def test_a_champion_that_predicts_its_golden_rows_differently_is_not_used(client, served):
    engine = connect(served, "demo")
    try:
        with engine.begin() as connection:
            champion, golden = connection.execute(
                text("select model_version, golden from model_version join champion using (model_version)")
            ).one()
            _copy_champion(connection, champion)
            changed = golden | {"predictions": [0.9, *golden["predictions"][1:]]}
            connection.execute(
                text(
                    "update model_version set golden = cast(:golden as jsonb) where model_version = 'xg-copy'"
                ),
                {"golden": json.dumps(changed)},
            )
            connection.execute(text("update champion set model_version = 'xg-copy'"))
        answer = client.post("/xgoals/api/v1/demo/score", json=SCENE)
        assert answer.status_code == 409
        assert "golden" in answer.json()["detail"]
    finally:
        with engine.begin() as connection:
            connection.execute(text("update champion set model_version = :name"), {"name": champion})
            connection.execute(text("delete from model_version where model_version = 'xg-copy'"))
        engine.dispose()
    assert client.post("/xgoals/api/v1/demo/score", json=SCENE).status_code == 200


def test_connections_that_were_cut_are_made_anew(client, served):
    assert client.post("/xgoals/api/v1/demo/score", json=SCENE).status_code == 200
    engine = connect(served, "demo")
    with engine.connect() as connection:
        cut = connection.scalar(
            text(
                "select count(pg_terminate_backend(pid)) from pg_stat_activity where application_name = 'xgoals api'"
            )
        )
    engine.dispose()
    assert cut
    assert client.post("/xgoals/api/v1/demo/score", json=SCENE).status_code == 200


BAD = [
    (b"", "", "Invalid JSON"),
    (b"{", "", "Invalid JSON"),
    (b"[" * 60_000, "", "recursion limit"),
    (b"\xff\xfe\x00", "", "Invalid JSON"),
    (b"[]", "", "object"),
    ({**SCENE, "x_m": "41"}, "x_m", "valid number"),
    ({**SCENE, "x_m": None}, "x_m", "valid number"),
    (b'{"x_m": NaN, "y_m": 0, "body_part": "head"}', "x_m", "finite"),
    (b'{"x_m": 1e999, "y_m": 0, "body_part": "head"}', "x_m", "finite"),
    ({**SCENE, "x_m": 52.6}, "x_m", "off the pitch"),
    ({**SCENE, "y_m": -34.1}, "y_m", "off the pitch"),
    ({**SCENE, "body_part": "hand"}, "body_part", "'right_foot'"),
    ({**SCENE, "outcome": "goal"}, "outcome", "no such field"),
    ({"x_m": 41.5, "y_m": 0}, "body_part", "required"),
    ({**SCENE, "people": [{"x_m": 0, "y_m": 44.5, "is_teammate": True}]}, "people.0.y_m", "off the pitch"),
    ({**SCENE, "people": [{"x_m": 0, "y_m": 0}]}, "people.0.is_teammate", "required"),
    ({**SCENE, "people": SCENE["people"] * 2}, "people", "more than one keeper"),
    ({**SCENE, "people": [{"x_m": 0, "y_m": 0, "is_teammate": True}] * 11}, "people", "at most 11 and 10"),
    ({**SCENE, "people": [{"x_m": 0, "y_m": 0, "is_teammate": False}] * 12}, "people", "at most 11 and 10"),
    ({**SCENE, "people": [{"x_m": 0, "y_m": 0, "is_teammate": False}] * 23}, "people", "at most 22"),
    ({**SCENE, "shooter_vx_ms": 3.0}, "shooter_vx_ms", "without the other"),
    ({**SCENE, "shooter_vx_ms": 99.0, "shooter_vy_ms": 0.0}, "shooter_vx_ms", "less than or equal to 15"),
    ({**SCENE, "pitch": {"length_m": 300.0, "width_m": 68.0}}, "pitch.length_m", "less than or equal to 130"),
    ({**SCENE, "since_own_shot_s": -1.0}, "since_own_shot_s", "greater than or equal to 0"),
]


@pytest.mark.parametrize(("body", "field", "problem"), BAD)
def test_a_scene_that_cannot_be_is_refused_with_field_reason_and_advice(client, body, field, problem):
    content = body if isinstance(body, bytes) else json.dumps(body)
    answer = client.post(
        "/xgoals/api/v1/demo/score", content=content, headers={"Content-Type": "application/json"}
    )
    assert answer.status_code == 422, answer.text
    (mistake, *_) = answer.json()["detail"]
    assert mistake["field"] == field
    assert problem in mistake["problem"]
    assert mistake["advice"]


def test_the_edge_of_the_pitch_is_on_it(client):
    for x_m, y_m in ((52.5, 34.0), (-52.5, -34.0), (52.5, 0.0)):
        answer = client.post("/xgoals/api/v1/demo/score", json={**SCENE, "x_m": x_m, "y_m": y_m})
        assert answer.status_code == 200, answer.text
        assert math.isfinite(answer.json()["xg"])


def test_other_forms_of_body_and_other_sites_are_refused(client, server):
    url = "/xgoals/api/v1/demo/score"
    assert (
        client.post(url, content=json.dumps(SCENE), headers={"Content-Type": "text/plain"}).status_code == 415
    )
    assert client.post(url, data={"x_m": "1"}).status_code == 415
    assert (
        client.post(
            url, content=b'"' + b"a" * 70_000 + b'"', headers={"Content-Type": "application/json"}
        ).status_code
        == 413
    )
    other = client.post(url, json=SCENE, headers={"Origin": "http://127.0.0.1:9"})
    assert other.status_code == 403
    assert "127.0.0.1:9" in other.json()["detail"]
    assert client.post(url, json=SCENE, headers={"Origin": "null"}).status_code == 403
    assert client.post(url, json=SCENE, headers={"Origin": server.url}).status_code == 200
    assert client.get(url).status_code == 405


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/xgoals/api/v1/main/matches", 404),  # this home has simulated data only
        ("/xgoals/api/v1/postgres/matches", 422),
        ("/xgoals/api/v1/demo/matches?limit=0", 422),
        ("/xgoals/api/v1/demo/matches?limit=9999999999999999999999", 422),
        ("/xgoals/api/v1/demo/matches?offset=-1", 422),
        ("/xgoals/api/v1/demo/matches?season=%00", 422),
        ("/xgoals/api/v1/demo/matches/simulator/none/shots", 404),
        ("/xgoals/api/v1/demo/matches/%00/x/shots", 422),
        (f"/xgoals/api/v1/demo/matches/x/{quote(chr(39))};drop table match/shots", 404),
        (f"/xgoals/api/v1/demo/matches/x/{'y' * 300}/shots", 422),
        ("/xgoals/api/v1/demo/matches/%ff%fe/x/shots", 404),
        ("/xgoals/api/v1/demo/nothing", 404),
    ],
)
def test_addresses_that_lead_nowhere_say_so(client, path, code):
    answer = client.get(path)
    assert answer.status_code == code, answer.text
    assert answer.json()["detail"]


def test_the_description_names_every_field_of_a_scene(client):
    described = client.get("/xgoals/openapi.json").json()
    scene = described["components"]["schemas"]["PostedScene"]
    assert {"x_m", "y_m", "body_part", "people", "pitch", "since_own_shot_s"} <= set(scene["properties"])
    assert all("description" in p or "$ref" in p or "default" in p for p in scene["properties"].values())
    body = described["paths"]["/api/v1/{database}/score"]["post"]["requestBody"]
    assert body["content"]["application/json"]["schema"]["$ref"].endswith("/PostedScene")
