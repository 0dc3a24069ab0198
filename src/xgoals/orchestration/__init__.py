"""Everything about Airflow that is not the DAG itself: its settings, its processes, runs, and their news."""
