"""A service just large enough to test the runtime with: one table, a few routes, both sides of the broker."""
