"""What is true of the data: contracts, rules, the gate, quarantine, expectations. Imports nothing of `pipelines`."""
