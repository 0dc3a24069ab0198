"""What was published: the numbers that stay, with the explanations that belong to them."""

from collections.abc import Collection
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from xgoals.store.database import read_frame
from xgoals.store.explanations import OF_MATCHES, definitions_of, key_lists, widened

if TYPE_CHECKING:
    import pandas as pd


def read_published_otherwise(
    connection: Connection, model_version: str, matches: Collection[tuple[str, str]]
) -> "dict[str, pd.DataFrame]":
    """The published numbers of some matches that are not this model's of today, with their explanations.

    A shot's latest publication counts. It is another model's where a later champion came, and rests on other
    feature values where the shot is being corrected.

    Returns
    -------
    dict
        By the version of the model that published them: ``shot_key, model_version, xg, base_value``, and that
        model's features, ``shap_<feature>`` and ``group_<group>``.
    """
    frame = read_frame(
        connection,
        f"""select l.shot_key, l.model_version, l.xg, e.base_value, f.feature_values, e.shap_values, e.group_values
           from (select distinct on (x.shot_key) x.* from shot s join shot_xg x using (shot_key)
                 where x.publication is not null and {OF_MATCHES}
                 order by x.shot_key, x.publication desc) l
           join shot_feature f using (features_key)
           join shot_explanation e using (features_key, model_version)
           join shot s on s.shot_key = l.shot_key and s.withdrawn_at is null
           where l.model_version <> :version or not f.is_current
           order by l.shot_key""",  # noqa: S608
        {"version": model_version} | key_lists(matches),
    )
    return {
        str(version): widened(part.reset_index(drop=True), definitions_of(connection, str(version)))
        for version, part in frame.groupby("model_version")
    }
