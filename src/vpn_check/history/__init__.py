"""What polls leave behind, in SQLite or PostgreSQL: append and ask."""
