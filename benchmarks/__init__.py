"""What the chain costs: wall time and memory, measured on whole processes, printed in docs/benchmarks.md."""
