"""A service small enough to start in a moment: what the stack's own tests supervise."""
