"""Airflow as a set of processes: its environment, its metadata database, its REST API, its records."""
