"""Small data sets and networks for the demo, the tests and the benchmarks."""
