"""A broken archive says what is wrong with it, and the rest goes on."""

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from xgoals.domain.errors import FeedError, Problem, SourceError
from xgoals.domain.scene import MatchRecord
from xgoals.feeds.archive import discover, read_match, write_archive
from xgoals.feeds.simulator import simulate_matchday

Edit = Callable[[list[dict[str, Any]]], None]


@pytest.fixture(scope="module")
def matches() -> list[MatchRecord]:
    return simulate_matchday(1, 1)[:2]


@pytest.fixture
def archive(tmp_path: Path, matches: list[MatchRecord]) -> Path:
    path = tmp_path / "league.parquet"
    write_archive(path, matches)
    return path


def rewrite(path: Path, edit: Edit) -> None:
    table = pq.read_table(path)
    rows = table.to_pylist()
    edit(rows)
    pq.write_table(pa.Table.from_pylist(rows, table.schema), path)


def read_first(path: Path) -> tuple[MatchRecord, list[Problem]]:
    return read_match(discover(path)[0][0])


class TestSource:
    def test_nothing_there(self, tmp_path: Path) -> None:
        with pytest.raises(SourceError, match="no such file or folder") as caught:
            discover(tmp_path / "nowhere")
        assert "xgoals export scenes" in str(caught.value)

    def test_empty_folder(self, tmp_path: Path) -> None:
        with pytest.raises(SourceError, match=r"no \.parquet file"):
            discover(tmp_path)

    def test_archive_without_a_match(self, tmp_path: Path) -> None:
        write_archive(tmp_path / "empty.parquet", [])
        with pytest.raises(SourceError, match="holds no match"):
            discover(tmp_path)

    def test_not_parquet(self, tmp_path: Path) -> None:
        (tmp_path / "a.parquet").write_text("shot,x\n1,2\n")
        with pytest.raises(SourceError, match="not a complete Parquet file"):
            discover(tmp_path / "a.parquet")

    def test_truncated(self, archive: Path) -> None:
        archive.write_bytes(archive.read_bytes()[:-500])
        with pytest.raises(SourceError, match="not a complete Parquet file"):
            discover(archive)

    def test_another_parquet_file(self, tmp_path: Path) -> None:
        pq.write_table(pa.table({"x": [1]}), tmp_path / "a.parquet")
        with pytest.raises(SourceError, match="not an archive of scenes"):
            discover(tmp_path)

    def test_another_version(self, archive: Path) -> None:
        table = pq.read_table(archive)
        pq.write_table(table.replace_schema_metadata({"xgoals.archive_version": "99"}), archive)
        with pytest.raises(SourceError, match="version 99 where version 1 is expected"):
            discover(archive)

    def test_missing_and_mistyped_columns_are_named(self, archive: Path) -> None:
        table = pq.read_table(archive)
        broken = table.drop_columns(["x_m"]).set_column(0, "provider", pa.array([1] * len(table)))
        pq.write_table(broken, archive)
        with pytest.raises(SourceError, match="x_m, provider"):
            discover(archive)

    def test_a_bad_file_in_a_folder_is_reported_and_the_others_are_read(
        self, archive: Path, matches: list[MatchRecord]
    ) -> None:
        bad = archive.with_name("bad.parquet")
        bad.write_bytes(b"PAR1")
        deliveries, problems = discover(archive.parent)
        assert [read_match(d)[0] for d in deliveries] == matches
        assert [(p.path, p.severity) for p in problems] == [(str(bad), "match")]

    def test_only_regular_files_are_opened(self, archive: Path, matches: list[MatchRecord]) -> None:
        os.mkfifo(archive.with_name("pipe.parquet"))
        archive.with_name("folder.parquet").mkdir()
        archive.with_name("link.parquet").symlink_to(archive.parent / "nowhere")
        deliveries, problems = discover(archive.parent)
        assert [read_match(d)[0] for d in deliveries] == matches
        assert {(Path(p.path).name, p.severity) for p in problems} == {
            ("pipe.parquet", "match"), ("link.parquet", "match"), ("folder.parquet", "match"),
        }  # fmt: skip

    @pytest.mark.parametrize("match_id", ["../x", "", "A\0B"])
    def test_a_match_id_that_is_none_is_told_and_the_other_match_is_read(
        self, archive: Path, matches: list[MatchRecord], match_id: str
    ) -> None:
        first = matches[0].match.match_id

        def edit(rows: list[dict[str, Any]]) -> None:
            for row in rows:
                row["match_id"] = match_id if row["match_id"] == first else row["match_id"]

        rewrite(archive, edit)
        (delivery,), (problem,) = discover(archive)
        assert read_match(delivery)[0] == matches[1]
        assert "is no id of a match" in problem.reason


