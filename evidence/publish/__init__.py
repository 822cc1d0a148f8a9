"""What leaves the house: printed tables, the codebook, executed notebooks."""
