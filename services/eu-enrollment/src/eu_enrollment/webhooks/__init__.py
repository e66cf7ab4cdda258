"""Signed notices of changes to a portal's own address, by Standard Webhooks 1.0: exactly what the feed tells, retried until taken."""
