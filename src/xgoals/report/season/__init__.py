"""The page of a season: the table and the expected table, trends, finishing and luck, extremes."""
