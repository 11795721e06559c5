"""Metrics, suites, baselines and benchmarks."""
