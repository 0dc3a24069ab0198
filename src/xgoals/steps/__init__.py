"""The pipeline's steps: one module a DAG task, named as the task; each of them load, compute, check, save.

Every step is a transaction that can be repeated: the same input gives the same rows. The DAG and the command
line call the same functions. A step returns an id, never data.
"""
