"""What the registry answered to an admission: enrolled, or back to an operator."""
