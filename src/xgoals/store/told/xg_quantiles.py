"""How a model's numbers are spread over the shots that it has not seen: what a single shot is ranked in."""

from sqlalchemy import Connection, text

from xgoals.domain.scene import WITHOUT_POSITIONS

STEPS = 200
"""Quantiles in steps of half a percent."""


def read_xg_quantiles(
    connection: Connection, model_version: str, *, min_shots: int, asks_for_people: bool
) -> dict[str, list[float]]:
    """Quantiles of the out-of-fold numbers of a model's window, by kind of shot, penalties apart.

    Parameters
    ----------
    min_shots
        A kind with fewer shots has none.
    asks_for_people
        Whether the model knows where people stood, at the shots of which that is known.

    Returns
    -------
    dict
        ``"foot"``, ``"head"``, ``"free_kick"`` and ``"all"``, each with 201 numbers from the smallest to the largest;
        ``"foot without positions"`` and so on those of shots whose numbers know nobody's position.
    """
    rows = connection.execute(
        text(
            """with kinds as (
                   select o.xg, case when s.shot_type = 'free_kick' then 'free_kick'
                                     when s.body_part = 'head' then 'head'
                                     when s.body_part in ('right_foot', 'left_foot') then 'foot'
                                     else 'other' end as kind,
                          case when :asks and s.frame_source <> 'none' then '' else :without end as lacks
                   from out_of_fold o join shot s using (shot_key)
                   where o.model_version = :version and not s.is_penalty and s.withdrawn_at is null)
               select coalesce(kind, 'all') || lacks as kind, percentile_cont(cast(:shares as double precision[]))
                      within group (order by xg) as quantiles
               from kinds group by grouping sets ((kind, lacks), (lacks)) having count(*) >= :min_shots"""
        ),
        {
            "version": model_version,
            "shares": [n / STEPS for n in range(STEPS + 1)],
            "min_shots": min_shots,
            "asks": asks_for_people,
            "without": WITHOUT_POSITIONS,
        },
    )
    return {row.kind: list(row.quantiles) for row in rows if not row.kind.startswith("other")}
