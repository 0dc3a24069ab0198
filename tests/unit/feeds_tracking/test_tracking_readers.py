"""TRACAB and MA25 as they are written: against kloppy, by hand, and the windows against the whole file."""

import gzip
import importlib
import warnings
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from provider_matches import Telling, as_told, read

from xgoals.feeds.synchronise.tracking import BALL, Span, Track, TrackingWindows
from xgoals.feeds.tracking.ma25 import read_ma25
from xgoals.feeds.tracking.tracab import read_tracab
from xgoals.feeds.tracking.tracab_metadata import read_tracab_metadata

WHOLE = [Span(1, -60, 4000), Span(2, -60, 4000)]

DAT = (
    "1000:1,7,10,1050,-340,3.20;0,8,4,-250,100,0.00;3,9,0,0,0,0.00;:1100,-300,15,8.00,H,Alive;:\n"
    "1001:1,7,10,1060,-340,3.20;0,8,4,-250,100,0.00;3,9,0,0,0,0.00;:,,,;:\n"
)
META = (
    '<TracabMetaData><match iId="9" dtDate="2024-05-04 15:30:00" iFrameRateFps="25" fPitchXSizeMeters="100,00" '
    'fPitchYSizeMeters="64.00"><period iId="1" iStartFrame="1000" iEndFrame="69000"/></match></TracabMetaData>'
)


def by_key(tracks: Sequence[Track]) -> dict[str, Track]:
    return {track.key: track for track in tracks}


def test_a_line_of_tracab_by_hand(tmp_path: Path) -> None:
    dat, meta = tmp_path / "9.dat", tmp_path / "9.xml"
    dat.write_text(DAT)
    meta.write_text(META)
    windows = read_tracab(dat, meta, [Span(1, 0, 1)])
    tracks = by_key(windows.tracks[0])
    assert set(tracks) == {"home 10", "away 4", BALL}  # the referee is left out
    assert tracks["home 10"].time_s.tolist() == [0.0, 0.04]
    assert tracks["home 10"].xyz_m[:, :2].tolist() == [[10.5, -3.4], [10.6, -3.4]]
    assert tracks[BALL].xyz_m[0].tolist() == pytest.approx([11.0, -3.0, 0.15])
    assert np.isnan(tracks[BALL].xyz_m[1]).all()
    assert (windows.pitch.length_m, windows.pitch.width_m) == (100, 64)
    assert (windows.match_id, str(windows.match_date), windows.rate_hz) == ("9", "2024-05-04", 25)
    assert windows.periods[1].n_first == 1000


def test_a_line_of_ma25_by_hand(tmp_path: Path) -> None:
    """From the upper left corner, y downwards: the middle of the pitch is (52.5, 34), above it is y = 33."""
    path = tmp_path / "ma25.txt"
    path.write_text(
        "1714836600000;100,1,0:0,aa,9,62.5,33.0;4,bb,1,105.0,34.0;2,rr,0,1,1;:53.5,34.0,1.2;\n"
        "1714836600200;200,1,0:0,aa,9,62.6,33.0;4,bb,1,105.0,34.0;:\n"
        "1714836600300;300,1,0:;\n"
    )
    windows = read_ma25(path, [Span(1, 0, 1)])
    tracks = by_key(windows.tracks[0])
    assert set(tracks) == {"home aa", "away bb", BALL}
    assert tracks["home aa"].xyz_m[0, :2].tolist() == [10.0, 1.0]
    assert tracks[BALL].xyz_m.tolist() == [[1.0, 0.0, 1.2]]
    assert [windows.people[key].is_keeper for key in ("home aa", "away bb")] == [False, True]
    assert (windows.people["home aa"].shirt, windows.people["home aa"].player_id) == (9, "aa")
    assert windows.notes == []


@pytest.mark.parametrize(
    "metadata", ["tracab_meta.xml", "tracab_meta_2.xml", "tracab_meta_3.xml", "tracab_meta_4.xml"]
)
def test_tracab_agrees_with_kloppy(metadata: str, kloppy_samples: Path) -> None:
    from kloppy import tracab

    windows = read_tracab(kloppy_samples / "tracab_raw.dat", kloppy_samples / metadata, WHOLE)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = tracab.load(
            meta_data=str(kloppy_samples / metadata),
            raw_data=str(kloppy_samples / "tracab_raw.dat"),
            coordinates="tracab",
            only_alive=False,
        )
    places = 0
    for frame in theirs.records:
        tracks = by_key(windows.tracks[frame.period.id - 1])
        seen = {
            f"{player.team.ground} {player.jersey_no}": data for player, data in frame.players_data.items()
        }
        time_s = frame.timestamp.total_seconds()
        at = {key: int(np.argmin(np.abs(track.time_s - time_s))) for key, track in tracks.items()}
        for key, data in seen.items():
            ours = tracks[key].xyz_m[at[key], :2]
            assert ours.tolist() == pytest.approx([data.coordinates.x / 100, data.coordinates.y / 100])
            places += 1
        ball = frame.ball_coordinates
        assert tracks[BALL].xyz_m[at[BALL]].tolist() == pytest.approx(
            [ball.x / 100, ball.y / 100, ball.z / 100]
        )
    assert places > 120


