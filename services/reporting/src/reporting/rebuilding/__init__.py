"""Makes all facts anew from the log, beside the running service."""
