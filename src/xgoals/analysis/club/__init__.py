"""One club in one season, for and against: every statistic of a club's page, pure functions over the season's shots."""
