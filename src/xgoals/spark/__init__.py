"""The same work on many machines: feed files to archives, features, explanations and boosters by Spark.

Everything here is the pure functions of the other rooms, handed to executors a partition at a time. Spark is an extra
(``pip install 'xgoals[spark]'``) and is imported nowhere else; executors need neither Airflow nor a database.
"""
