"""What has come in: files seen, matches found and stored from which files, what was left out, what inboxes report."""
