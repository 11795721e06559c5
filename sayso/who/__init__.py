"""Who the sources are: one name for each across articles."""
