"""Seeded generator of a region, and the demo journey."""
