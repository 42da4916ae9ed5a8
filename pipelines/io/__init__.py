"""The only code that opens files, connections and the network."""
