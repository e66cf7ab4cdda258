"""The queue: where an application stands, what moved it, what it may hope for, and why others were placed."""
