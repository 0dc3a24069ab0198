"""One player's shots, the shots that one faced, and how unusual either is among all players that are looked at."""
