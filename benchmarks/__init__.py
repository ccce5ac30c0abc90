"""
Measurements beside peers; docs/benchmarks.md has the figures.
"""
