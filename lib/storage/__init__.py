"""The database: which one, how transactions begin and end, and how its schema is brought up to date."""
