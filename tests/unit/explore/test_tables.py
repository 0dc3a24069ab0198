"""Tables of one's own shots: whatever a spreadsheet makes of them is read, and each mistake is told by its cell."""

import csv
import io

import pytest

from xgoals.domain.shot import BodyPart, SetUp
from xgoals.explore.table.columns import COLUMNS
from xgoals.explore.table.reading import TableError, read_table
from xgoals.explore.table.scored import NEW_COLUMNS, ScoredRow
from xgoals.explore.table.writing import as_csv, as_frame, template

PLAIN = "x_m,y_m,body_part,keeper_x_m,keeper_y_m,opponents\r\n41.5,-3.25,head,51.5,0.5,44 2; 46.5 -1\r\n"


def scene_of(content):
    (row,) = read_table(content).rows
    assert row.mistakes == ()
    return row.scene


@pytest.mark.parametrize(
    "content",
    [
        PLAIN.encode(),
        b"\xef\xbb\xbf" + PLAIN.encode(),
        PLAIN.replace("\r\n", "\n").encode("utf-16"),
        PLAIN.replace(",", "\t").encode(),
        b"# mine\r\n\r\n" + PLAIN.encode(),
        b'sep=;\r\nX_m;Y m;Body Part;KEEPER_X_M;keeper_y_m;opponents\r\n41,5;-3,25;Head;51,5;0,5;"44 2; 46,5 -1"',
        'x_m;y_m;body_part;keeper_x_m;keeper_y_m;opponents;Spieler\n41,5;"\u22123,25";HEAD;51.5;0.5;44 2|46.5 -1;Müller'
        .encode(),
        b'x_m,y_m,body_part,keeper_x_m,keeper_y_m,opponents\n"41,5","-3,25",head,"51,5","0,5","44 2;46,5 -1"\n',
    ],
)  # fmt: skip
def test_the_same_shot_however_a_spreadsheet_saves_it(content):
    scene = scene_of(content)
    assert (scene.x_m, scene.y_m, scene.body_part) == (41.5, -3.25, BodyPart.HEAD)
    places = [(p.x_m, p.y_m, p.is_keeper, p.is_teammate) for p in scene.people]
    assert places == [(51.5, 0.5, True, False), (44.0, 2.0, False, False), (46.5, -1.0, False, False)]


def test_what_is_left_out_is_not_known_and_a_foot_is_a_foot():
    scene = scene_of(b"x_m,y_m,body_part,set_up,keeper_x_m,keeper_y_m\n30,0,foot,,,\n")
    assert (scene.people, scene.set_up, scene.body_part) == ([], SetUp.OPEN_PLAY, BodyPart.RIGHT_FOOT)
    assert (scene.pitch.length_m, scene.pitch.width_m) == (105, 68)


def test_letters_of_windows_are_read_and_come_back():
    table = read_table("x_m;y_m;body_part;Name\n30;0;head;Müller".encode("cp1252"))
    written = as_csv(as_frame(table, [ScoredRow(table.rows[0])]), table.dialect)
    assert written.startswith(b"\xef\xbb\xbf")
    assert "Müller" in written.decode("utf-8-sig")


HEADER = "x_m,y_m,body_part,keeper_x_m,keeper_y_m,opponents,shot_type,provider,match_id,is_won_in_the_air"


