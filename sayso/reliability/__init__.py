"""How far sources can be relied on: truth discovery with intervals, and track records."""
