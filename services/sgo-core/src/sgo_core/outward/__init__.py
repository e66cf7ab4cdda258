"""What left the registry, told without names to the registry of all outward exchanges (regulation 3.2)."""