def test_ma25_agrees_with_kloppy(kloppy_samples: Path) -> None:
    from kloppy import statsperform

    path = kloppy_samples / "statsperform_tracking_ma25.txt"
    windows = read_ma25(path, WHOLE)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = statsperform.load_tracking(
            ma1_data=str(kloppy_samples / "statsperform_tracking_ma1.json"), ma25_data=str(path), pitch_length=105,
            pitch_width=68, coordinates="sportvu", only_alive=False,
        )  # fmt: skip
    assert windows.rate_hz == theirs.metadata.frame_rate == 10
    places = 0
    for frame in theirs.records:
        tracks = by_key(windows.tracks[frame.period.id - 1])
        time_s = frame.timestamp.total_seconds()
        for player, data in frame.players_data.items():
            track = tracks[f"{player.team.ground} {player.player_id}"]
            x, y = track.xyz_m[np.argmin(np.abs(track.time_s - time_s)), :2]
            assert (x, y) == pytest.approx((data.coordinates.x - 52.5, 34 - data.coordinates.y))
            places += 1
    assert places > 1500


def test_newer_metadata_have_names_and_older_ones_decimal_commas(kloppy_samples: Path) -> None:
    newer = read_tracab_metadata(kloppy_samples / "tracab_meta_4.xml")
    assert (newer.match_id, newer.people["home 1"].player_id, newer.people["home 1"].name) == (
        "13331",
        "8216",
        "Player One",
    )
    assert read_tracab_metadata(kloppy_samples / "tracab_meta_3.xml").pitch == newer.pitch


@pytest.mark.parametrize("kind", ["tracab", "ma25"])
def test_simulated_files_are_what_kloppy_reads(kind: str, request: pytest.FixtureRequest) -> None:
    """So that a reader and a writer of ours cannot be wrong in the same way."""
    from kloppy import statsperform, tracab

    telling: Telling = request.getfixturevalue(kind)
    files = {name: str(path) for name, path in telling.told.files.items()}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if kind == "tracab":
            theirs = tracab.load(
                meta_data=files["tracab_metadata"], raw_data=files["tracab"], coordinates="tracab", only_alive=False,
                limit=100,
            )  # fmt: skip
        else:
            theirs = statsperform.load_tracking(
                ma1_data=files["ma1"], ma25_data=files["ma25"], pitch_length=105, pitch_width=68, coordinates="sportvu",
                only_alive=False, limit=100,
            )  # fmt: skip
    windows = windows_of(telling, [Span(1, -60, 4000)])
    tracks = by_key(windows.tracks[0])
    scale, corner = (0.01, (0, 0)) if kind == "tracab" else (1.0, (52.5, 34.0))
    places = 0
    for frame in theirs.records:
        time_s = frame.timestamp.total_seconds()
        for player, data in frame.players_data.items():
            shirt = {key for key, who in windows.people.items() if (who.side, who.shirt) == whose(player)}
            track = tracks[shirt.pop()]
            at = int(np.argmin(np.abs(track.time_s - time_s)))
            x, y = scale * data.coordinates.x - corner[0], scale * data.coordinates.y - corner[1]
            assert track.xyz_m[at, :2].tolist() == pytest.approx([x, y if kind == "tracab" else -y])
            places += 1
    assert len(theirs.records) == 100
    assert places >= 2000


def whose(player: Any) -> tuple[str, int]:
    return str(player.team.ground), player.jersey_no


def same(one: TrackingWindows, other: TrackingWindows) -> None:
    assert one.people == other.people
    for ours, theirs in zip(one.tracks, other.tracks, strict=True):
        assert [track.key for track in ours] == [track.key for track in theirs]
        for a, b in zip(ours, theirs, strict=True):
            np.testing.assert_array_equal(a.time_s, b.time_s)
            np.testing.assert_array_equal(a.xyz_m, b.xyz_m)


