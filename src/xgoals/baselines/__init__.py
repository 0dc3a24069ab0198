"""Rows that explanations start from, by the kind of each column: typical rows, clusters, samples, rows of one's own."""
