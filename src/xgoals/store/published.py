"""What is published: the numbers that stay, with the explanations that belong to them."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Connection, text

from xgoals.store.database import read_frame
from xgoals.store.explanations import OF_MATCHES, SCORED_BY, definitions_of, key_lists, widened

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Publication:
    """What `publish` has done.

    Attributes
    ----------
    n_numbers
        How many numbers it has published.
    n_own_corrections
        How many of them replace a number whose model had learned from the match.
    """

    n_numbers: int
    n_own_corrections: int


@dataclass(frozen=True, slots=True)
class Honesty:
    """How many shots' numbers come from a model that has not seen the match.

    Attributes
    ----------
    n_published
        Shots with a published number.
    n_not_honest
        Those whose number comes from a model that has learned from the match.
    n_corrected
        Those that once had such a number, and have an honest one now.
    """

    n_published: int
    n_not_honest: int
    n_corrected: int


def publish(connection: Connection, model_version: str) -> Publication:
    """Publish this model's numbers where the shot has none, was corrected, or has a number that is not honest.

    A shot was corrected when its latest published number was computed from other feature values of the same catalogue.
    Where a correction is taken back, the number from before it is published again, as the latest one. A number is not
    honest when the model that said it had learned from the match; it is replaced once by one that is. All that may
    happen to a shot stands in docs/published-numbers.md; a test walks through it.

    Of each match of which something was published a page is owed from then on (``match_news``), and a word: but not
    where only numbers that were not honest were replaced. What mails have told of those counts as told anew.
    """
    published = connection.execute(
        text(
            """with latest as (
                   select distinct on (shot_key) shot_key, publication, features_key, model_version, sister, xg
                   from shot_xg where publication is not null
                   order by shot_key, publication desc),
               replaced as (
                   select distinct on (shot_key) shot_key, publication, xg from shot_xg_replaced
                   order by shot_key, publication desc),
               due as (
                   select n.features_key, greatest(l.publication, r.publication, 0) + 1 as publication,
                          coalesce(r.publication > coalesce(l.publication, 0) or p.is_current, false) as is_own,
                          case when r.publication > coalesce(l.publication, 0) then r.xg else l.xg end as told_xg
                   from shot_xg n
                   join shot_feature f using (features_key)
                   join shot s on s.shot_key = n.shot_key
                   left join latest l on l.shot_key = n.shot_key
                   left join replaced r on r.shot_key = n.shot_key
                   left join shot_feature p on p.features_key = l.features_key
                   left join model_match before on l.sister is null
                       and (before.model_version, before.provider, before.match_id)
                           = (l.model_version, s.provider, s.match_id)
                   left join model_match now on n.sister is null
                       and (now.model_version, now.provider, now.match_id)
                           = (n.model_version, s.provider, s.match_id)
                   where n.model_version = :version and f.is_current
                     and (l.publication is null or not p.is_current or r.publication > l.publication
                          or (before.model_version is not null and now.model_version is null))),
               done as (
                   update shot_xg x set publication = due.publication
                   from due
                   where x.model_version = :version and x.features_key = due.features_key
                   returning x.shot_key, x.xg, due.is_own, due.told_xg),
               known as (
                   select s.provider, s.match_id, s.shot_id, done.*, n.told -> s.shot_id as told
                   from done join shot s using (shot_key)
                   left join match_news n on (n.provider, n.match_id) = (s.provider, s.match_id)),
               owed as (
                   insert into match_news (provider, match_id, page, mail_due, told)
                   select provider, match_id, 'due', not bool_and(is_own),
                          jsonb_object_agg(shot_id, jsonb_set(told, '{1}', to_jsonb(xg)))
                              filter (where is_own and cast(told ->> 1 as double precision) = told_xg)
                   from known group by provider, match_id order by 1, 2
                   on conflict (provider, match_id) do update
                   set page = 'due', mail_due = match_news.mail_due or excluded.mail_due,
                       told = match_news.told || coalesce(excluded.told, '{}'))
               select count(*) as n_numbers, count(*) filter (where is_own) as n_own_corrections from done"""
        ),
        {"version": model_version},
    )
    return Publication(**published.one()._mapping)


def read_honesty(connection: Connection) -> Honesty:
    """How many of the published numbers are honest."""
    row = connection.execute(
        text(
            """with published as (
                   select x.shot_key, x.publication, x.sister is null and l.model_version is not null as has_seen
                   from shot_xg x
                   join shot s using (shot_key)
                   left join model_match l on x.sister is null
                       and (l.model_version, l.provider, l.match_id) = (x.model_version, s.provider, s.match_id)
                   where x.publication is not null and s.withdrawn_at is null
                   union all
                   select shot_key, publication, true from shot_xg_replaced join shot s using (shot_key)
                   where s.withdrawn_at is null),
               of_shot as (
                   select (array_agg(has_seen order by publication desc))[1] as has_seen, bool_or(has_seen) as ever
                   from published group by shot_key)
               select count(*) as n_published, count(*) filter (where has_seen) as n_not_honest,
                      count(*) filter (where ever and not has_seen) as n_corrected
               from of_shot"""
        )
    )
    return Honesty(**row.one()._mapping)


def who_published(connection: Connection, provider: str, match_id: str) -> dict[str, tuple[str, int]]:
    """Whose number is published for each shot of a match, by shot id: the version, and its sister (0: the champion)."""
    rows = connection.execute(
        text(
            """select distinct on (s.shot_key) s.shot_id, x.model_version, coalesce(x.sister, 0) as sister
               from shot s join shot_xg x using (shot_key)
               where x.publication is not null and (s.provider, s.match_id) = (:provider, :match_id)
               order by s.shot_key, x.publication desc"""
        ),
        {"provider": provider, "match_id": match_id},
    )
    return {row.shot_id: (row.model_version, row.sister) for row in rows}


def read_published_otherwise(
    connection: Connection, model_version: str, matches: Collection[tuple[str, str]]
) -> "dict[str, pd.DataFrame]":
    """The published numbers of some matches that are not this model's of today, with their explanations.

    A shot's latest publication counts. It is another model's where a later champion came, and rests on other
    feature values where the shot is being corrected.

    Returns
    -------
    dict
        By the version of the model that published them: ``shot_key, model_version, scored_by, sister,
        has_seen_match, xg, base_value``, and that model's features, ``shap_<feature>`` and ``group_<group>``.
    """
    frame = read_frame(
        connection,
        f"""select l.shot_key, l.model_version, l.scored_by, coalesce(l.sister, 0)::int as sister,
                  l.sister is null and seen.model_version is not null as has_seen_match, l.xg, e.base_value,
                  f.feature_values, e.shap_values, e.group_values
           from (select distinct on (x.shot_key) x.*, {SCORED_BY} as scored_by
                 from shot s join shot_xg x using (shot_key)
                 where x.publication is not null and {OF_MATCHES}
                 order by x.shot_key, x.publication desc) l
           join shot_feature f using (features_key)
           join shot_explanation e using (features_key, model_version)
           join shot s on s.shot_key = l.shot_key and s.withdrawn_at is null
           left join model_match seen
               on (seen.model_version, seen.provider, seen.match_id) = (l.model_version, s.provider, s.match_id)
           where l.model_version <> :version or not f.is_current
           order by l.shot_key""",  # noqa: S608
        {"version": model_version} | key_lists(matches),
    )
    return {
        str(version): widened(part.reset_index(drop=True), definitions_of(connection, str(version)))
        for version, part in frame.groupby("model_version")
    }
