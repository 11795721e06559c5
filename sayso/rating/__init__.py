"""The NATO Admiralty scale, and the formats that carry it."""
