"""What the services agree on: event types, envelope, exchanges, roles. Imports nothing but pydantic."""
