"""What predictions that had not seen the match say: the table for text pages, and clubs."""
