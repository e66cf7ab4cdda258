"""Forms built from facts: frozen, checked, kept unchanged."""
