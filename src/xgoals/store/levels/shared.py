"""What versions of the same trees share: a shot's explanation by the very same booster is the same, and is copied."""

from sqlalchemy import Connection, text

from xgoals.domain.model import ModelVersion
from xgoals.store.evaluations import COLUMNS, STEP_COLUMNS

_SAME = """
    with speaker as (
        select f.features_key, s.shot_key, coalesce(mm.sister, face.sister, 0) as sister
        from shot_feature f join shot s using (shot_key)
        left join model_match mm
            on (mm.model_version, mm.provider, mm.match_id) = (:version, s.provider, s.match_id)
        left join model_sister face
            on mm.model_version is null and face.model_version = :version and face.provider = s.provider
               and face.base = 0 and face.fold is null
        where f.is_current and (f.catalogue, f.catalogue_version) = (:catalogue, :catalogue_version)
          and not exists (select from shot_explanation e
                          where (e.features_key, e.model_version) = (f.features_key, :version))),
    booster as (
        select model_version, 0 as sister, sha256 from model_version
        union all select model_version, sister, sha256 from model_sister),
    same as (
        select distinct on (k.features_key) k.features_key, k.shot_key, k.sister, x.model_version, x.xg
        from speaker k
        join booster mine on (mine.model_version, mine.sister) = (:version, k.sister)
        join shot_xg x using (features_key)
        join model_version v on v.model_version = x.model_version and :parent in (v.model_version, v.parent)
        join booster its on (its.model_version, its.sister) = (x.model_version, coalesce(x.sister, 0))
                            and its.sha256 = mine.sha256
        join shot_explanation e on (e.features_key, e.model_version) = (x.features_key, x.model_version)
        where x.model_version <> :version
        order by k.features_key, x.model_version)"""


def copy_explanations(connection: Connection, model: ModelVersion, run_id: str) -> int:
    """Copy numbers and explanations that a version shares with another one of its trees; of how many shots.

    Their baselines are the same: that of the window which the trees have learned from.
    """
    if model.parent is None:
        return 0
    parameters = {
        "version": model.model_version,
        "parent": model.parent,
        "catalogue": model.catalogue,
        "catalogue_version": model.catalogue_version,
        "run_id": run_id,
    }
    n_copied = connection.scalar(
        text(
            f"""{_SAME},
                numbers as (
                    insert into shot_xg (features_key, shot_key, model_version, sister, xg, run_id)
                    select features_key, shot_key, :version, nullif(sister, 0), xg, :run_id from same
                    returning features_key),
                explanations as (
                    insert into shot_explanation (features_key, model_version, base_value, prediction, shap_values,
                                                  group_values)
                    select e.features_key, :version, e.base_value, e.prediction, e.shap_values, e.group_values
                    from same join shot_explanation e using (features_key, model_version)
                    returning features_key)
                select count(*) from numbers"""  # noqa: S608
        ),
        parameters,
    )
    return int(n_copied or 0)


def copy_evaluation(connection: Connection, model_version: str, parent: str) -> None:
    """Give a version the figures of its trees and their glass-box peer: over the window that they were trained on."""
    for table, names in (("model_evaluation", COLUMNS), ("glass_box_step", STEP_COLUMNS)):
        columns = ", ".join(names)
        connection.execute(
            text(
                f"""insert into {table} (model_version, {columns})
                    select :version, {columns} from {table} where model_version = :parent
                    on conflict do nothing"""  # noqa: S608
            ),
            {"version": model_version, "parent": parent},
        )
