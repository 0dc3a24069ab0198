"""Matches as pages, mails and lists name them: by competitions that are one provider's each."""

TOLD_MATCH = """(
    select provider, match_id,
           case when min(provider) over of_season <> max(provider) over of_season
                then competition || ' (' || provider || ')' else competition end as competition,
           season, matchday, stage, match_date, kick_off, home_team_id, away_team_id, home_score, away_score,
           status, is_simulated, fingerprint
    from match window of_season as (partition by competition, season))"""
"""In place of the table ``match``. Where two providers tell of a season of one name, each has a competition of its own:
"Premier League (wyscout)". Their teams and players are known by other ids, and a match that both tell of would count
twice in one table."""
