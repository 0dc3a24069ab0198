"""The shell of every page, the index, and what stands on all of them."""
