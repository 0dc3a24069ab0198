"""What `report` writes: which matches get pages, what pages are written from, and where they lie."""
