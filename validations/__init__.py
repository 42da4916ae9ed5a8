"""What is true of the data: contracts, rules, the gate, expectations. It imports nothing of `pipelines`."""
