"""Grants: working positions given down the structure, and their history."""
