"""Features: scenes in, one row of 17 numbers a shot out. Pure and vectorised, no I/O."""
