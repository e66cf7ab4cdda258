"""Accounts, sessions, grants, tokens."""
