"""Domain-free runtime shared by the services."""
