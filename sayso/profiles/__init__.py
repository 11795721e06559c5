"""Profiles of sources, outlets and claims over a corpus of scored statements."""
