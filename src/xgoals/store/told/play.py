"""What pages of seasons, clubs and players tell: the shots of some matches as published, and who did what at them."""

from collections.abc import Collection
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from xgoals.domain.reason import HOLDS_IN, TOLD_FROM, TOLD_SD, Part
from xgoals.store.database import read_frame
from xgoals.store.explanations import OF_MATCHES, SCORED_BY, key_lists
from xgoals.store.told.common_names import with_common_names

if TYPE_CHECKING:
    import pandas as pd

Key = tuple[str, str]
"""Provider and match id."""

_LATEST = f"""
    select distinct on (x.shot_key) x.shot_key, x.features_key, x.model_version, x.xg, x.sister,
           {SCORED_BY} as scored_by
    from shot s join shot_xg x using (shot_key)
    where x.publication is not null and s.withdrawn_at is null and {OF_MATCHES}
    order by x.shot_key, x.publication desc"""  # noqa: S608
"""The published number of each shot of some matches."""


def read_shots(connection: Connection, matches: Collection[Key]) -> "pd.DataFrame":
    """Every shot of some matches that has a published number, in the order of date, match and play.

    Returns
    -------
    DataFrame
        Where and who: ``shot_key, provider, match_id, shot_id, match_date, is_home, team_id, team, opponent_id,
        opponent, player_id, player``; when: ``period, minute, second, event_n, period_time_s``; from where: ``x_m, y_m,
        pitch_length_m, pitch_width_m``; how: ``body_part, shot_type, set_up, technique, ball_control, assist_player_id,
        assist_player, assist_kind, assist_height, assist_is_switch`` and the yes-or-no columns of
        :class:`xgoals.domain.circumstances.Circumstances`; what became of it: ``outcome, is_goal, is_penalty,
        end_x_m, end_y_m, end_z_m``; the numbers: ``xg, provider_xg, model_version, scored_by, has_seen_match,
        features_key``; against whom: ``has_positions, keeper_id, keeper``; ``is_simulated``. Null where a feed says
        nothing; names as people know them.
    """
    frame = read_frame(
        connection,
        f"""select s.shot_key, s.provider, s.match_id, s.shot_id, m.match_date, s.team_id = m.home_team_id as is_home,
                  s.team_id, t.name as team, o.team_id as opponent_id, o.name as opponent, s.player_id,
                  coalesce(p.short_name, p.name) as player, s.period, s.minute, s.second, s.event_n, s.period_time_s,
                  s.x_m, s.y_m, m.pitch_length_m, m.pitch_width_m, s.body_part, s.shot_type, s.set_up, s.technique,
                  s.ball_control, s.assist_player_id, coalesce(a.short_name, a.name) as assist_player, s.assist_kind,
                  s.assist_height, s.assist_is_switch, s.is_first_time, s.is_one_on_one, s.is_open_goal,
                  s.is_aerial_won, s.is_under_pressure, s.is_deflected, s.outcome, s.is_goal, s.is_penalty, s.end_x_m,
                  s.end_y_m, s.end_z_m, l.xg, s.provider_xg, l.model_version, l.scored_by,
                  l.sister is null and seen.model_version is not null as has_seen_match, l.features_key,
                  exists (select from shot_position q where q.shot_key = s.shot_key) as has_positions,
                  k.player_id as keeper_id, coalesce(n.short_name, n.name) as keeper, m.is_simulated
           from ({_LATEST}) l
           join shot s using (shot_key)
           join match m using (provider, match_id)
           join team t on (t.provider, t.team_id) = (s.provider, s.team_id)
           join team o on o.provider = m.provider
               and o.team_id = case when s.team_id = m.home_team_id then m.away_team_id else m.home_team_id end
           left join player p on (p.provider, p.player_id) = (s.provider, s.player_id)
           left join player a on (a.provider, a.player_id) = (s.provider, s.assist_player_id)
           left join model_match seen
               on (seen.model_version, seen.provider, seen.match_id) = (l.model_version, s.provider, s.match_id)
           left join lateral (
               select q.player_id from shot_position q
               where q.shot_key = s.shot_key and q.is_keeper and not q.is_teammate
               order by q.x_m desc, q.person_n limit 1
           ) k on true
           left join player n on (n.provider, n.player_id) = (s.provider, k.player_id)
           order by m.match_date, s.provider, s.match_id, s.period, s.minute, s.second, s.shot_id""",  # noqa: S608
        key_lists(matches),
    )
    return with_common_names(frame, "player", "assist_player", "keeper")


