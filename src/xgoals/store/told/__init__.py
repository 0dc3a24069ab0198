"""What pages and mails tell beside the numbers: circumstances, names as people know them, ranks."""