class TestDamage:
    def test_flipped_bits_inside_are_found(self, archive: Path) -> None:
        (delivery, _), _ = discover(archive)
        place = pq.ParquetFile(archive).metadata.row_group(0).column(40)
        content = bytearray(archive.read_bytes())
        content[place.data_page_offset + place.total_compressed_size - 3] ^= 0xFF
        archive.write_bytes(content)
        with pytest.raises(FeedError, match="damaged"):
            read_match(delivery)

    def test_file_gone_between_listing_and_reading(self, archive: Path) -> None:
        (delivery, _), _ = discover(archive)
        archive.unlink()
        with pytest.raises(FeedError, match="gone"):
            read_match(delivery)

    def test_file_replaced_between_listing_and_reading(self, archive: Path) -> None:
        (_, second), _ = discover(archive)
        read_match(second)
        write_archive(archive, simulate_matchday(1, 2)[:1])
        with pytest.raises(FeedError, match="no longer where it was listed"):
            read_match(second)


class TestValues:
    def test_a_missing_place_stays_missing_without_a_word(self, archive: Path) -> None:
        def edit(rows: list[dict[str, Any]]) -> None:
            rows[0]["x_m"], rows[0]["y_m"] = float("nan"), None

        rewrite(archive, edit)
        record, problems = read_first(archive)
        assert (record.shots[0].x_m, record.shots[0].y_m) == (None, None)
        assert problems == []

    @pytest.mark.parametrize(
        ("column", "value"),
        [("provider_xg", 1.2), ("provider_xg", -0.1), ("period_time_s", float("inf"))],
    )
    def test_an_impossible_number_is_left_missing_and_reported(
        self, archive: Path, column: str, value: float
    ) -> None:
        rewrite(archive, lambda rows: rows[0].update({column: value}))
        record, (problem,) = read_first(archive)
        assert getattr(record.shots[0], column) is None
        assert problem.match_id == record.match.match_id
        assert problem.place == f"shot {record.shots[0].shot_id}, {column}"
        assert (problem.path, problem.severity) == (str(archive), "value")

    @pytest.mark.parametrize(("column", "value"), [("x_m", 900.0), ("y_m", float("inf")), ("x_m", -59.5)])
    def test_a_place_that_cannot_be_is_left_missing_and_reported(
        self, archive: Path, column: str, value: float
    ) -> None:
        """-59.5 is 112 m from the goal, 7 m behind the line at the other end."""
        rewrite(archive, lambda rows: rows[0].update({column: value}))
        record, (problem,) = read_first(archive)
        shot = record.shots[0]
        assert (shot.x_m, shot.y_m) == (None, None)
        assert problem.place == f"shot {shot.shot_id}, place"
        assert f"{column} = {value:g}" in problem.reason
        assert (problem.provider, problem.shot_id, problem.severity) == ("simulated", shot.shot_id, "value")

    @pytest.mark.parametrize("column", ["clock_offset_s", "confidence", "ball_z_m"])
    def test_so_it_is_with_the_scene(self, archive: Path, column: str) -> None:
        rewrite(archive, lambda rows: rows[0].update({column: float("-inf")}))
        record, (problem,) = read_first(archive)
        assert getattr(record.scenes[0], column) is None
        assert column in problem.reason

    @pytest.mark.parametrize("speed_ms", [13.0, float("inf")])
    def test_a_shooter_faster_than_anybody_has_no_speed(self, archive: Path, speed_ms: float) -> None:
        """13 m/s are 46.8 km/h; the fastest sprint ever had 44.7."""
        rewrite(archive, lambda rows: rows[0].update(shooter_vx_ms=speed_ms, shooter_vy_ms=0.0))
        record, (problem,) = read_first(archive)
        assert (record.scenes[0].shooter_vx_ms, record.scenes[0].shooter_vy_ms) == (None, None)
        assert problem.field == "shooter's speed"
        assert problem.value in ("46.80 km/h", "inf km/h")

    def test_a_person_without_a_place_is_left_out_and_one_too_fast_loses_the_speed(
        self, archive: Path, matches: list[MatchRecord]
    ) -> None:
        def edit(rows: list[dict[str, Any]]) -> None:
            rows[0]["people"][0]["x_m"] = None
            rows[0]["people"][1]["vx_ms"] = 40.0

        rewrite(archive, edit)
        record, problems = read_first(archive)
        original = matches[0].scenes[0].people
        assert record.scenes[0].people == (replace(original[1], vx_ms=None, vy_ms=None), *original[2:])
        assert ["cannot be placed" in p.reason for p in problems] == [True, False]

    @pytest.mark.parametrize(
        ("column", "value", "reason"),
        [
            ("outcome", None, "outcome is missing"),
            ("period", None, "period is missing"),
            ("team_id", None, "a shot of team ''"),
            ("team_id", "T99", "a shot of team 'T99', which does not play in this match"),
        ],
    )
    def test_a_shot_that_makes_no_sense_is_left_out_and_the_others_are_read(
        self, archive: Path, matches: list[MatchRecord], column: str, value: object, reason: str
    ) -> None:
        rewrite(archive, lambda rows: rows[0].update({column: value}))
        record, problems = read_first(archive)
        assert record.shots == matches[0].shots[1:]
        assert record.scenes == matches[0].scenes[1:]
        shots = [problem for problem in problems if problem.severity == "shot"]
        assert [reason in problem.reason for problem in shots] == [True]

    @pytest.mark.parametrize("column", ["home_team", "competition", "season"])
    @pytest.mark.parametrize("value", [None, "", " \x00 "])
    def test_an_empty_name_is_shown_by_its_id(
        self, archive: Path, matches: list[MatchRecord], column: str, value: object
    ) -> None:
        def edit(rows: list[dict[str, Any]]) -> None:
            for row in rows:
                row[column] = value

        rewrite(archive, edit)
        record, problems = read_first(archive)
        match = record.match
        shown = {"home_team": match.home.name, "competition": match.competition, "season": match.season}
        ids = {
            "home_team": match.home.team_id,
            "competition": match.competition_id,
            "season": match.season_id,
        }
        assert shown[column] == ids[column]
        assert len(problems) == 1
        assert "is empty" in problems[0].reason

    def test_an_archive_of_before_the_status_holds_matches_that_were_played(
        self, archive: Path, matches: list[MatchRecord]
    ) -> None:
        table = pq.read_table(archive)
        pq.write_table(table.drop_columns(["status"]), archive)
        assert read_first(archive)[0] == matches[0]

    @pytest.mark.parametrize("column", ["kick_off", "event_time", "message_time"])
    def test_a_time_that_no_calendar_has_is_missing(self, archive: Path, column: str) -> None:
        table = pq.read_table(archive)
        times = pa.array([2**62] + [None] * (len(table) - 1), pa.int64()).cast(
            table.schema.field(column).type
        )
        table = table.set_column(table.schema.get_field_index(column), column, times)
        pq.write_table(table, archive)
        record, problems = read_first(archive)
        holder = record.shots[0] if column == "event_time" else record.match
        assert getattr(holder, column) is None
        assert [column in problem.reason for problem in problems] == [True]

    def test_an_unknown_outcome_is_another_one(self, archive: Path) -> None:
        rewrite(archive, lambda rows: rows[0].update(outcome="almost"))
        record, (problem,) = read_first(archive)
        assert record.shots[0].outcome == "other"
        assert "'almost' is unknown" in problem.reason

    @pytest.mark.parametrize("word", ["knee", None])
    @pytest.mark.parametrize("column", ["body_part", "shot_type", "ball_control", "set_up", "technique"])
    def test_a_word_that_nobody_knows_stays_unknown_and_is_reported(
        self, archive: Path, column: str, word: str | None
    ) -> None:
        rewrite(archive, lambda rows: rows[0].update({column: word}))
        record, (problem,) = read_first(archive)
        assert getattr(record.shots[0], column) == "unknown"
        assert f"{column} '{word}' is unknown and left so" in problem.reason

    def test_a_shot_of_a_shoot_out_is_left_out_with_its_scene(
        self, archive: Path, matches: list[MatchRecord]
    ) -> None:
        rewrite(archive, lambda rows: rows[0].update(period=5))
        record, (problem,) = read_first(archive)
        assert record.shots == matches[0].shots[1:]
        assert record.scenes == matches[0].scenes[1:]
        assert (problem.severity, "period 5" in problem.reason) == ("shot", True)

    @pytest.mark.parametrize(
        ("column", "value", "message"),
        [
            ("home_team_id", None, "home_team_id is missing"),
            ("home_team_id", "", "the home team has no id"),
            ("match_date", None, "match_date is missing"),
            ("match_date", date(3024, 5, 1), "a match on 3024-05-01 cannot be"),
            ("pitch_length_m", -1.0, "a pitch of -1 m x 68 m cannot be"),
            ("pitch_width_m", float("nan"), "a pitch of 105 m x nan m"),
        ],
    )
    def test_a_match_that_makes_no_sense_is_refused_and_the_next_is_read(
        self, archive: Path, matches: list[MatchRecord], column: str, value: object, message: str
    ) -> None:
        rewrite(archive, lambda rows: rows[0].update({column: value}))
        (first, second), _ = discover(archive)
        with pytest.raises(FeedError, match=message) as caught:
            read_match(first)
        assert str(archive) in str(caught.value)
        assert matches[0].match.match_id in str(caught.value)
        assert read_match(second)[0] == matches[1]

    def test_a_row_without_a_match_is_refused(self, archive: Path) -> None:
        rewrite(archive, lambda rows: rows[0].update(match_id=None))
        with pytest.raises(SourceError, match="names no provider or no match"):
            discover(archive)


