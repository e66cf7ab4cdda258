"""A service's own copy of organizations and groups, kept by events."""
