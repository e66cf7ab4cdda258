"""The event log: everything the service was ever told, in the order it came."""
