"""What keeps the system well beside the pipeline: search for parameters, cleaning, backups."""
