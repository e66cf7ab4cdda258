"""Working lists: what waits for whom and until when, and the register of applications with filters."""
