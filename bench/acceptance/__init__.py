"""Parts of the acceptance bench: the bodies, the load generator, the bare handler."""
