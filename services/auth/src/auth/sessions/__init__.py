"""Sessions: sign-in with throttling, rotating refresh tokens, a person's own password."""
