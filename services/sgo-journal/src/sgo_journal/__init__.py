"""Rosters, lessons, marks, attendance, diary."""
