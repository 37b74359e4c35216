"""Tools for the developers of this library: the local cloud and the benchmarks."""