def read_reason_values(connection: Connection, matches: Collection[Key]) -> "pd.DataFrame":
    """Why the shots of some matches have their published numbers; a shot without reasons is not in it.

    Returns
    -------
    DataFrame
        ``shot_key, average, place, keeper, opponents, strike`` (they add up to the published xG; NaN where a shot lacks
        what the part is made of, and for a penalty), ``sd_<part>`` over the refits, ``holds_<part>`` (it may be told as
        a reason), ``from_there`` (average and place), ``empty_xg``, ``n_references``.
    """
    import pandas as pd

    rows = read_frame(
        connection,
        f"""select l.shot_key, r.average_xg as average, r.parts, r.sd, r.same_sign, r.empty_xg,
                  cardinality(r.reference_keys) as n_references
           from ({_LATEST}) l join shot_reason r using (features_key, model_version) order by l.shot_key""",  # noqa: S608
        key_lists(matches),
    )
    blocks = {
        name: pd.DataFrame(
            rows.pop(column).tolist(), columns=[f"{name}{part}" for part in Part], index=rows.index
        )
        for name, column in (("", "parts"), ("sd_", "sd"), ("same_", "same_sign"))
    }
    values, sd, same = (block.to_numpy(dtype=float) for block in blocks.values())
    holds = (abs(values) > TOLD_FROM) & (abs(values) > TOLD_SD * sd) & (same >= HOLDS_IN)
    told = pd.DataFrame(holds, columns=[f"holds_{part}" for part in Part], index=rows.index)
    frame = pd.concat([rows, blocks[""], blocks["sd_"], told], axis="columns")
    return frame.assign(from_there=frame["average"] + frame[Part.PLACE])


def read_actors(connection: Connection, matches: Collection[Key]) -> "pd.DataFrame":
    """Who took what at the shots of some matches: keeper and opponents who change anything.

    Returns
    -------
    DataFrame
        ``shot_key, provider, player_id, player, is_keeper, takes`` (xG taken away; below 0: given),
        ``more_without_him`` (how much more the xG would be without him; for the keeper, with an ordinary one),
        ``is_ordinary`` (the model has seen scenes like the one without him).
    """
    actors = read_frame(
        connection,
        f"""select l.shot_key, s.provider, q.player_id, coalesce(p.short_name, p.name) as player, a.is_keeper,
                  -a.value as takes, a.removed_xg as more_without_him, a.is_ordinary
           from ({_LATEST}) l
           join shot_actor a using (features_key, model_version)
           join shot s using (shot_key)
           join shot_position q on q.shot_key = l.shot_key and q.person_n = a.person_n
           left join player p on (p.provider, p.player_id) = (s.provider, q.player_id)
           order by l.shot_key, a.person_n""",  # noqa: S608
        key_lists(matches),
    )
    return with_common_names(actors, "player")


def read_seen(connection: Connection, matches: Collection[Key]) -> "pd.DataFrame":
    """Who is seen in the frames of the shots of some matches, beside the shooter.

    Returns
    -------
    DataFrame
        ``shot_key, provider, player_id, is_teammate`` (of the shooter)``, is_keeper``; only people with a name or id.
    """
    return read_frame(
        connection,
        f"""select s.shot_key, s.provider, q.player_id, q.is_teammate, q.is_keeper
            from shot s join shot_position q using (shot_key)
            where {OF_MATCHES} and s.withdrawn_at is null and q.player_id is not null
            order by s.shot_key, q.person_n""",  # noqa: S608
        key_lists(matches),
    )


def read_incidents(connection: Connection, matches: Collection[Key]) -> "pd.DataFrame":
    """Cards and substitutions of some matches, where their feeds tell of any.

    Returns
    -------
    DataFrame
        ``provider, match_id, kind, team_id, player_id, player, replacement_id, replacement, period, minute, second``.
    """
    incidents = read_frame(
        connection,
        f"""select s.provider, s.match_id, s.kind, s.team_id, s.player_id, coalesce(p.short_name, p.name) as player,
                  s.replacement_id, coalesce(r.short_name, r.name) as replacement, s.period, s.minute, s.second
           from match_incident s
           left join player p on (p.provider, p.player_id) = (s.provider, s.player_id)
           left join player r on (r.provider, r.player_id) = (s.provider, s.replacement_id)
           where {OF_MATCHES}
           order by s.provider, s.match_id, s.period, s.minute, s.second, s.incident_n""",  # noqa: S608
        key_lists(matches),
    )
    return with_common_names(incidents, "player", "replacement")


def read_own_goals_by_id(connection: Connection, matches: Collection[Key]) -> "pd.DataFrame":
    """Goals that are nobody's shot: ``provider, match_id, team_id`` (that they count for)``, team, player_id, player,
    minute``, and ``period, second`` where known.
    """
    goals = read_frame(
        connection,
        f"""select s.provider, s.match_id, s.team_id, t.name as team, s.player_id,
                  coalesce(p.short_name, p.name) as player, s.minute, s.period, s.second
           from own_goal s
           join team t using (provider, team_id)
           left join player p on (p.provider, p.player_id) = (s.provider, s.player_id)
           where {OF_MATCHES}
           order by s.provider, s.match_id, s.minute, s.goal_n""",  # noqa: S608
        key_lists(matches),
    )
    return with_common_names(goals, "player")
