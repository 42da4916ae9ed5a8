"""From a centre's files to text rows, then to typed rows that passed the gate."""
