"""Reading any file without being told how it is written: what kind it is, where its tables are, with the evidence."""
