"""xG for a table of one's own shots: a CSV file as a spreadsheet writes it, in and out."""
