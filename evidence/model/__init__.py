"""What a data set is: its dictionary, its tables, selections of it."""
