"""Numbers only: takes tables, returns tables or small frozen results. Draws nothing, reads no file."""
