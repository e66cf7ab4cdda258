"""Accounts: who may sign in, by what password, and since when older tokens are no longer good."""
