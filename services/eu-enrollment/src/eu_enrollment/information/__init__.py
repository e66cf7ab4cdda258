"""Public information without login: organizations, programmes, free places, campaigns, open data. Nothing here is about a person."""