def cut(windows: TrackingWindows, spans: Sequence[Span]) -> list[dict[str, Track]]:
    """What of the whole file lies in some spans."""
    found = []
    for span in spans:
        tracks = {}
        for track in windows.tracks[span.period - 1]:
            inside = (track.time_s >= span.first_s) & (track.time_s <= span.last_s + 1e-6)
            if inside.any():
                tracks[track.key] = Track(track.key, track.time_s[inside], track.xyz_m[inside])
        found.append(tracks)
    return found


def windows_of(telling: Telling, spans: Sequence[Span]) -> TrackingWindows:
    files = telling.told.files
    if "tracab" in files:
        return read_tracab(files["tracab"], files["tracab_metadata"], spans)
    return read_ma25(files["ma25"], spans)


@pytest.mark.parametrize("kind", ["tracab", "ma25"])
def test_windows_hold_what_the_whole_file_holds(kind: str, request: pytest.FixtureRequest) -> None:
    telling: Telling = request.getfixturevalue(kind)
    rng = np.random.default_rng(7)
    starts = rng.uniform(-20, 2900, 40)
    spans = [Span(int(rng.integers(1, 3)), float(s), float(s + rng.uniform(0, 60))) for s in starts]
    windows = windows_of(telling, spans)
    expected = cut(windows_of(telling, [Span(1, -100, 9000), Span(2, -100, 9000)]), spans)
    n_tracks = 0
    for ours, theirs in zip(windows.tracks, expected, strict=True):
        assert {track.key for track in ours} == set(theirs)
        for track in ours:
            np.testing.assert_array_equal(track.time_s, theirs[track.key].time_s)
            np.testing.assert_array_equal(track.xyz_m, theirs[track.key].xyz_m)
            n_tracks += 1
    assert n_tracks > 200


@pytest.mark.parametrize(("kind", "adapter", "name"), [
    ("tracab", "xgoals.feeds.opta.adapter", "tracab_windows"),
    ("ma25", "xgoals.feeds.statsperform.adapter", "ma25_windows"),
])  # fmt: skip
def test_the_whole_file_and_its_windows_give_the_same_record(
    kind: str, adapter: str, name: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    telling: Telling = request.getfixturevalue(kind)
    by_windows = as_told(telling.feed, telling.folder).record
    original = getattr(importlib.import_module(adapter), name)

    def whole(*files: Any) -> Any:
        def read_all(spans: Sequence[Span]) -> TrackingWindows:
            windows = original(*files)([Span(1, -100, 9000), Span(2, -100, 9000)])
            return replace(windows, tracks=[list(tracks.values()) for tracks in cut(windows, spans)])

        return read_all

    monkeypatch.setattr(f"{adapter}.{name}", whole)
    by_all = read(telling.feed, telling.folder).record
    assert replace(by_all, clips=()) == replace(by_windows, clips=())
    assert len(by_all.clips) == len(by_windows.clips) == len(by_all.shots)
    for ours, theirs in zip(by_windows.clips, by_all.clips, strict=True):
        assert (ours.shot_id, ours.player_ids) == (theirs.shot_id, theirs.player_ids)
        np.testing.assert_array_equal(ours.xy_m, theirs.xy_m)
        np.testing.assert_array_equal(ours.ball_xyz_m, theirs.ball_xyz_m)


def test_a_gzipped_file_reads_the_same(tracab: Telling, tmp_path: Path) -> None:
    files = tracab.told.files
    zipped = tmp_path / f"{files['tracab'].name}.gz"
    with files["tracab"].open("rb") as source, gzip.open(zipped, "wb", compresslevel=1) as target:
        target.write(source.read())
    spans = [Span(1, 100, 160), Span(2, 500, 2000)]
    windows = read_tracab(zipped, files["tracab_metadata"], spans)
    same(windows, windows_of(tracab, spans))
    with zipped.open("rb") as file:
        import hashlib

        assert windows.sha256[zipped] == hashlib.file_digest(file, "sha256").hexdigest()


def test_lines_that_cannot_be_read_are_counted_and_the_others_stand(tmp_path: Path) -> None:
    dat, meta = tmp_path / "9.dat", tmp_path / "9.xml"
    lines = DAT.splitlines()
    broken = [
        "rubbish",
        "1002:1,7,10,10x0,-340,3.20;:0,0,0,0,H,Alive;:",
        "1003:1,7,10,1050;:0,0,0,0,H,Alive;:",
    ]
    dat.write_text("\n".join([lines[0], *broken, lines[1].replace("1001", "1004"), ""]))
    meta.write_text(META)
    windows = read_tracab(dat, meta, [Span(1, 0, 1)])
    assert windows.notes[0].startswith("3 lines of the positions cannot be read")
    assert by_key(windows.tracks[0])["home 10"].time_s.tolist() == pytest.approx([0.0, 0.16])
