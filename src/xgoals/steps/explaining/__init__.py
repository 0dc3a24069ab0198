"""What `explain` is made of: a model that is asked for its reasons, summaries that are kept up to date, drift."""
