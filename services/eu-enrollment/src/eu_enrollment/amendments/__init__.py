"""Amendments: what a family changes of its application, and whether the original date stays with it."""
