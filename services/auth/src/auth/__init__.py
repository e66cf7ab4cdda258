"""Accounts, credentials, positions, sessions and tokens."""
