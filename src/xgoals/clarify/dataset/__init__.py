"""Files of a dataset, each format read into the same columns."""
