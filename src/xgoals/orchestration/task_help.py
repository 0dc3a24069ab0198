"""What an operator reads about a task of the pipeline: in the UI under *Details*, below the task's own sentence.

It stands here so that the DAG file can be read aloud; `xgoals.orchestration.tasks.step` puts the two together. All of
it is Markdown.
"""

TASK_HELP = {
    "find_approval_due": """\
**Red** means that the database does not answer. *What to do:* `xgoals status`, then clear this task.""",
    "find_matches": """\
What can be attributed to no match, and what contradicts what is stored, goes into quarantine; that does
not make this task red. **Red** means that the source as a whole cannot be read (no such folder, nothing
in it), that a match that was asked for is not in it, or that the database does not answer.

*What to do:* look at the path in the last line of the log; is the drive mounted, may the user read it?
`xgoals status` says whether the database runs. Then clear this task.""",
    "ingest": """\
A match that cannot be read is put into quarantine with its reason, and makes **its** square red; the
others, and the tasks after this one, go on without it. **Red** means that a match is broken (as long as
nothing changes, the next runs only mention it), or that the database does not answer. *This worker does not see the
files* means that another machine has found them: nothing is wrong with the match.

*What to do:* the last line of the log names the file, the place and the advice. Mend or replace the
file: in the inbox it is read by itself within half a minute where the watcher runs; elsewhere clear this square, and
the match is read and taken in by the tasks after it.""",
    "build_features": """\
**Red** means a bug of ours, or that the database does not answer: no input file can do it, those are
judged by `ingest`.

*What to do:* `xgoals status`; then clear this task. If it stays red, report the log.""",
    "train": """\
**Red** means that there is no champion yet and too little data for a first one.

*What to do:* ingest more matches (the log says how many are needed and how many there are), or lower
`training.min_matches` and `training.min_goals` in `xgoals.toml`. What was ingested stays.""",
    "register": """\
A refused promotion is a result, not a failure. **Red** means that there is no champion yet and the first
model was refused (the log has the figures; what was ingested stays, and nothing is published), that a model's
bytes in the registry do not match their checksum, or that the database does not answer.

*What to do:* for a first model, mostly more matches; else `xgoals models list`, `xgoals models rollback` to an
intact version; then clear this task.""",
    "compute_baseline": """\
**Red** means that the rows that the champion was trained on are gone, or that the database does not
answer.

*What to do:* restore the database from a backup, or ingest the matches again; then clear this task.""",
    "explain": """\
**Red** means that the parts of an explanation do not add up to its prediction. Nothing is stored then.

*What to do:* this is a bug of ours: report the log. Until then `xgoals models rollback` brings back the
champion of before; clear this task after that.""",
    "report": """\
**Red** means that the disk is full or the reports folder cannot be written. A mail that cannot be sent
is a warning in the log, and is sent later: `xgoals notifications list`.

*What to do:* make room in `XGOALS_HOME/reports`; then clear this task.""",
}
