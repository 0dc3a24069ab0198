"""Open data from their homes: what `xgoals fetch` gets, file by file, or takes from files that were got otherwise."""
