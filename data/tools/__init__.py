"""Labels in and out of the tools that people label with."""
