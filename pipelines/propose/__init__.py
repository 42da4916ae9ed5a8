"""A centre's file proposed from exports that nobody described: what each column holds, with a confidence for each."""
