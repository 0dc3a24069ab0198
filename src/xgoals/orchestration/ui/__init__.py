"""What xgoals adds to Airflow's UI: reports as pages, tabs and buttons, and JSON beside them."""
