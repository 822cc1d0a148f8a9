"""Read, check and hold the tables."""
