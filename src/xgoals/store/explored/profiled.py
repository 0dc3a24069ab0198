"""Shots as curves are drawn of them: their features, who they belong to, and who has not seen their match."""

from collections.abc import Collection
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from xgoals.domain.model import ModelVersion
from xgoals.store.database import read_frame
from xgoals.store.explanations import OF_MATCHES, key_lists
from xgoals.store.features import read_values_in_blocks
from xgoals.store.sisters import JOIN_SISTER, SISTER

if TYPE_CHECKING:
    import pandas as pd


def read_profiled(
    connection: Connection,
    model: ModelVersion,
    *,
    matches: Collection[tuple[str, str]] | None = None,
    team: tuple[str, str] | None = None,
    player: tuple[str, str] | None = None,
) -> "pd.DataFrame":
    """All shots without penalties that a model can speak of without having seen their match.

    Parameters
    ----------
    matches
        Only of these: provider and match id.
    team, player
        Only by these: provider and id.

    Returns
    -------
    DataFrame
        ``shot_key, provider, match_id, competition, season, match_date, team_id, team, opponent, player_id, player,
        body_part, shot_type, sister`` (0: the champion itself) and the model's features by name; by date, match, event.
    """
    conditions, parameters = (
        [],
        dict[str, object](
            version=model.model_version, catalogue=model.catalogue, catalogue_version=model.catalogue_version
        ),
    )
    if matches is not None:
        conditions.append(f"and {OF_MATCHES}")
        parameters |= key_lists(matches)
    for column, key in (("team_id", team), ("player_id", player)):
        if key is not None:
            conditions.append(f"and (s.provider, s.{column}) = (:{column}_provider, :{column})")
            parameters |= {f"{column}_provider": key[0], column: key[1]}
    who = JOIN_SISTER.replace("%(version)s", ":version")
    frame = read_frame(
        connection,
        f"""select f.shot_key, f.features_key, s.provider, s.match_id, m.competition, m.season, m.match_date,
                  s.team_id, t.name as team, o.name as opponent, s.player_id,
                  coalesce(p.short_name, p.name) as player, s.body_part, s.shot_type, {SISTER}::int as sister
           from shot_feature f join shot s using (shot_key)
           join match m using (provider, match_id)
           join team t on (t.provider, t.team_id) = (s.provider, s.team_id)
           join team o on o.provider = s.provider
               and o.team_id = case when s.team_id = m.home_team_id then m.away_team_id else m.home_team_id end
           left join player p on (p.provider, p.player_id) = (s.provider, s.player_id)
           {who}
           where f.is_current and (f.catalogue, f.catalogue_version) = (:catalogue, :catalogue_version)
             and s.withdrawn_at is null and not s.is_penalty
             and (mm.model_version is null or mm.sister is not null) {" ".join(conditions)}
           order by m.match_date, s.provider, s.match_id, s.event_n""",  # noqa: S608
        parameters,
    )
    keys = frame.pop("features_key").to_numpy(dtype="int64")
    values = read_values_in_blocks(connection, keys, model.feature_names)
    values.index = frame.index
    return frame.join(values)
