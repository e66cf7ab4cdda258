"""Assigned territories: which organizations an act assigns an address to."""
