"""Features in, a model and a verdict out. Pure: no files, no database."""
