"""Organizations and municipalities as units that reports are made of, by the service's own copy of the directory."""
