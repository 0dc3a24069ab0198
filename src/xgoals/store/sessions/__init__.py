"""Sessions of the database: those that fall silent, and what is said of one that is not to be had."""
