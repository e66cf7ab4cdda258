"""Admission orders over accepted places."""