@pytest.mark.parametrize(
    ("line", "column", "value", "problem", "advice"),
    [
        ("41 m,0,head,,,,,,,", "x_m", "41 m", "no number", "such as 41.5"),
        ("1.234,0,head,,,,,,,", None, "", "", ""),
        ('"1.234,5",0,head,,,,,,,', "x_m", "1.234,5", "no number", ""),
        ("nan,0,head,,,,,,,", "x_m", "nan", "no number", ""),
        (",0,head,,,,,,,", "x_m", "", "needed", "metres from the pitch's centre"),
        ("52.5,34,head,,,,,,,", None, "", "", ""),
        ("52.6,0,head,,,,,,,", "x_m", "52.6", "off the pitch", "half the length"),
        (
            "40,0,hand,,,,,,,",
            "body_part",
            "hand",
            "no such word; did you mean",
            "right_foot, left_foot, head",
        ),
        ("40,0,head,,,,penalti,,,", "shot_type", "penalti", "did you mean penalty?", "open_play"),
        ("40,0,head,50,,,,,,", "keeper_y_m", "", "without the other", "both or none"),
        ("40,0,head,50,99,,,,,", "keeper_y_m", "99", "off the pitch", ""),
        ("40,0,head,,,44 2 3,,,,", "opponents", "44 2 3", "'44 2 3' is no place", "44 2; 46.5 -1"),
        ("40,0,head,,,44 2; 99 0,,,,", "opponents", "44 2; 99 0", "off the pitch", ""),
        (f"40,0,head,,,{'1 1;' * 12},,,,", "opponents", "1 1;" * 12, "at most 11", ""),
        ("40,0,head,,,,,p,,", "match_id", "", "without the other", ""),
        ("40,0,head,,,,,,,perhaps", "is_won_in_the_air", "perhaps", "neither yes nor no", "yes or no"),
        ("40,0,head,,,,,,,,what", "", "what", "11 cells, the header 10", "quotation marks"),
    ],
)
def test_every_mistake_names_row_column_and_value_and_the_other_rows_stand(
    line, column, value, problem, advice
):
    table = read_table(f"# a remark\n{HEADER}\n40,0,head\n{line}\n".encode())
    assert table.rows[0].scene is not None
    if column is None:
        assert table.mistakes == ()
        return
    (mistake,) = table.mistakes
    assert (mistake.row, mistake.column, mistake.value) == (4, column, value)
    assert problem in mistake.problem
    assert advice in mistake.advice
    assert table.rows[1].scene is None


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "nothing in this table"),
        (b"# only a remark\n", "nothing in this table"),
        (b"x_m,y_m\n1,2\n", "the header lacks body_part"),
        (b"1,2,head\n", "the header lacks x_m, y_m, body_part"),
        (b"x_m,y_m,body_part\n", "there are 0 shots"),
        (b"x_m,y_m,body_part\n" + b"1,2,head\n" * 4, "there are 4 shots in this table; 1 to 3"),
        (b"x_m,y_m,body_part,x_m\n1,2,head,3\n", "two columns x_m"),
        (b"x_m,y_m,body_part,keper_x_m\n1,2,head,3\n", "no column keper_x_m; did you mean keeper_x_m?"),
        (b'x_m,y_m,body_part\n1,2,"' + b"a" * 200_000 + b'"\n', "no table"),
        (bytes(range(256)), "the header lacks"),
    ],
)
def test_what_is_no_table_says_so(content, problem):
    with pytest.raises(TableError, match=problem.replace("?", r"\?")):
        read_table(content, max_rows=3)


def test_columns_of_exports_are_handed_through():
    table = read_table(b"match_date,matchday,x_m,y_m,body_part,provider_xg\n2024-01-01,3,30,0,head,0.1\n")
    assert table.mistakes == ()
    frame = as_frame(table, [ScoredRow(table.rows[0], xg=0.25)])
    assert frame["match_date"].tolist() == ["2024-01-01"]
    assert frame["xg"].tolist() == [0.25]
    assert list(frame)[-len(NEW_COLUMNS) :] == list(NEW_COLUMNS)


def test_an_answer_can_be_scored_again_and_no_cell_is_run_by_a_spreadsheet():
    first = read_table(b'x_m;y_m;body_part;opponents;note\n30;-2,5;head;"-1 2;-3 4";=cmd()\n')
    scored = [ScoredRow(first.rows[0], 0.25, "xg-1", 50.0, 7, 0.1, (0.1, None, 0.05, 0.0))]
    written = as_csv(as_frame(first, scored), first.dialect).decode()
    (row,) = csv.DictReader(io.StringIO(written), delimiter=";")
    assert (row["note"], row["y_m"], row["opponents"]) == ("'=cmd()", "-2,5", "'-1 2;-3 4")
    assert (row["xg"], row["n_alike"], row["xg_keeper"], row["mistake"]) == ("0,250000", "7", "", "")
    again = read_table(written.encode())
    assert again.rows[0].scene == first.rows[0].scene
    assert (
        as_csv(as_frame(again, [ScoredRow(again.rows[0], *_told(scored[0]))]), again.dialect).decode()
        == written
    )


def _told(row):
    return row.xg, row.scored_by, row.rank_pct, row.n_alike, row.average_xg, row.parts


def test_the_template_names_every_column_and_can_be_read_as_it_is():
    table = read_table(template().encode())
    assert table.mistakes == ()
    assert len(table.rows) == 3
    assert set(table.header) == {"shot", *(column.name for column in COLUMNS)}
    assert all(f"{column.name}: {column.says}" in template().replace('""', '"') for column in COLUMNS)
