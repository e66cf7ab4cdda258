"""Local stack: servers, databases, processes, gateway."""
