"""Airflow, imported by these tests, keeps its files in a temporary folder."""

import os
import tempfile

os.environ.setdefault("AIRFLOW_HOME", tempfile.mkdtemp(prefix="xgoals-airflow-"))
