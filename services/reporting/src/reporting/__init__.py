"""Event log, facts, federal statistical forms."""
