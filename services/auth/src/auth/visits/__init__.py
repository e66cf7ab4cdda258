"""Visits: how many of those with a position worked in the system on a day, by role and unit. Nobody is named."""
