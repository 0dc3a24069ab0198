drop table xgoals.match_news;
