"""Local services of one ``XGOALS_HOME``: embedded Postgres, Airflow's processes, and what starts and stops them."""
