"""SQL behind the upkeep: backups and their proof, and what may go after a while."""