class TestDeliveries:
    def test_fingerprints_tell_changed_matches_from_unchanged_ones(self, tmp_path: Path) -> None:
        path = tmp_path / "a.parquet"
        days = [simulate_matchday(1, day) for day in (1, 2, 3)]
        write_archive(path, days[0] + days[1], matches_per_group=9)
        before = {d.match_id: d.fingerprint for d in discover(path)[0]}
        changed = [replace(r, match=replace(r.match, stage="replayed")) for r in days[1]]
        write_archive(path, days[0] + changed + days[2], matches_per_group=9)
        after = {d.match_id: d.fingerprint for d in discover(path)[0]}
        same = {match_id for match_id, value in before.items() if after[match_id] == value}
        assert same == {r.match.match_id for r in days[0]}
        assert len(after) == 27

    def test_a_match_scattered_over_row_groups_is_put_together(
        self, archive: Path, matches: list[MatchRecord]
    ) -> None:
        table = pq.read_table(archive)
        pq.write_table(table, archive, row_group_size=7)
        (first, second), _ = discover(archive)
        assert len(first.extra["row_groups"]) > 1  # type: ignore[arg-type]
        assert [read_match(first)[0], read_match(second)[0]] == matches

    @pytest.mark.parametrize("late_name", ["a.parquet", "z.parquet"])
    def test_of_two_deliveries_of_a_match_the_later_message_is_taken(
        self, tmp_path: Path, matches: list[MatchRecord], late_name: str
    ) -> None:
        def sent(day: int, score: int) -> MatchRecord:
            time = datetime(2024, 5, day, tzinfo=UTC)
            return replace(matches[0], match=replace(matches[0].match, message_time=time, home_score=score))

        write_archive(tmp_path / late_name, [sent(2, 7)])
        write_archive(tmp_path / "m.parquet", [sent(1, 6)])
        (delivery,), (problem,) = discover(tmp_path)
        assert read_match(delivery)[0].match.home_score == 7
        assert delivery.message_time == datetime(2024, 5, 2, tzinfo=UTC)
        assert problem.path == str(tmp_path / "m.parquet")

    def test_the_same_delivery_twice_is_no_problem(self, archive: Path) -> None:
        archive.with_name("copy.parquet").write_bytes(archive.read_bytes())
        deliveries, problems = discover(archive.parent)
        assert (len(deliveries), problems) == (2, [])
