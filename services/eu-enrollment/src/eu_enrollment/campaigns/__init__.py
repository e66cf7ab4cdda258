"""Campaigns of a municipality and the rules, kept as data, by which each one is run."""
