"""Tools for the developers of this library: the benchmarks."""
