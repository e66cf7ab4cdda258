"""Russian identifiers: check, normalise, mask."""
