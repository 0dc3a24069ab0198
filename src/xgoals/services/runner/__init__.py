"""``xgoals run``: one run of the DAG, by the services or in a process of its own, followed to its end."""
