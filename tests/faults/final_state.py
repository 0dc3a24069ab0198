"""What is said of matches in the end, as rows: without how it came about, which may differ by design.

Left out are keys of sequences, runs and clocks, and history that stays because it was told once: shots that were
withdrawn, features from before a correction with their numbers, and how often a number was published
(docs/published-numbers.md).
"""

from collections import Counter

from sqlalchemy import Engine, text
from states import NO_CONTENT

_LEFT_OUT = NO_CONTENT | {
    "seen_file",  # when a file was changed last
    "explanation_check", "shot_xg_replaced", "match_news",  # what was done and told, and when
    "xgoals_schema_version", "report",
}  # fmt: skip
_OF_HISTORY = frozenset({
    "shot_key", "features_key", "run_id", "found_by_run", "created_by_run", "created_at", "publication",
    "fingerprint",  # of a feed whose files are large: when they were changed last
    "withdrawn_at", "state_key", "message_id", "seconds", "decided_at", "searched_at",
})  # fmt: skip
_SHOT = "join xgoals.shot s on s.shot_key = t.shot_key and s.withdrawn_at is null"
_FEATURES = (
    "join xgoals.shot_feature f on f.features_key = t.features_key and f.is_current join xgoals.shot s on"
    " s.shot_key = f.shot_key and s.withdrawn_at is null"
)
_NAME = "concat_ws('/', s.provider, s.match_id, s.shot_id) as of_shot, "
_LATEST = (
    ", (select l.features_key = t.features_key and l.model_version = t.model_version from xgoals.shot_xg l"
    " where l.shot_key = t.shot_key and l.publication is not null order by l.publication desc limit 1) as is_published"
)


def final_state(engine: Engine) -> dict[str, Counter[str]]:
    """The rows of every table, as texts."""
    with engine.connect() as connection:
        columns = connection.execute(
            text(
                """select c.table_name, array_agg(c.column_name::text order by c.ordinal_position)
                   from information_schema.columns c join information_schema.tables t using (table_schema, table_name)
                   where table_schema = 'xgoals' and table_type = 'BASE TABLE' group by 1 order by 1"""
            )
        ).all()
        return {
            table: Counter(connection.scalars(text(_rows_of(table, names))))
            for table, names in columns
            if table not in _LEFT_OUT
        }


def _rows_of(table: str, names: list[str]) -> str:
    told = ", ".join(f't."{name}"' for name in names if name not in _OF_HISTORY) or "true"
    join = condition = name = more = ""
    if table == "shot":
        condition = "where t.withdrawn_at is null"
    elif table in ("player", "team"):  # one whom only a withdrawn shot still needs is history, too
        condition = (
            "where exists (select from xgoals.told_name n where (n.provider, n.is_team, n.id)"
            f" = (t.provider, {table == 'team'}, t.{table}_id))"
        )
    elif table == "shot_feature":
        condition, join, name = "where t.is_current", _SHOT, _NAME
    elif "features_key" in names:
        join, name, more = _FEATURES, _NAME, _LATEST if table == "shot_xg" else ""
    elif "shot_key" in names:
        join, name = _SHOT, _NAME
    return f'select row(of.*)::text from (select {name}{told}{more} from xgoals."{table}" t {join} {condition}) of'


def told_differences(one: dict[str, Counter[str]], other: dict[str, Counter[str]]) -> str:
    """Which rows are in one of both only, the first few; nothing where there are none."""
    lines = []
    for table in sorted(one.keys() | other.keys()):
        for sign, rows in (("-", one[table] - other[table]), ("+", other[table] - one[table])):
            lines += [f"{sign} {table}: {row[:400]}" for row in sorted(rows)[:3]]
            lines += [f"{sign} {table}: {rows.total() - 3} more"] if rows.total() > 3 else []
    return "\n".join(lines)
