"""Clients: machines that get tokens by their own credentials."""
