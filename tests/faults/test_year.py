import json, os
from dataclasses import asdict
from warm import Started
from year import Plan, live

def test_year(home):
    n = int(os.environ.get("NIGHTS", "30"))
    plan = Plan(n, int(os.environ.get("MD", "4")), int(os.environ.get("UNTIL", str(n))), os.environ.get("MAIL", "1") == "1")
    env = {**home.env, "XGOALS_TRAINING__MIN_MATCHES": "20", "XGOALS_EMAIL__RECIPIENTS": '["a@example.org","b@example.org"]', "XGOALS_LIMITS__REASONS_MINUTES": "0", **{f"XGOALS_RETENTION__{x}_DAYS": "30" for x in ("REPORTS","CLIPS","OUTBOX","LOGS","RUNS","CHALLENGERS")}}
    nights = Started(live, plan, env=env).wait(3000).result()
    from pathlib import Path; Path(os.environ.get("OUT", "/tmp/xg/h18/load/year.json")).write_text(json.dumps([asdict(x) for x in nights]))
    for x in nights[:: max(1, n//20)]:
        print(x.night, round(x.seconds,2), round(x.rss_mb), x.n_files, x.n_threads, x.n_sessions, sum(x.table_bytes.values())//1000, x.folder_bytes)
