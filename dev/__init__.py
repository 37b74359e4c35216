"""What only the developers of this library use: the local cloud and the benchmarks."""
