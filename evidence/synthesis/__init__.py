"""Numbers only: takes tables, returns frozen results. Draws nothing, reads no file."""
