"""The DAGs, for the DAG folder of an Airflow of one's own: a file there needs one line.

    from xgoals.dags import approval, backfill, maintenance, pipeline  # for Airflow

Airflow looks into a file only if both words, *dag* and *airflow*, stand in it; hence the comment.
"""

from importlib import import_module

from xgoals.settings import asset_folder

__path__.append(str(asset_folder("dags")))  # the files that a checkout has at its top

approval = import_module(f"{__name__}.xgoals_approval").approval
backfill = import_module(f"{__name__}.xgoals_backfill").backfill
maintenance = import_module(f"{__name__}.xgoals_maintenance").maintenance
pipeline = import_module(f"{__name__}.xgoals_pipeline").pipeline

__all__ = ["approval", "backfill", "maintenance", "pipeline"]
