"""Read and write the files of a data set."""
